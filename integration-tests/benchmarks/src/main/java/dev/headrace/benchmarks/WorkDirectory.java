package dev.headrace.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// Where a benchmark keeps its tables and checkpoints: gone when its process ends.
public final class WorkDirectory {
    private WorkDirectory() {}

    /// Makes a directory that is deleted, with what is in it, when the JVM ends.
    public static Path create() throws IOException {
        Path directory = Files.createTempDirectory("headrace-benchmark-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory), "delete " + directory));
        return directory;
    }

    /// The program may have deleted it itself.
    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("'" + directory + "' is left behind", failed);
        }
    }
}
