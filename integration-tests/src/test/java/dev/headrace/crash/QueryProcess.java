package dev.headrace.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A process that runs a query, and can be killed and frozen.
///
/// @param output what it prints, and what earlier ones have printed
record QueryProcess(Process process, Path output) implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    static QueryProcess start(List<String> flags, String classPath, Class<?> main, Path output, Object... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx512m"));
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath, main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        return new QueryProcess(process, output);
    }

    String text() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until a file is there.
    void awaitFile(Path file) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(file)) {
            if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                close();
                throw new AssertionError("the query never came to where " + file + " is made:\n" + text());
            }
        }
    }

    /// Waits until something has happened.
    void await(CompletableFuture<Void> event) {
        CompletableFuture.anyOf(event, process.onExit())
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .exceptionally(_ -> null)
                .join();
        if (!event.isDone()) {
            close();
            throw new AssertionError("the query never came there:\n" + text());
        }
    }

    /// Waits until the process ends.
    ///
    /// @return its exit code
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            close();
            throw new AssertionError("the query has not ended:\n" + text());
        }
        return process.exitValue();
    }

    void awaitSuccess() throws InterruptedException {
        assertEquals(0, awaitEnd(), this::text);
    }

    /// Stops the process where it stands (SIGSTOP).
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /// Lets a frozen process go on (SIGCONT).
    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start();
        assertEquals(0, kill.waitFor());
    }

    /// Kills it (SIGKILL), and waits until it is gone.
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
