package dev.headrace.delta.kernel;

import dev.headrace.delta.log.LocalCommitStore;
import dev.headrace.delta.store.TablePaths;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/// Delta Kernel's view of the local disk, without Hadoop's file system, which starts slowly, and doesn't force to disk
/// what it writes; and of stores. Paths are absolute, and on the local disk without a scheme.
final class PathFileIO implements FileIO {
    @Override
    public CloseableIterator<FileStatus> listFrom(String path) throws IOException {
        Path from = TablePaths.of(path);
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(from.getParent())) {
            for (Path file : all) {
                if (name(file).compareTo(name(from)) >= 0) {
                    files.add(file);
                }
            }
        } catch (NoSuchFileException absent) {
            throw notFound(path, absent);
        } catch (DirectoryIteratorException broken) {
            throw new ReadFailedException(path, Objects.requireNonNull(broken.getCause()));
        } catch (IOException failed) {
            throw new ReadFailedException(path, failed);
        }
        files.sort((a, b) -> name(a).compareTo(name(b)));
        List<FileStatus> statuses = new ArrayList<>(files.size());
        for (Path file : files) {
            statusIfThere(file).ifPresent(statuses::add);
        }
        return iterator(statuses);
    }

    @Override
    public FileStatus getFileStatus(String path) throws IOException {
        return statusIfThere(TablePaths.of(path)).orElseThrow(() -> notFound(path, null));
    }

    @Override
    public String resolvePath(String path) {
        return TablePaths.of(path).toString();
    }

    @Override
    public boolean mkdirs(String path) throws IOException {
        Files.createDirectories(TablePaths.of(path));
        return true;
    }

    @Override
    public InputFile newInputFile(String path, long size) {
        return new PathInputFile(path, size);
    }

    @Override
    public OutputFile newOutputFile(String path) {
        Path file = TablePaths.of(path);
        return TablePaths.isLocal(file) ? new LocalOutputFile(file) : new StoreOutputFile(file);
    }

    @Override
    public boolean delete(String path) throws IOException {
        return Files.deleteIfExists(TablePaths.of(path));
    }

    @Override
    public Optional<String> getConf(String key) {
        return Optional.empty();
    }

    @Override
    public void copyFileAtomically(String from, String to, boolean overwrite) throws IOException {
        Path file = TablePaths.of(to);
        if (TablePaths.isLocal(file)) {
            publish(Files.copy(TablePaths.of(from), unnamed(file)), file, overwrite);
        } else {
            StoreOutputFile.write(file, Files.readAllBytes(TablePaths.of(from)), overwrite);
        }
    }

    /// A name beside `file` that no reader of a log lists.
    static Path unnamed(Path file) {
        return file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }

    /// Gives a whole, forced file its name, durably.
    static void publish(Path unnamed, Path file, boolean overwrite) throws IOException {
        if (overwrite) {
            Files.move(unnamed, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else {
            try {
                Files.createLink(file, unnamed);
            } finally {
                Files.deleteIfExists(unnamed);
            }
        }
        LocalCommitStore.forceParent(file);
    }

    static FileNotFoundException notFound(String path, @org.jspecify.annotations.Nullable Throwable cause) {
        FileNotFoundException notFound = new FileNotFoundException(path);
        notFound.initCause(cause);
        return notFound;
    }

    /// Empty if the file has been deleted since it was listed.
    static Optional<FileStatus> statusIfThere(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(FileStatus.of(
                    file.toString(),
                    attributes.size(),
                    attributes.lastModifiedTime().toMillis()));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException failed) {
            throw new ReadFailedException(file.toString(), failed);
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    static CloseableIterator<FileStatus> iterator(List<FileStatus> statuses) {
        Iterator<FileStatus> iterator = statuses.iterator();
        return new CloseableIterator<>() {
            @Override
            public boolean hasNext() {
                return iterator.hasNext();
            }

            @Override
            public FileStatus next() {
                return iterator.next();
            }

            @Override
            public void close() {}
        };
    }
}
