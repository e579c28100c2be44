package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PartitionSplitterTest {
    private static final StructType KEYS = StructType.fromDDL("day date, shop string");
    private static final StructType ROWS = StructType.fromDDL("id int");
    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void nothingLeaks() {
        allocator.close();
    }

    @Test
    void eachPartitionGetsItsRowsInTheirOrder() {
        Map<String, List<@Nullable Object>> parts =
                split(key(0, "a"), key(1, "a"), key(0, "a"), key(null, "a"), key(1, null), key(1, "a"), key(0, "a"));

        assertEquals(List.of(0, 2, 6), parts.get("{day=1970-01-01, shop=a}"));
        assertEquals(List.of(1, 5), parts.get("{day=1970-01-02, shop=a}"));
        assertEquals(List.of(3), parts.get("{day=null, shop=a}"));
        assertEquals(List.of(4), parts.get("{day=1970-01-02, shop=null}"));
        assertEquals(4, parts.size());
    }

    @Test
    void rowsOfOnePartitionAreNotCopied() {
        assertEquals(Map.of("{day=1970-01-01, shop=a}", List.of(0, 1)), split(key(0, "a"), key(0, "a")));
    }

    @Test
    void theEmptyTextIsTheNullPartition() {
        assertEquals(
                Map.of("{day=1970-01-01, shop=null}", List.of(0, 2, 1)), split(key(0, ""), key(0, null), key(0, "")));
    }

    @SafeVarargs
    private Map<String, List<@Nullable Object>> split(List<@Nullable Object>... keys) {
        Map<String, List<@Nullable Object>> parts = new LinkedHashMap<>();
        try (ChunkBuilder keyBuilder = new ChunkBuilder(KEYS, allocator);
                ChunkBuilder rowBuilder = new ChunkBuilder(ROWS, allocator)) {
            for (int i = 0; i < keys.length; i++) {
                keyBuilder.add(keys[i]);
                rowBuilder.add(List.of(i));
            }
            try (Chunk keyChunk = keyBuilder.build();
                    Chunk rowChunk = rowBuilder.build()) {
                new PartitionSplitter(KEYS).split(keyChunk, rowChunk, allocator, (values, rows) -> {
                    List<@Nullable Object> ids = parts.computeIfAbsent(values.toString(), _ -> new ArrayList<>());
                    for (int row = 0; row < rows.rowCount(); row++) {
                        ids.add(Cell.read(rows.column(0), row));
                    }
                });
            }
        }
        return parts;
    }

    private static List<@Nullable Object> key(@Nullable Integer day, @Nullable String shop) {
        return Arrays.asList(day, shop == null ? null : Slice.utf8(shop));
    }
}
