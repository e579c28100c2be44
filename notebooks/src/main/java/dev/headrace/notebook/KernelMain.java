package dev.headrace.notebook;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletableFuture;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;
import org.rapaio.jupyter.kernel.MainApp;
import org.rapaio.jupyter.kernel.channels.Channels;
import org.rapaio.jupyter.kernel.core.ConnectionProperties;
import org.rapaio.jupyter.kernel.core.RapaioKernel;
import org.rapaio.jupyter.kernel.core.Transform;
import sun.misc.Signal;

/// The process of the kernel: Jupyter starts it with the file that says where to listen.
///
/// It answers Jupyter before it has prepared the session; the first cell waits for that. Everything ends with the
/// process: the streaming queries are stopped and the session is closed however Jupyter ends it, unless it is killed.
public final class KernelMain {
    private static final String LOGGING = "handlers=java.util.logging.ConsoleHandler\n.level=WARNING\n";

    private KernelMain() {}

    public static void main(String[] args) throws IOException, GeneralSecurityException, InterruptedException {
        System.setProperty("java.awt.headless", "true");
        LogManager.getLogManager()
                .readConfiguration(new ByteArrayInputStream(LOGGING.getBytes(StandardCharsets.UTF_8)));
        CompletableFuture<Void> session = CompletableFuture.runAsync(KernelStart::warmUp);
        RapaioKernel kernel = MainApp.kernel;
        Channels channels =
                new Channels(Transform.fromJson(Files.readString(Path.of(args[0])), ConnectionProperties.class));
        CompletableFuture<Void> ready =
                CompletableFuture.runAsync(() -> KernelStart.prepare(kernel)).thenCombine(session, (a, _) -> a);
        KernelParts parts = new KernelParts(kernel, channels);
        Cells cells = Cells.install(parts, ready);
        Signal.handle(new Signal("INT"), _ -> cells.interrupt());
        Runtime.getRuntime().addShutdownHook(new Thread(Notebook::close, "notebook-close"));
        endWithParent(System.getenv("JPY_PARENT_PID"));
        parts.connect(cells::execute, cells::interrupt);
        parts.awaitShutdown();
        System.exit(0);
    }

    /// A kernel whose Jupyter has been killed ends, too.
    private static void endWithParent(@Nullable String parent) {
        if (parent != null && parent.matches("[0-9]+") && Long.parseLong(parent) > 1) {
            ProcessHandle.of(Long.parseLong(parent))
                    .ifPresentOrElse(jupyter -> jupyter.onExit().thenRun(() -> System.exit(0)), () -> System.exit(0));
        }
    }
}
