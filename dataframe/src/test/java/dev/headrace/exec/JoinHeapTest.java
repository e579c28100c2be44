package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.headrace.Failures;
import dev.headrace.chunk.Chunk;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// What a join makes on the heap is known before it is made, and rows go to disk instead.
class JoinHeapTest {
    private static final int[] KEY = {0};
    private static final IntFunction<Object> CLOSE = row -> (long) row;
    private static final IntFunction<Object> FAR_APART = row -> row * 1_000_000_007L;

    @Test
    void isAsMuchAsIsTaken() {
        assertTaken(CLOSE, KEY);
        assertTaken(FAR_APART, KEY);
        assertTaken(CLOSE, new int[0]);
    }

    /// Nothing is measured of the rows themselves, which lie elsewhere.
    private static void assertTaken(IntFunction<Object> cell, int[] keys) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (ManyRows many = new ManyRows("k BIGINT", cell);
                SpillSpace space = new SpillSpace(many.memory(), Long.MAX_VALUE, 1, Path.of(""))) {
            many.run(space, (rows, run) -> {
                JoinHeap heap = new JoinHeap(rows.schema(), keys, run);
                long told = heap.ofHeld(rows, rows.rowCount());
                Chunk copy = rows.slice(0, rows.rowCount());
                long before = threads.getTotalThreadAllocatedBytes();
                JoinTable.build(List.of(copy), rows.schema(), keys, space.onHeap(told), run)
                        .close();
                long taken = threads.getTotalThreadAllocatedBytes() - before;
                assertTrue(taken < told + (2 << 20) && told < taken + (1 << 20), told + " told, " + taken + " taken");
                assertTrue(told <= heap.most(rows.rowCount()), () -> told + " told, more than at most");
            });
        }
    }

    @Test
    void rowsGoToDiskWhenTheirIndexWouldTakeMoreThanHalfOfTheHeap() {
        assertHeld(true, FAR_APART, 18);
        assertHeld(false, FAR_APART, 15);
        assertHeld(true, CLOSE, 7);
        assertHeld(false, CLOSE, 6);
    }

    /// @param heap in mebibytes
    private static void assertHeld(boolean held, IntFunction<Object> cell, int heap) {
        try (ManyRows many = new ManyRows("k BIGINT", cell);
                SpillSpace space = space(many, heap)) {
            many.run(space, (rows, run) -> {
                try (DealtRows dealt = new DealtRows(rows.schema(), KEY, new JoinHeap(rows.schema(), KEY, run), run)) {
                    hold(rows, dealt);
                    assertEquals(held, !dealt.isSpilled());
                }
            });
        }
    }

    private static void hold(Chunk rows, DealtRows dealt) {
        StageSink.Task task = dealt.open(0);
        for (int from = 0; from < rows.rowCount(); from += Chunk.TARGET_ROWS) {
            task.accept(rows.slice(from, Chunk.TARGET_ROWS));
        }
    }

    /// Joins that begin together don't know of each other while their rows come.
    @Test
    void rowsGoToDiskWhenOthersHaveTakenTheHeapMeanwhile() {
        try (ManyRows many = new ManyRows("k BIGINT", CLOSE);
                SpillSpace space = space(many, 7)) {
            many.run(space, (rows, run) -> {
                try (DealtRows first = new DealtRows(rows.schema(), KEY, new JoinHeap(rows.schema(), KEY, run), run);
                        DealtRows second =
                                new DealtRows(rows.schema(), KEY, new JoinHeap(rows.schema(), KEY, run), run)) {
                    hold(rows, first);
                    hold(rows, second);
                    assertFalse(first.isSpilled() || second.isSpilled());
                    try (SpillSpace.OnHeap heap = first.reserve().orElseThrow();
                            JoinTable table = JoinTable.build(first.take(), rows.schema(), KEY, heap, run)) {
                        assertEquals(rows.rowCount(), table.rows().rowCount());
                        assertTrue(second.reserve().isEmpty());
                        assertTrue(second.isSpilled());
                        assertEquals(
                                rows.rowCount(),
                                second.parts().stream()
                                        .mapToLong(DealtRows.Part::rows)
                                        .sum());
                    }
                    assertFalse(space.isHeapShort(7 << 19));
                }
            });
        }
    }

    /// Nor are few bytes refused where others have all.
    @Test
    void fewBytesMayAlwaysBeHad() {
        try (ManyRows many = new ManyRows("k BIGINT", CLOSE);
                SpillSpace space = space(many, 64);
                SpillSpace.OnHeap all = space.onHeap(64 << 20);
                SpillSpace.OnHeap few = space.onHeap(1 << 20);
                SpillSpace.OnHeap more = space.onHeapUnlessShort(1 << 20).orElseThrow()) {
            assertTrue(space.onHeapUnlessShort(2 << 20).isEmpty());
            all.close();
            few.close();
            more.close();
            assertFalse(space.isHeapShort(32 << 20));
        }
    }

    /// The index of a few thousand rows may have as many places as that of one.
    @Test
    void smallPartsAreNotDividedForTheHeap() {
        try (ManyRows many = new ManyRows("k BIGINT", FAR_APART, 2);
                SpillSpace space = space(many, 6);
                SpillSpace.OnHeap others = space.onHeap(3 << 20)) {
            many.run(space, (rows, run) -> {
                try (DealtRows dealt = new DealtRows(rows.schema(), KEY, new JoinHeap(rows.schema(), KEY, run), run)) {
                    hold(rows, dealt);
                    DealtRows.Part part = dealt.parts().getFirst();
                    dealt.reserve(part).orElseThrow().close();
                    DealtRows.Part all = new DealtRows.Part(
                            part.depth(),
                            dealt.parts().stream()
                                    .flatMap(each -> each.extents().stream())
                                    .toList());
                    assertTrue(dealt.reserve(all).isEmpty());
                }
            });
            others.close();
            assertFalse(space.isHeapShort(3 << 20));
        }
    }

    /// @param heap in mebibytes
    private static SpillSpace space(ManyRows many, int heap) {
        return new SpillSpace(
                many.memory(), Long.MAX_VALUE, (long) heap << 20, 1, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /// Tables of other joins count, but few bytes may always be had.
    @Test
    void joinsHaveHalfOfTheHeapTogether() {
        try (ManyRows many = new ManyRows("k BIGINT", CLOSE);
                SpillSpace space = space(many, 6)) {
            many.run(space, (rows, run) -> {
                assertFalse(space.isHeapShort(3 << 20));
                try (JoinTable table = JoinTable.build(
                        List.of(rows.slice(0, rows.rowCount())), rows.schema(), KEY, space.onHeap(0), run)) {
                    assertEquals(rows.rowCount(), table.rows().rowCount());
                    // Of the 16 bytes a row that it was made with, it keeps half.
                    assertTrue(space.isHeapShort(7 << 18));
                    assertFalse(space.isHeapShort(5 << 18));
                    assertFalse(space.isHeapShort(1 << 16));
                }
                assertFalse(space.isHeapShort(3 << 20));
            });
        }
    }

    @Test
    void whatCanNotBeDividedIsToldBeforeTheHeapIsFull() {
        try (ManyRows many = new ManyRows("t BIGINT", CLOSE);
                SpillSpace space = space(many, 5);
                SpillSpace.OnHeap others = space.onHeap(1 << 20)) {
            Failures.assertFails(
                    "[OUT_OF_JVM_MEMORY] What a join makes of rows that it must hold together (an as-of join those of"
                            + " one key) takes '6291456' bytes of the JVM's heap, which may have '5242880' and of which"
                            + " other joins have '1048576'. Start the JVM with more, such as -Xmx4g (the command"
                            + " headrace with HEADRACE_JAVA_OPTS=-Xmx4g), read fewer rows, or run fewer queries at"
                            + " once.",
                    () -> space.onHeap(AsOfTable.heapBytes(ManyRows.COUNT)).close());
            assertFalse(space.isHeapShort(3 << 19));
            others.close();
            assertFalse(space.isHeapShort(5 << 19));
        }
    }
}
