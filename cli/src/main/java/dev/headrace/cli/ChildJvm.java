package dev.headrace.cli;

import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A program of the JDK that this one runs on, with its flags and class path, and the same input and output.
final class ChildJvm {
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

    /// Runs it to its end.
    ///
    /// @param tool `java`, `jshell`
    /// @return its exit code
    static int run(String tool, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            return process.waitFor();
        } catch (IOException impossible) {
            throw new QueryException(
                    "CANNOT_START", "'" + command.getFirst() + "' can't be started: " + impossible + ".", impossible);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return 130;
        }
    }
}
