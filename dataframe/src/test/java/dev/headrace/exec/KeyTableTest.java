package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.RowEncoder;
import dev.headrace.chunk.RowLayout;
import dev.headrace.chunk.Slice;
import dev.headrace.types.BinaryType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DateType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTableTest {
    /// There is room for the hashes and keys that are expected, and not for the places as well.
    private static final long TOO_LITTLE = 1200 * 1024;

    private static final int EXPECTED = 1 << 16;

    @Test
    void aTableThatMemoryIsTooShortForLeavesNothing() {
        RowLayout layout = new RowLayout(List.of(DataTypes.LongType));
        try (BufferAllocator memory = new RootAllocator(TOO_LITTLE)) {
            assertThrows(OutOfMemoryException.class, () -> new KeyTable(layout, EXPECTED, memory));
            assertEquals(0, memory.getAllocatedMemory());
        }
    }

    @Test
    void soDoesATableOfGroups() {
        GroupLayout layout = new GroupLayout(new StructType().add("key", DataTypes.LongType), new int[] {0}, List.of());
        try (BufferAllocator memory = new RootAllocator(TOO_LITTLE)) {
            assertThrows(OutOfMemoryException.class, () -> new GroupTable(layout, EXPECTED, memory));
            assertEquals(0, memory.getAllocatedMemory());
            assertEquals(List.of(), List.copyOf(memory.getChildAllocators()));
        }
    }

    /// Texts of all lengths around those that fit into a word, nulls, few keys that come again and again, and others.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a string, b string",
                "a string, b smallint",
                "a date, b string",
                "a string, b binary, c tinyint",
                "a string, b bigint",
                "a string, b boolean",
                "a int",
                "a bigint, b date",
                "a int, b smallint, c tinyint, d bigint"
            })
    void keysHaveTheSlotsTheyWereGiven(String ddl) {
        StructType schema = StructType.fromDDL(ddl);
        Random random = new Random(11);
        Map<List<@Nullable Object>, Integer> expected = new HashMap<>();
        try (BufferAllocator memory = new RootAllocator();
                KeyTable table = new KeyTable(RowLayout.of(schema), memory)) {
            for (int c = 0; c < 40; c++) {
                // The first chunks have few keys, so that they are remembered; then come many.
                int keys = c < 20 ? 3 : 3 + 4 * (c - 20);
                List<List<@Nullable Object>> rows = new ArrayList<>();
                int count = c % 3 == 0 ? 100 : 1024;
                for (int i = 0; i < count; i++) {
                    List<@Nullable Object> row = new ArrayList<>();
                    schema.fieldList().forEach(field -> row.add(value(field.dataType(), keys, random)));
                    rows.add(row);
                }
                try (Chunk chunk = chunk(schema, rows, memory);
                        RowEncoder encoder = new RowEncoder(RowLayout.of(schema), memory);
                        KeyTable.Finder finder = table.finder(memory)) {
                    encoder.encode(chunk.columns(), rows.size());
                    int[] slots = new int[rows.size()];
                    table.assign(chunk.columns(), rows.size(), slots);
                    int[] found = finder.find(chunk.columns(), rows.size());
                    for (int i = 0; i < rows.size(); i++) {
                        assertEquals(expected.computeIfAbsent(rows.get(i), _ -> expected.size()), slots[i]);
                        assertEquals(slots[i], found[i]);
                        assertEquals(encoder.hash(i), table.hash(slots[i]));
                    }
                }
            }
            List<FieldVector> columns = table.keys(0, table.slotCount(), schema, memory);
            try (Chunk all = new Chunk(schema, columns, table.slotCount())) {
                for (int i = 0; i < all.rowCount(); i++) {
                    List<@Nullable Object> key = new ArrayList<>();
                    for (FieldVector column : all.columns()) {
                        key.add(Cell.read(column, i));
                    }
                    assertEquals(i, expected.get(key));
                }
            }
            assertEquals(expected.size(), table.slotCount());
        }
    }

    private static Chunk chunk(StructType schema, List<List<@Nullable Object>> rows, BufferAllocator memory) {
        try (ChunkBuilder builder = new ChunkBuilder(schema, memory)) {
            rows.forEach(builder::add);
            return builder.build();
        }
    }

    private static @Nullable Object value(DataType type, int keys, Random random) {
        int n = random.nextInt(keys + 1);
        if (n == keys) {
            return null;
        }
        return switch (type) {
            case StringType _, BinaryType _ -> Slice.utf8("aAbBcCdD\0".repeat(2).substring(n % 7, n % 7 + n % 10));
            case ByteType _ -> (byte) (n - 1);
            case ShortType _ -> (short) (n - 1);
            case DateType _, IntegerType _ -> n - 1;
            case LongType _ -> n - 1L;
            default -> n % 2 == 0;
        };
    }
}
