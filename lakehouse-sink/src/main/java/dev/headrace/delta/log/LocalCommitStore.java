package dev.headrace.delta.log;

import dev.headrace.errors.UnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// Commits in a directory of a local disk.
///
/// A commit is written under a name that no reader lists (it begins with a dot), forced to disk, and then linked to its
/// name. A hard link fails if the name is taken, in any process, which a rename does not; the file is whole before it
/// has its name. At last the directory is forced, so that the name outlives a power cut.
public final class LocalCommitStore implements CommitStore {
    private final Path directory;

    /// @param directory the table's `_delta_log`; made when the first commit is put
    public LocalCommitStore(Path directory) {
        this.directory = directory;
    }

    /// The name of a version's commit file, such as `00000000000000000017.json`.
    public static String fileName(long version) {
        return String.format(Locale.ROOT, "%020d.json", version);
    }

    @Override
    public String fileOf(long version) {
        return directory.resolve(fileName(version)).toString();
    }

    @Override
    public Optional<byte[]> read(long version) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(directory.resolve(fileName(version))));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    @Override
    public boolean exists(long version) {
        return Files.exists(directory.resolve(fileName(version)));
    }

    @Override
    public Put putIfAbsent(long version, byte[] bytes) throws IOException {
        Path file = directory.resolve(fileName(version));
        if (Files.exists(file)) {
            return Put.TAKEN;
        }
        Path unnamed = directory.resolve("." + fileName(version) + "." + UUID.randomUUID() + ".tmp");
        try {
            writeForced(unnamed, bytes);
            Files.createLink(file, unnamed);
        } catch (FileAlreadyExistsException taken) {
            return Put.TAKEN;
        } catch (UnsupportedOperationException noLinks) {
            throw new UnavailableException(
                    "DELTA_NO_HARD_LINKS",
                    directory + ": the file system has no hard links, without which two writers could overwrite each "
                            + "other's commits. Put the table on a local disk.",
                    noLinks);
        } finally {
            Files.deleteIfExists(unnamed);
        }
        force(directory);
        return Put.WRITTEN;
    }

    private void writeForced(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = openNew(file)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    private FileChannel openNew(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (NoSuchFileException noDirectory) {
            Files.createDirectories(directory);
            Path table = directory.toAbsolutePath().getParent();
            if (table != null) {
                force(table);
                forceParent(table);
            }
            return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }
    }

    /// Makes the name of a file or directory durable.
    public static void forceParent(Path fileOrDirectory) throws IOException {
        Path parent = fileOrDirectory.toAbsolutePath().getParent();
        if (parent != null) {
            force(parent);
        }
    }

    /// Makes durable what a file holds, or which names a directory holds. In a store, both are once a file is closed.
    public static void force(Path fileOrDirectory) throws IOException {
        if (!fileOrDirectory.getFileSystem().equals(FileSystems.getDefault())) {
            return;
        }
        try (FileChannel channel = FileChannel.open(fileOrDirectory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
