package dev.headrace.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Rows picked from several chunks are those that were put in.
class ChunkListTest {
    private static final StructType SCHEMA =
            StructType.fromDDL("b boolean, t tinyint, s smallint, i int, l bigint, d decimal(20,2), x string");

    private final BufferAllocator allocator = new RootAllocator();
    private final Random random = new Random(7);

    @AfterEach
    void nothingLeaks() {
        allocator.close();
    }

    @Test
    void rowsComeFromTheChunkTheyAreIn() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        List<Chunk> chunks = new ArrayList<>();
        for (int count : new int[] {0, 3, 1024, 1, 0, 2500, 1023, 17}) {
            chunks.add(chunk(count, chunks.size() % 3 == 0 ? 0 : 0.3, rows));
        }
        try (ChunkList list = new ChunkList(SCHEMA, chunks)) {
            assertEquals(rows.size(), list.rowCount());
            int[] order = random.ints(5000, 0, rows.size()).toArray();
            try (Chunk picked = list.gather(order, 100, 4000, allocator)) {
                assertEquals(4000, picked.rowCount());
                for (int i = 0; i < 4000; i++) {
                    assertEquals(rows.get(order[100 + i]), cells(picked, i));
                }
            }
            try (Chunk none = list.gather(order, 0, 0, allocator)) {
                assertEquals(0, none.rowCount());
            }
        }
    }

    @Test
    void oneChunkIsPickedFromAsItIs() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (ChunkList list = new ChunkList(SCHEMA, List.of(chunk(50, 0.5, rows)));
                Chunk picked = list.gather(new int[] {49, 0, 49}, 0, 3, allocator)) {
            assertEquals(
                    List.of(rows.get(49), rows.get(0), rows.get(49)),
                    List.of(cells(picked, 0), cells(picked, 1), cells(picked, 2)));
        }
    }

    private Chunk chunk(int count, double nulls, List<List<@Nullable Object>> rows) {
        List<FieldVector> columns = new ArrayList<>();
        for (int c = 0; c < SCHEMA.size(); c++) {
            columns.add(ArrowTypes.field(SCHEMA.field(c)).createVector(allocator));
        }
        for (int row = 0; row < count; row++) {
            List<@Nullable Object> cells = new ArrayList<>();
            for (Object value : List.<Object>of(
                    random.nextBoolean(),
                    (byte) random.nextInt(),
                    (short) random.nextInt(),
                    random.nextInt(),
                    random.nextLong(),
                    BigDecimal.valueOf(random.nextLong(), 2),
                    Slice.utf8("x".repeat(random.nextInt(40)) + random.nextInt()))) {
                cells.add(random.nextDouble() < nulls ? null : value);
            }
            for (int c = 0; c < columns.size(); c++) {
                Cell.write(columns.get(c), row, cells.get(c));
            }
            rows.add(cells);
        }
        columns.forEach(column -> column.setValueCount(count));
        return new Chunk(SCHEMA, columns, count);
    }

    private static List<@Nullable Object> cells(Chunk chunk, int row) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (FieldVector column : chunk.columns()) {
            cells.add(Cell.read(column, row));
        }
        return cells;
    }
}
