package dev.headrace.files;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplacedPartitionsTest {
    @TempDir
    Path target;

    private Path staging;
    private final List<Path> partitions = List.of(Path.of("k=1", "l=1"), Path.of("k=2"), Path.of("k=3"));
    private int moves;

    @BeforeEach
    void twoPartitionsAreThereAndThreeStaged() throws IOException {
        staging = target.resolve("_temporary/x");
        file(target.resolve("k=1/l=1/old"));
        file(target.resolve("k=2/old"));
        file(staging.resolve("k=1/l=1/new-x"));
        file(staging.resolve("k=2/new-x"));
        file(staging.resolve("k=3/new-x"));
    }

    private static void file(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.createFile(file);
    }

    @Test
    void newPartitionsTakeTheirPlaces() throws IOException {
        replacing(ReplacedPartitions.Moves.ATOMIC).replace(partitions);

        assertEquals("[k=1/l=1/new-x, k=2/new-x, k=3/new-x]", files());
        assertFalse(ReplacedPartitions.isAsideIn(staging));
    }

    /// Such as by kill -9, before a move.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | [k=1/l=1/old, k=2/old]",
                "1 | [k=1/l=1/old, k=2/old]",
                "2 | [k=1/l=1/new-x, k=2/old]",
                "3 | [k=1/l=1/new-x, k=2/old]",
                "4 | [k=1/l=1/new-x, k=2/new-x]",
                "5 | [k=1/l=1/new-x, k=2/new-x, k=3/new-x]"
            })
    void afterACrashNoPartitionIsMissing(int before, String left) throws IOException {
        ReplacedPartitions replacing = replacing((from, to) -> {
            if (moves++ == before) {
                throw new Killed();
            }
            ReplacedPartitions.Moves.ATOMIC.move(from, to);
        });
        assertThrows(Killed.class, () -> replacing.replace(partitions));

        ReplacedPartitions.putBackAll(target, target.resolve("_temporary"));

        assertEquals(left, files());
        assertFalse(Files.exists(staging));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void afterAFailureAllIsAsItWas(int before) throws IOException {
        ReplacedPartitions replacing = replacing((from, to) -> {
            if (moves++ == before) {
                throw new FileSystemException("no space");
            }
            ReplacedPartitions.Moves.ATOMIC.move(from, to);
        });
        assertThrows(FileSystemException.class, () -> replacing.replace(partitions));

        assertEquals("[k=1/l=1/old, k=2/old]", files());
        assertFalse(ReplacedPartitions.isAsideIn(staging));
    }

    @Test
    void aWriterThatStillRunsIsLeftAlone() throws IOException {
        replacing((from, to) -> {
                    ReplacedPartitions.putBackAll(target, target.resolve("_temporary"));
                    ReplacedPartitions.Moves.ATOMIC.move(from, to);
                })
                .replace(partitions);

        assertEquals("[k=1/l=1/new-x, k=2/new-x, k=3/new-x]", files());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | [k=1/l=1/appended, k=1/l=1/old, k=2/old]",
                "2 | [k=1/l=1/appended, k=1/l=1/new-x, k=2/old]",
                "3 | [k=1/l=1/appended, k=1/l=1/new-x, k=2/old]"
            })
    void afterACrashAnAppendToTheSamePlaceAndTheOldRowsAreThere(int before, String left) throws IOException {
        ReplacedPartitions replacing = replacing((from, to) -> {
            if (moves++ == before) {
                throw new Killed();
            }
            ReplacedPartitions.Moves.ATOMIC.move(from, to);
        });
        assertThrows(Killed.class, () -> replacing.replace(partitions));
        file(target.resolve("k=1/l=1/appended"));

        ReplacedPartitions.putBackAll(target, target.resolve("_temporary"));

        assertEquals(left, files());
        assertFalse(Files.exists(staging));
    }

    @Test
    void anAppendBetweenTheTwoMovesOfAPartitionIsKeptBesideTheOldRows() throws IOException {
        ReplacedPartitions replacing = replacing((from, to) -> {
            if (moves++ == 1) {
                file(target.resolve("k=1/l=1/appended"));
            }
            ReplacedPartitions.Moves.ATOMIC.move(from, to);
        });
        assertThrows(FileSystemException.class, () -> replacing.replace(partitions));

        assertEquals("[k=1/l=1/appended, k=1/l=1/old, k=2/old]", files());
        assertFalse(ReplacedPartitions.isAsideIn(staging));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void aFailureTakesOutNoFileOfAnAppend(int before) throws IOException {
        ReplacedPartitions replacing = replacing((from, to) -> {
            if (moves++ == before) {
                file(target.resolve("k=1/l=1/appended"));
                throw new FileSystemException("no space");
            }
            ReplacedPartitions.Moves.ATOMIC.move(from, to);
        });
        assertThrows(FileSystemException.class, () -> replacing.replace(partitions));

        assertEquals("[k=1/l=1/appended, k=1/l=1/old, k=2/old]", files());
    }

    @Test
    void aPartitionThatNoRowsReplaceComesBackBesideAnAppend() throws IOException {
        OutputDirectory.deleteTree(staging.resolve("k=2"));
        ReplacedPartitions replacing = replacing((from, to) -> {
            if (moves++ == 1) {
                throw new Killed();
            }
            ReplacedPartitions.Moves.ATOMIC.move(from, to);
        });
        assertThrows(Killed.class, () -> replacing.replace(List.of(Path.of("k=2"))));
        file(target.resolve("k=2/appended"));

        ReplacedPartitions.putBackAll(target, target.resolve("_temporary"));

        assertEquals("[k=1/l=1/old, k=2/appended, k=2/old]", files());
    }

    @Test
    void whatCannotBePutBackIsKeptAndHindersNoOther() throws IOException {
        ReplacedPartitions replacing = replacing((from, to) -> {
            if (moves++ == 4) {
                file(target.resolve("k=1/l=1/old"));
                throw new FileSystemException("no space");
            }
            ReplacedPartitions.Moves.ATOMIC.move(from, to);
        });
        assertThrows(FileSystemException.class, () -> replacing.replace(partitions));

        assertEquals("[k=1/l=1/old, k=2/old]", files());
        assertTrue(Files.exists(staging.resolve("_replaced/k=1/l=1/_rows/old")));
    }

    @Test
    void anInterruptLeavesNoPartitionAside() throws IOException {
        ReplacedPartitions replacing = replacing((from, to) -> {
            if (moves++ == 4) {
                Thread.currentThread().interrupt();
                throw new FileSystemException("no space");
            }
            ReplacedPartitions.Moves.ATOMIC.move(from, to);
        });
        assertThrows(FileSystemException.class, () -> replacing.replace(partitions));

        assertTrue(Thread.interrupted());
        assertEquals("[k=1/l=1/old, k=2/old]", files());
    }

    @Test
    void withoutLocksPartitionsAreReplacedToo() throws IOException {
        withoutLocks(ReplacedPartitions.Moves.ATOMIC).replace(partitions);

        assertEquals("[k=1/l=1/new-x, k=2/new-x, k=3/new-x]", files());
    }

    /// Its writer may still run.
    @Test
    void withoutLocksNothingIsPutBack() {
        ReplacedPartitions replacing = withoutLocks((from, to) -> {
            if (moves++ == 1) {
                throw new Killed();
            }
            ReplacedPartitions.Moves.ATOMIC.move(from, to);
        });
        assertThrows(Killed.class, () -> replacing.replace(partitions));

        assertDoesNotThrow(() -> ReplacedPartitions.putBackAll(target, target.resolve("_temporary")));

        assertTrue(Files.exists(staging.resolve("_replaced/k=1/l=1/_rows/old")));
    }

    @Test
    void aWriterThatStillRunsIsKnownByAnotherPath(@TempDir Path elsewhere) throws IOException {
        Path link = Files.createSymbolicLink(elsewhere.resolve("link"), target);
        replacing((from, to) -> {
                    ReplacedPartitions.putBackAll(link, link.resolve("_temporary"));
                    ReplacedPartitions.Moves.ATOMIC.move(from, to);
                })
                .replace(partitions);

        assertEquals("[k=1/l=1/new-x, k=2/new-x, k=3/new-x]", files());
    }

    private ReplacedPartitions withoutLocks(ReplacedPartitions.Moves by) {
        return new ReplacedPartitions(target, staging, by, _ -> {
            throw new IOException("No locks available");
        });
    }

    /// What a program does that is killed: nothing more.
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private ReplacedPartitions replacing(ReplacedPartitions.Moves by) {
        return new ReplacedPartitions(target, staging, by, ReplacedPartitions.Locks.OF_FILES);
    }

    /// What readers see.
    private String files() throws IOException {
        TreeSet<String> files = new TreeSet<>();
        try (Stream<Path> all = Files.walk(target)) {
            all.filter(Files::isRegularFile)
                    .map(target::relativize)
                    .filter(file -> !file.startsWith("_temporary"))
                    .forEach(file -> files.add(file.toString()));
        }
        return files.toString();
    }
}
