package dev.headrace.cli;

import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    /// @return its exit code
    static int run(String tool, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
        command.addAll(arguments);
        // The program does not inherit a handler, as it would that the signal is ignored.
        SignalHandler before = Signal.handle(INTERRUPT, _ -> {});
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process), "end-" + tool));
            return process.waitFor();
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
