package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterruptIT {
    @TempDir
    Path folder;

    private Path parent = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        parent = Files.createDirectory(folder.resolve("out"));
    }

    /// Writes a file without end into the folder.
    private List<String> command() {
        return command(
                "sql",
                "--output",
                "parquet",
                "--to",
                parent.resolve("numbers").toString(),
                "-e",
                "SELECT id, id * 2 AS twice FROM range(1000000000000)");
    }

    private static List<String> command(String... arguments) {
        // Whatever runs the tests may ignore the signal, and its children with it.
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ChildJvm.flags());
        command.addAll(List.of("-classpath", ChildJvm.classPath(), "dev.headrace.cli.Start"));
        command.addAll(List.of(arguments));
        return command;
    }

    /// Runs a program that writes files without end, two at once. If one has failed it says so, as on a busy machine a
    /// moment later, and goes on with another write.
    private List<String> program() throws IOException {
        Path program = Files.writeString(folder.resolve("Endless.java"), """
                import dev.headrace.DataFrame;
                import dev.headrace.Session;
                import java.util.concurrent.locks.LockSupport;

                class Endless {
                    public static void main(String[] out) throws InterruptedException {
                        try (Session session = Session.builder().getOrCreate()) {
                            Thread other = Thread.ofPlatform().start(() -> write(session, out[0] + "/b"));
                            write(session, out[0] + "/a");
                            other.join();
                        }
                    }

                    static void write(Session session, String folder) {
                        DataFrame numbers = session.range(1_000_000_000_000L).selectExpr("id", "id * 2 AS twice");
                        try {
                            numbers.write().parquet(folder);
                        } catch (RuntimeException cancelled) {
                            LockSupport.parkNanos(50_000_000);
                            System.err.println(cancelled.getMessage());
                            numbers.write().parquet(folder + "-again");
                        }
                    }
                }
                """);
        return command("run", program.toString(), parent.toString());
    }

    /// Runs a program, and ends it once a file is being written.
    ///
    /// @return what it has printed
    private String end(ProcessBuilder program, int expectedCode, Ending ending) throws Exception {
        Path printed = folder.resolve("printed");
        try (WatchService watch = parent.getFileSystem().newWatchService()) {
            parent.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            Process process = program.redirectErrorStream(true)
                    .redirectOutput(printed.toFile())
                    .start();
            try {
                assertTrue(watch.poll(300, TimeUnit.SECONDS) != null, "no file is written");
                ending.end(process);
                assertTrue(process.waitFor(300, TimeUnit.SECONDS), "it goes on");
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            assertEquals(expectedCode, process.exitValue(), Files.readString(printed, StandardCharsets.UTF_8));
        }
        try (Stream<Path> left = Files.walk(parent)) {
            assertEquals(List.of(parent), left.toList());
        }
        return Files.readString(printed, StandardCharsets.UTF_8);
    }

    @FunctionalInterface
    private interface Ending {
        void end(Process process) throws Exception;
    }

    @Test
    void controlCCancelsTheQueryAndLeavesNothingHalfWritten() throws Exception {
        String printed = end(
                new ProcessBuilder(command()),
                130,
                process -> new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                        .start()
                        .waitFor());
        assertTrue(printed.contains("[QUERY_CANCELLED]"), printed);
    }

    @Test
    void controlCEndsTheLoopOfAShell() throws Exception {
        String printed = end(inALoop(command()), 130, InterruptIT::pressControlC);
        assertTrue(printed.contains("[QUERY_CANCELLED]"), printed);
        assertFalse(printed.contains("next"), printed);
    }

    @Test
    void controlCInAProgramLeavesNothingHalfWritten() throws Exception {
        String printed = end(inALoop(program()), 130, InterruptIT::pressControlC);
        assertTrue(printed.contains("[QUERY_CANCELLED]"), printed);
    }

    @Test
    void aSignalThatEndsAProgramLeavesNothingHalfWritten() throws Exception {
        String printed = end(new ProcessBuilder(program()), 143, Process::destroy);
        assertTrue(printed.contains("[QUERY_CANCELLED]"), printed);
    }

    /// On a terminal.
    private ProcessBuilder inALoop(List<String> command) throws IOException {
        String line = command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Path script = Files.writeString(folder.resolve("loop.sh"), "for i in 1 2; do " + line + "; echo next; done\n");
        return new ProcessBuilder(
                "script",
                "--quiet",
                "--return",
                "--command",
                "/usr/bin/env --default-signal=INT bash '" + script + "'",
                "/dev/null");
    }

    private static void pressControlC(Process terminal) throws IOException {
        terminal.getOutputStream().write(3);
        terminal.getOutputStream().flush();
    }

    @Test
    void aSignalThatEndsItLeavesNothingHalfWritten() throws Exception {
        end(new ProcessBuilder(command()), 143, Process::destroy);
    }
}
