package dev.headrace.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Directories below a target that staged ones take the places of, one after the other: each old one is moved aside,
/// and the new one to its place.
///
/// A process that is killed in between leaves a place empty. So what is aside lies in `_replaced/<partition>/_rows` of
/// the staging directory until all new ones are in, and the next write puts back what is missing ([#putBackAll]). It is
/// missing as long as its partition is still in the staging directory, for which an empty one stands if there are no
/// new rows. Another write may have made the place meanwhile: its files stay.
///
/// A file lock tells whether the process that has moved it still runs. Without a lock file nobody can tell, as where
/// the file system has no locks: then it is left where it is.
final class ReplacedPartitions {
    private static final String ASIDE = "_replaced";
    private static final String ROWS = "_rows";
    private static final String LOCK = ".lock";

    /// File locks are between programs.
    private static final Set<Path> OF_THIS_PROGRAM = ConcurrentHashMap.newKeySet();

    private final Path target;
    private final Path staging;
    private final Moves moves;
    private final Locks locks;

    /// Gives a directory another name.
    @FunctionalInterface
    interface Moves {
        Moves ATOMIC = (from, to) -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);

        void move(Path from, Path to) throws IOException;
    }

    /// Holds a file until it is closed.
    @FunctionalInterface
    interface Locks {
        Locks OF_FILES = FileChannel::tryLock;

        /// @throws IOException where the file system has no locks
        void lock(FileChannel file) throws IOException;
    }

    /// @param staging where the new directories are, below the same names; its own name is in that of each new file
    ReplacedPartitions(Path target, Path staging, Moves moves, Locks locks) {
        this.target = target;
        this.staging = staging;
        this.moves = moves;
        this.locks = locks;
    }

    /// Whether a staging directory holds what could not be put back.
    static boolean isAsideIn(Path staging) {
        return Files.exists(staging.resolve(ASIDE));
    }

    /// Puts all directories in, which may be none where one is to go; if one can't be, everything is as it was.
    ///
    /// @param partitions relative to the target; none is in another
    void replace(List<Path> partitions) throws IOException {
        Path known = staging.toRealPath();
        OF_THIS_PROGRAM.add(known);
        try (FileChannel _ = locked()) {
            Set<Path> changed = new LinkedHashSet<>();
            List<Path> in = new ArrayList<>();
            try {
                for (Path partition : partitions) {
                    swap(partition, in, changed);
                }
                for (Path directory : changed) {
                    DurableFiles.force(directory);
                }
                if (isAsideIn(staging)) {
                    // From here on it is not put back, half deleted as it may be.
                    moves.move(staging.resolve(ASIDE), staging.resolve("_deleted"));
                }
            } catch (IOException failed) {
                takeBack(in, failed);
                throw failed;
            }
        } finally {
            OF_THIS_PROGRAM.remove(known);
        }
    }

    private FileChannel locked() throws IOException {
        Path path = staging.resolve(LOCK);
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            locks.lock(file);
        } catch (IOException _) {
            // There are no locks here, such as on NFS without its lock service.
            file.close();
            Files.delete(path);
        }
        return file;
    }

    private void swap(Path partition, List<Path> in, Set<Path> changed) throws IOException {
        Path place = target.resolve(partition);
        Path coming = staging.resolve(partition);
        boolean hasRows = Files.isDirectory(coming);
        Files.createDirectories(coming);
        if (Files.isDirectory(place)) {
            Path aside = staging.resolve(ASIDE).resolve(partition);
            Files.createDirectories(aside);
            moves.move(place, aside.resolve(ROWS));
        }
        if (hasRows) {
            Files.createDirectories(OutputDirectory.parent(place));
            moves.move(coming, place);
            in.add(partition);
        }
        for (Path above = OutputDirectory.parent(place);
                above.startsWith(target);
                above = OutputDirectory.parent(above)) {
            changed.add(above);
        }
    }

    private void takeBack(List<Path> in, IOException failed) {
        try {
            List<IOException> failures = new ArrayList<>();
            for (Path partition : in) {
                try {
                    Files.createDirectories(staging.resolve(partition));
                    takeOut(target.resolve(partition), staging);
                } catch (IOException alsoFailed) {
                    failures.add(alsoFailed);
                }
            }
            failures.addAll(putBack(target, staging));
            failures.forEach(failed::addSuppressed);
            if (failures.isEmpty()) {
                OutputDirectory.deleteTree(staging.resolve(ASIDE));
            }
        } catch (IOException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    /// Deletes what the write has put into a partition; another one may have added files to it.
    private static void takeOut(Path place, Path staging) throws IOException {
        String id = Objects.requireNonNull(staging.getFileName()).toString();
        List<Path> files = new ArrayList<>(OutputDirectory.filesBelow(place));
        files.removeIf(file -> !file.getFileName().toString().contains(id));
        for (Path file : files) {
            Files.delete(file);
            for (Path above = OutputDirectory.parent(file);
                    above.startsWith(place) && isEmpty(above);
                    above = OutputDirectory.parent(above)) {
                OutputDirectory.deleteIfEmpty(above);
            }
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.findAny().isEmpty();
        }
    }

    /// Puts back what processes that were killed have left aside, beside what has come to its place.
    ///
    /// @param temporary what the staging directories lie in
    static void putBackAll(Path target, Path temporary) throws IOException {
        if (!Files.isDirectory(temporary)) {
            return;
        }
        List<Path> left;
        try (Stream<Path> all = Files.list(temporary)) {
            left = all.filter(ReplacedPartitions::isAsideIn).toList();
        }
        for (Path staging : left) {
            Path known;
            try {
                known = staging.toRealPath();
            } catch (NoSuchFileException _) {
                // Its process has just come to its end.
                continue;
            }
            // First of all: to close a lock file of this program's gives up its lock.
            if (OF_THIS_PROGRAM.add(known)) {
                try {
                    putBackIfLeft(target, staging);
                } finally {
                    OF_THIS_PROGRAM.remove(known);
                }
            }
        }
    }

    private static void putBackIfLeft(Path target, Path staging) throws IOException {
        try (FileChannel file = FileChannel.open(staging.resolve(LOCK), StandardOpenOption.WRITE)) {
            if (isLeft(file) && isAsideIn(staging)) {
                List<IOException> failures = putBack(target, staging);
                if (!failures.isEmpty()) {
                    IOException first = failures.getFirst();
                    failures.stream().skip(1).forEach(first::addSuppressed);
                    throw first;
                }
                OutputDirectory.deleteTree(staging);
            }
        } catch (NoSuchFileException _) {
            // Its process has just come to its end, or works without a lock.
            return;
        }
    }

    /// Whether nobody holds a lock file any more. The lock is held from here on until the file is closed.
    private static boolean isLeft(FileChannel file) {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            return false;
        } catch (IOException _) {
            // There are no locks here, so nobody knows.
            return false;
        }
    }

    /// @return what went wrong; the other partitions are back
    private static List<IOException> putBack(Path target, Path staging) throws IOException {
        List<IOException> failures = new ArrayList<>();
        Path aside = staging.resolve(ASIDE);
        for (Path rows : rowsIn(aside)) {
            Path partition = aside.relativize(OutputDirectory.parent(rows));
            if (Files.exists(staging.resolve(partition))) {
                try {
                    Path place = target.resolve(partition);
                    takeOut(place, staging);
                    putBackRows(rows, place);
                } catch (IOException failed) {
                    failures.add(failed);
                }
            }
        }
        return failures;
    }

    private static List<Path> rowsIn(Path aside) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.exists(aside)) {
            Files.walkFileTree(aside, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    if (!directory.endsWith(ROWS)) {
                        return FileVisitResult.CONTINUE;
                    }
                    found.add(directory);
                    return FileVisitResult.SKIP_SUBTREE;
                }
            });
        }
        return found;
    }

    private static void putBackRows(Path rows, Path place) throws IOException {
        Path above = OutputDirectory.parent(place);
        Files.createDirectories(above);
        try {
            Files.move(rows, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException failed) {
            if (!Files.isDirectory(place)) {
                throw failed;
            }
            Set<Path> changed = new LinkedHashSet<>();
            for (Path file : OutputDirectory.filesBelow(rows)) {
                Path back = place.resolve(rows.relativize(file));
                Files.createDirectories(OutputDirectory.parent(back));
                // Not atomic, which would replace a file.
                Files.move(file, back);
                for (Path directory = OutputDirectory.parent(back);
                        directory.startsWith(place);
                        directory = OutputDirectory.parent(directory)) {
                    changed.add(directory);
                }
            }
            for (Path directory : changed) {
                DurableFiles.force(directory);
            }
        }
        DurableFiles.force(above);
    }
}
