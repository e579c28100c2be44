package dev.headrace.engine;

import dev.headrace.errors.ResourceException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// What batches need of a checkpoint, its state and what its sources remember, in a temporary directory of its own.
///
/// @param directory deleted with this
record CheckpointCopy(Path checkpoint, Path directory, List<Path> more) implements AutoCloseable {
    private static final int TRIES = 5;

    /// All that batches need.
    ///
    /// @throws ResourceException `TEMPORARY_COPY_FAILED`
    static CheckpointCopy of(Path checkpoint) {
        return of(checkpoint, List.of("state", "sources"));
    }

    /// @throws ResourceException `TEMPORARY_COPY_FAILED`
    static CheckpointCopy of(Path checkpoint, List<String> folders) {
        try {
            CheckpointCopy copy =
                    new CheckpointCopy(checkpoint, Files.createTempDirectory("headrace-replay-"), new ArrayList<>());
            try {
                for (String folder : folders) {
                    copy.fill(folder, copy.directory().resolve(folder));
                }
                return copy;
            } catch (Throwable failed) {
                copy.close();
                throw failed;
            }
        } catch (IOException e) {
            throw failed(checkpoint, e);
        }
    }

    private static ResourceException failed(Path checkpoint, IOException e) {
        return new ResourceException(
                "TEMPORARY_COPY_FAILED",
                checkpoint + ": copying the state to a temporary directory failed: " + e.getMessage()
                        + ". Make room, or set java.io.tmpdir to a larger disk.",
                e);
    }

    /// Another copy of a folder.
    Path again(String folder) {
        try {
            Path other = Files.createTempDirectory("headrace-replay-");
            more.add(other);
            fill(folder, other);
            return other;
        } catch (IOException e) {
            throw failed(checkpoint, e);
        }
    }

    /// A query that runs may merge files meanwhile: those that it merged are copied again, with the result.
    private void fill(String folder, Path to) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                copyAll(checkpoint.resolve(folder), to);
                return;
            } catch (NoSuchFileException vanished) {
                if (attempt == TRIES) {
                    throw vanished;
                }
                delete(to);
            }
        }
    }

    private static void copyAll(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.toString().endsWith(".tmp")) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void delete(Path folder) {
        new CheckpointPlace(folder, Files.exists(folder)).deleteIfTemporary();
    }

    @Override
    public void close() {
        delete(directory);
        more.forEach(CheckpointCopy::delete);
    }
}
