package dev.headrace.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Directories below a target that staged ones take the places of, one after the other: each old one is moved aside,
/// and the new one to its place.
///
/// A process that is killed in between leaves a place empty. So what is aside lies in `_replaced/<partition>/_rows` of
/// the staging directory until all new ones are in, and the next write puts back what is missing ([#putBackAll]). A
/// file lock tells whether the process that has moved it still runs.
final class ReplacedPartitions {
    private static final String ASIDE = "_replaced";
    private static final String ROWS = "_rows";
    private static final String LOCK = ".lock";

    /// File locks are between programs.
    private static final Set<Path> OF_THIS_PROGRAM = ConcurrentHashMap.newKeySet();

    private final Path target;
    private final Path staging;
    private final Moves moves;

    /// Gives a directory another name.
    @FunctionalInterface
    interface Moves {
        Moves ATOMIC = (from, to) -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);

        void move(Path from, Path to) throws IOException;
    }

    /// @param staging where the new directories are, below the same names
    ReplacedPartitions(Path target, Path staging, Moves moves) {
        this.target = target;
        this.staging = staging;
        this.moves = moves;
    }

    /// Whether a staging directory holds what could not be put back.
    static boolean isAsideIn(Path staging) {
        return Files.exists(staging.resolve(ASIDE));
    }

    /// Puts all directories in, which may be none where one is to go; if one can't be, everything is as it was.
    ///
    /// @param partitions relative to the target; none is in another
    void replace(List<Path> partitions) throws IOException {
        OF_THIS_PROGRAM.add(staging);
        try (FileChannel file = open(staging);
                FileLock _ = file.lock()) {
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
            OF_THIS_PROGRAM.remove(staging);
        }
    }

    private static FileChannel open(Path staging) throws IOException {
        return FileChannel.open(staging.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private void swap(Path partition, List<Path> in, Set<Path> changed) throws IOException {
        Path place = target.resolve(partition);
        Path coming = staging.resolve(partition);
        if (Files.isDirectory(place)) {
            Path aside = staging.resolve(ASIDE).resolve(partition);
            Files.createDirectories(aside);
            moves.move(place, aside.resolve(ROWS));
        }
        if (Files.isDirectory(coming)) {
            Files.createDirectories(OutputDirectory.parent(place));
            moves.move(coming, place);
            in.add(place);
        }
        for (Path above = OutputDirectory.parent(place);
                above.startsWith(target);
                above = OutputDirectory.parent(above)) {
            changed.add(above);
        }
    }

    private void takeBack(List<Path> in, IOException failed) {
        try {
            for (Path place : in) {
                OutputDirectory.deleteTree(place);
            }
            putBack(target, staging);
            OutputDirectory.deleteTree(staging.resolve(ASIDE));
        } catch (IOException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    /// Puts back what processes that were killed have left aside, where nothing has come to its place.
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
            if (OF_THIS_PROGRAM.add(staging)) {
                try {
                    putBackIfLeft(target, staging);
                } finally {
                    OF_THIS_PROGRAM.remove(staging);
                }
            }
        }
    }

    private static void putBackIfLeft(Path target, Path staging) throws IOException {
        try (FileChannel file = open(staging);
                FileLock lock = file.tryLock()) {
            if (lock != null && isAsideIn(staging)) {
                putBack(target, staging);
                OutputDirectory.deleteTree(staging);
            }
        } catch (NoSuchFileException _) {
            // Its process has just come to its end.
            return;
        }
    }

    private static void putBack(Path target, Path staging) throws IOException {
        Path aside = staging.resolve(ASIDE);
        if (!Files.exists(aside)) {
            return;
        }
        Files.walkFileTree(aside, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                if (!directory.endsWith(ROWS)) {
                    return FileVisitResult.CONTINUE;
                }
                Path place = target.resolve(aside.relativize(OutputDirectory.parent(directory)));
                if (!Files.exists(place)) {
                    Path above = OutputDirectory.parent(place);
                    Files.createDirectories(above);
                    Files.move(directory, place, StandardCopyOption.ATOMIC_MOVE);
                    DurableFiles.force(above);
                }
                return FileVisitResult.SKIP_SUBTREE;
            }
        });
    }
}
