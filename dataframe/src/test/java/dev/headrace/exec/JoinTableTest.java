package dev.headrace.exec;

import dev.headrace.chunk.Slice;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// A table of many rows is given up while it is made.
class JoinTableTest {
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
                    (rows, run) -> JoinTable.build(List.of(rows.slice(0, rows.rowCount())), rows.schema(), keys, run)
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
                                    List.of(rows.slice(0, rows.rowCount())), rows.schema(), new int[] {0}, 1, run)
                            .close(),
                    4);
        }
    }
}
