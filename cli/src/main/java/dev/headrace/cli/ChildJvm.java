package dev.headrace.cli;

import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// A program of the JDK that this one runs on, with its flags and class path, and the same input and output.
final class ChildJvm {
    private static final Signal INTERRUPT = new Signal("INT");
    private static final long SECONDS_TO_END = 30;

    private ChildJvm() {}

    /// The flags of this JVM without those that name its own files.
    static List<String> flags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-XX:AOT")
                        && !flag.startsWith("-agentlib")
                        && !flag.startsWith("-javaagent")
                        && !flag.startsWith("-Dsurefire"))
                .toList();
    }

    static String classPath() {
        return System.getProperty("java.class.path");
    }

    /// Runs it to its end. Ctrl-C, which a terminal sends to both, is for the program; this process ends when it does.
    /// What ends this process otherwise, such as SIGTERM, ends the program first.
    ///
    /// @param tool `java`, `jshell`
    /// @return its exit code; [ExitCode#INTERRUPTED] if this process is ending and it was not started
    static int run(String tool, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
        command.addAll(arguments);
        // The program does not inherit a handler, as it would that the signal is ignored.
        SignalHandler before = Signal.handle(INTERRUPT, _ -> {});
        try {
            return start(new ProcessBuilder(command).inheritIO()).waitFor();
        } catch (IllegalStateException ending) {
            return ExitCode.INTERRUPTED;
        } catch (IOException impossible) {
            throw new QueryException(
                    "CANNOT_START", "'" + command.getFirst() + "' can't be started: " + impossible + ".", impossible);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        } finally {
            Signal.handle(INTERRUPT, before);
        }
    }

    /// The hook that ends the program is there before it, and waits until it has been started, so that none outlives
    /// this process.
    ///
    /// @throws IllegalStateException if this process is ending; nothing is started then
    private static Process start(ProcessBuilder program) throws IOException {
        AtomicReference<Optional<Process>> started = new AtomicReference<>(Optional.empty());
        synchronized (started) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> endWhatIs(started), "end-program"));
            Process process = program.start();
            started.set(Optional.of(process));
            return process;
        }
    }

    private static void endWhatIs(AtomicReference<Optional<Process>> started) {
        synchronized (started) {
            started.get().ifPresent(ChildJvm::end);
        }
    }

    /// Ends the program, in order if it does not take too long, so that none is left that goes on writing.
    static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
