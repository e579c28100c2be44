package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.plan.Direction;
import dev.headrace.plan.NullOrder;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Which rows are kept that may be among the first ones, and when they go to disk.
class FirstRowsTest {
    private static final StructType SCHEMA = StructType.fromDDL("k BIGINT, text STRING");

    /// Of memory; a quarter of it is left for work under way, and a split's share is a sixteenth.
    private static final long LIMIT = 64 << 20;

    private static final Slice MEBIBYTE = Slice.utf8("x".repeat(1 << 20));

    @AutoClose
    private final BufferAllocator memory = new RootAllocator();

    @AutoClose
    private final TaskPool tasks = new TaskPool(1);

    @AutoClose
    private final SpillSpace space = new SpillSpace(memory, LIMIT, 1, Path.of(System.getProperty("java.io.tmpdir")));

    private FirstRows firstRows(Direction direction, NullOrder nulls, int limit) {
        RunContext run = ManyRows.run(memory, space, tasks, new Cancellation());
        return new FirstRows(SCHEMA, List.of(new SortColumn(0, direction, nulls)), limit, run);
    }

    private Chunk chunk(Slice text, @Nullable Long... keys) {
        try (ChunkBuilder builder = new ChunkBuilder(SCHEMA, memory)) {
            for (Long key : keys) {
                builder.add(Arrays.asList(key, text));
            }
            return builder.build();
        }
    }

    private Chunk chunk(@Nullable Long... keys) {
        return chunk(Slice.utf8("text"), keys);
    }

    /// A split so large that it is cut, which says behind which key no row is wanted.
    private void giveMany(FirstRows rows, @Nullable Long... first) {
        try (StageSink.Task task = rows.open(0)) {
            task.accept(chunk(first));
            for (int i = 0; i < 3; i++) {
                task.accept(chunk(LongStream.range(1_000, 1_000 + Chunk.TARGET_ROWS)
                        .boxed()
                        .toArray(Long[]::new)));
            }
            task.finish();
        }
    }

    /// The keys that are kept of a split.
    private List<@Nullable Object> kept(FirstRows rows, @Nullable Long... keys) {
        try (StageSink.Task task = rows.open(1)) {
            task.accept(chunk(keys));
            task.finish();
        }
        List<@Nullable Object> kept = new ArrayList<>();
        List<Chunk> all = rows.take();
        all.removeFirst().close();
        for (Chunk chunk : all) {
            try (chunk) {
                for (int row = 0; row < chunk.rowCount(); row++) {
                    kept.add(Cell.read(chunk.column(0), row));
                }
            }
        }
        return kept;
    }

    @Test
    void rowsBehindTheLastOneAreNotKept() {
        try (FirstRows rows = firstRows(Direction.ASC, NullOrder.LAST, 3)) {
            giveMany(rows, 1L, 2L, 3L);
            assertEquals(List.of(3L, -1L), kept(rows, 4L, 3L, -1L));
        }
    }

    @Test
    void norNullsThatComeLast() {
        try (FirstRows rows = firstRows(Direction.ASC, NullOrder.LAST, 3)) {
            giveMany(rows, 1L, 2L, 3L);
            assertEquals(List.of(3L), kept(rows, null, 4L, 3L, null));
        }
        try (FirstRows rows = firstRows(Direction.DESC, NullOrder.LAST, 3)) {
            giveMany(rows, 10_002L, 10_003L, 10_004L, null);
            assertEquals(List.of(10_002L), kept(rows, null, 10_001L, 10_002L, null));
        }
    }

    @Test
    void nullsThatComeFirstAre() {
        try (FirstRows rows = firstRows(Direction.ASC, NullOrder.FIRST, 3)) {
            giveMany(rows, 1L, null, 3L);
            assertEquals(Arrays.asList(null, 3L), kept(rows, null, 4L, 3L));
        }
    }

    @Test
    void theyAloneAreIfThereAreEnough() {
        try (FirstRows rows = firstRows(Direction.DESC, NullOrder.FIRST, 3)) {
            giveMany(rows, null, null, null);
            assertEquals(Arrays.asList(null, null), kept(rows, 9_999L, null, -1L, null));
        }
    }

    /// All that is held is put together and cut in the end: there must be room for the copies.
    @Test
    void rowsGoToDiskThatThereIsNoRoomToCopy() {
        try (FirstRows rows = firstRows(Direction.ASC, NullOrder.LAST, 100);
                StageSink.Task task = rows.open(0)) {
            for (long i = 0; i < 15; i++) {
                task.accept(chunk(MEBIBYTE, i));
            }
            assertNull(rows.spilled());

            task.accept(chunk(MEBIBYTE, 15L));
            task.accept(chunk(MEBIBYTE, 16L));

            assertNotNull(rows.spilled());
        }
    }

    /// Each of the splits would fit.
    @Test
    void soDoThoseOfSeveralSplitsThatAreToBeCutTogether() {
        try (FirstRows rows = firstRows(Direction.ASC, NullOrder.LAST, 10)) {
            for (int split = 0; split < 2; split++) {
                give(rows, split, 9);
            }
            assertNull(rows.spilled());

            give(rows, 2, 9);

            assertNotNull(rows.spilled());
        }
    }

    private void give(FirstRows rows, int split, long count) {
        try (StageSink.Task task = rows.open(split)) {
            for (long i = 0; i < count; i++) {
                task.accept(chunk(MEBIBYTE, i));
            }
            task.finish();
        }
    }

    /// Although memory is short: others have most of it.
    @Test
    void rowsWhoseCopiesAreSmallStay() {
        try (ArrowBuf others = memory.buffer(36L << 20);
                FirstRows rows = firstRows(Direction.ASC, NullOrder.LAST, 100)) {
            assertEquals(36L << 20, others.capacity());
            give(rows, 0, 5);
            assertNull(rows.spilled());
        }
    }
}
