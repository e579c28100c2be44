package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterruptIT {
    @Test
    void controlCCancelsTheQueryAndLeavesNothingHalfWritten(@TempDir Path folder) throws Exception {
        Path parent = Files.createDirectory(folder.resolve("out"));
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

        try (WatchService watch = parent.getFileSystem().newWatchService()) {
            parent.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            Process process = new ProcessBuilder(command)
                    .redirectError(folder.resolve("err").toFile())
                    .start();
            try {
                assertTrue(watch.poll(60, TimeUnit.SECONDS) != null, "no file is written");
                new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                        .start()
                        .waitFor();

                assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it goes on");
            } finally {
                process.destroyForcibly();
            }
            String err = Files.readString(folder.resolve("err"), StandardCharsets.UTF_8);
            assertEquals(1, process.exitValue(), err);
            assertTrue(err.contains("[QUERY_CANCELLED]"), err);
        }
        try (Stream<Path> left = Files.walk(parent)) {
            assertEquals(List.of(parent), left.toList());
        }
    }
}
