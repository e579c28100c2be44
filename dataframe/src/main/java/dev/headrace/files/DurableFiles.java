package dev.headrace.files;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/// Files that outlast a power cut.
public final class DurableFiles {
    private DurableFiles() {}

    /// Writes a file so that it is there whole or, if the process ends before this returns, perhaps not at all. A file
    /// of that name is replaced.
    public static void write(Path file, String text) throws IOException {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
        Path unfinished = directory.resolve("." + file.getFileName() + ".tmp");
        Files.writeString(unfinished, text);
        force(unfinished);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(directory);
    }

    /// Makes a directory, and those above it that are not there.
    public static void createDirectories(Path directory) throws IOException {
        Path above = directory.toAbsolutePath().getParent();
        if (above == null || Files.isDirectory(directory)) {
            return;
        }
        createDirectories(above);
        Files.createDirectories(directory);
        force(above);
    }

    /// Whether a path is on a disk of this machine's, where names must be forced to last, and directories are renamed
    /// whole; else it is in a store.
    public static boolean isLocal(Path path) {
        return path.getFileSystem().equals(FileSystems.getDefault());
    }

    /// Makes what was written to a file, or the names in a directory, outlast a power cut. In a store, what has been
    /// closed does. An interrupt does not end it, as whoever is between two renames could not tell what is done: the
    /// thread is still interrupted afterwards.
    public static void force(Path path) throws IOException {
        if (!isLocal(path)) {
            return;
        }
        boolean interrupted = false;
        try {
            while (!forceUnlessInterrupted(path)) {
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean forceUnlessInterrupted(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
            return true;
        } catch (ClosedByInterruptException _) {
            return false;
        }
    }
}
