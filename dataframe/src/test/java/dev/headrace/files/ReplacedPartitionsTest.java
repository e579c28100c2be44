package dev.headrace.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
        file(staging.resolve("k=1/l=1/new"));
        file(staging.resolve("k=2/new"));
        file(staging.resolve("k=3/new"));
    }

    private static void file(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.createFile(file);
    }

    @Test
    void newPartitionsTakeTheirPlaces() throws IOException {
        replacing(ReplacedPartitions.Moves.ATOMIC).replace(partitions);

        assertEquals("[k=1/l=1/new, k=2/new, k=3/new]", files());
        assertFalse(ReplacedPartitions.isAsideIn(staging));
    }

    /// Such as by kill -9, before a move.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | [k=1/l=1/old, k=2/old]",
                "1 | [k=1/l=1/old, k=2/old]",
                "2 | [k=1/l=1/new, k=2/old]",
                "3 | [k=1/l=1/new, k=2/old]",
                "4 | [k=1/l=1/new, k=2/new]",
                "5 | [k=1/l=1/new, k=2/new, k=3/new]"
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

        assertEquals("[k=1/l=1/new, k=2/new, k=3/new]", files());
    }

    /// What a program does that is killed: nothing more.
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private ReplacedPartitions replacing(ReplacedPartitions.Moves by) {
        return new ReplacedPartitions(target, staging, by);
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
