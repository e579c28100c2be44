package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.chunk.Slice;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// A table of many rows finds them all, and is given up while it is made.
class JoinTableTest {
    /// In several tables, which several threads fill.
    @Test
    void rowsOfKeysThatAreFarApartFollowEachOther() {
        int keys = 70_000;
        try (ManyRows many = new ManyRows("k BIGINT", row -> row % 11 == 0 ? null : row % keys * 1_000_000_007L, 2);
                SpillSpace space = new SpillSpace(many.memory(), Long.MAX_VALUE, 1, Path.of(""))) {
            many.run(space, (rows, run) -> {
                try (JoinTable table = JoinTable.build(
                                List.of(rows.slice(0, rows.rowCount())),
                                rows.schema(),
                                new int[] {0},
                                space.onHeap(0),
                                run);
                        JoinIndex.Lookup lookup = table.lookup(many.memory())) {
                    int[] found = lookup.find(rows.columns(), rows.rowCount());
                    for (int row = 0; row < rows.rowCount(); row++) {
                        if (row % 11 == 0) {
                            assertEquals(JoinIndex.NONE, found[row]);
                            assertEquals(JoinIndex.NONE, table.next(row));
                            continue;
                        }
                        int first = row % keys;
                        assertEquals(first % 11 == 0 ? first + keys : first, found[row]);
                        int next = row + keys;
                        next = next % 11 == 0 ? next + keys : next;
                        assertEquals(next < rows.rowCount() ? next : JoinIndex.NONE, table.next(row));
                    }
                }
            });
        }
    }

    /// The range of the keys, their distances, a place for each key that there may be, and each row's place.
    @Test
    void keysThatAreCloseTogether() {
        assertGivenUp("k BIGINT", row -> (long) row, new int[] {0}, 4);
    }

    /// The range of the keys, their distances, the keys of each part, its places, each row's place, and a set of keys.
    @Test
    void keysThatAreFarApart() {
        assertGivenUp("k BIGINT", row -> row * 1_000_000_007L, new int[] {0}, 6);
    }

    /// Each row's key, the first row of each key, and the next one of each row.
    @Test
    void keysThatAreNoNumbers() {
        assertGivenUp("k STRING", row -> Slice.utf8("key " + row), new int[] {0}, 3);
    }

    /// The next row of each one.
    @Test
    void noKeys() {
        assertGivenUp("k BIGINT", row -> (long) row, new int[0], 1);
    }

    private static void assertGivenUp(String schema, IntFunction<Object> cell, int[] keys, int loops) {
        try (ManyRows many = new ManyRows(schema, cell)) {
            many.assertGivenUp(
                    (rows, run) -> JoinTable.build(
                                    List.of(rows.slice(0, rows.rowCount())),
                                    rows.schema(),
                                    keys,
                                    run.spill().onHeap(0),
                                    run)
                            .close(),
                    loops);
        }
    }

    /// Each row's key, whether it has one, its column, and the times; not to speak of the sort.
    @Test
    void keysAndTimesOfAnAsOfJoin() {
        try (ManyRows many = new ManyRows("k STRING, t BIGINT", row -> Slice.utf8("key " + row % 1000))) {
            many.assertGivenUp(
                    (rows, run) -> AsOfTable.build(
                                    List.of(rows.slice(0, rows.rowCount())),
                                    rows.schema(),
                                    new int[] {0},
                                    1,
                                    run.spill().onHeap(0),
                                    run)
                            .close(),
                    4);
        }
    }
}
