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
        // Whatever runs the tests may ignore the signal, and its children with it.
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ChildJvm.flags());
        command.addAll(List.of("-classpath", ChildJvm.classPath(), "dev.headrace.cli.Start", "sql"));
        command.addAll(
                List.of("--output", "parquet", "--to", parent.resolve("numbers").toString()));
        command.addAll(List.of("-e", "SELECT id, id * 2 AS twice FROM range(1000000000000)"));
        return command;
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
                assertTrue(watch.poll(120, TimeUnit.SECONDS) != null, "no file is written");
                ending.end(process);
                assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it goes on");
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
        String line = command().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Path script = Files.writeString(folder.resolve("loop.sh"), "for i in 1 2; do " + line + "; echo next; done\n");
        ProcessBuilder terminal = new ProcessBuilder(
                "script",
                "--quiet",
                "--return",
                "--command",
                "/usr/bin/env --default-signal=INT bash '" + script + "'",
                "/dev/null");

        String printed = end(terminal, 130, process -> {
            process.getOutputStream().write(3);
            process.getOutputStream().flush();
        });
        assertTrue(printed.contains("[QUERY_CANCELLED]"), printed);
        assertFalse(printed.contains("next"), printed);
    }

    @Test
    void aSignalThatEndsItLeavesNothingHalfWritten() throws Exception {
        end(new ProcessBuilder(command()), 143, Process::destroy);
    }
}
