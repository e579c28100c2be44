package dev.headrace.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaitingRowsTest {
    private static final StructType SCHEMA = StructType.fromDDL("text string");

    @TempDir
    Path directory;

    private final RootAllocator allocator = new RootAllocator();

    @AfterEach
    void noMemoryIsLeft() {
        allocator.close();
    }

    private List<Integer> lent(int chunks, int textBytes) {
        List<Integer> lent = new ArrayList<>();
        try (WaitingRows waiting = new WaitingRows(directory, SCHEMA, allocator)) {
            for (int i = 0; i < chunks; i++) {
                try (ChunkBuilder builder = new ChunkBuilder(SCHEMA, allocator)) {
                    builder.add(List.of(Slice.utf8("x".repeat(textBytes))));
                    try (Chunk chunk = builder.build()) {
                        waiting.add(0, chunk);
                    }
                }
            }
            waiting.read(0, rows -> lent.add(rows.rowCount()));
        }
        return lent;
    }

    @Test
    void smallChunksAreLentAsOne() {
        assertEquals(List.of(100), lent(100, 10));
    }

    @Test
    void longRowsAreLentBeforeTheyAreMany() {
        assertEquals(List.of(4, 4, 2), lent(10, 4 << 20));
    }
}
