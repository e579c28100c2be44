package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DealtRowsIT {
    private static final StructType SCHEMA = StructType.fromDDL("a bigint, b string");
    private static final int TEXT_BYTES = 32 << 20;

    /// However much memory there is: a table of them is one piece. Here they share their memory.
    @Test
    void textsOfMoreThanAGibibyteGoToDisk(@TempDir Path directory) {
        try (RootAllocator memory = new RootAllocator();
                TaskPool tasks = new TaskPool(1);
                SpillSpace space = new SpillSpace(memory, Long.MAX_VALUE, 1, directory);
                Chunk wide = chunk(memory);
                DealtRows rows =
                        new DealtRows(SCHEMA, new int[0], ManyRows.run(memory, space, tasks, new Cancellation()))) {
            int fit = (int) (SortRuns.MOST_BYTES / TEXT_BYTES) - 1;
            StageSink.Task task = rows.open(0);
            for (int i = 0; i < fit; i++) {
                task.accept(wide.slice(0, 1));
            }
            assertFalse(rows.isSpilled());

            task.accept(wide.slice(0, 1));

            assertTrue(rows.isSpilled());
            assertTrue(rows.isTooMuch(rows.parts().getFirst()));
            assertEquals(fit + 1, rows.parts().getFirst().extents().size());
        }
    }

    private static Chunk chunk(RootAllocator memory) {
        try (ChunkBuilder builder = new ChunkBuilder(SCHEMA, memory)) {
            builder.add(List.of(1L, Slice.utf8("x".repeat(TEXT_BYTES))));
            return builder.build();
        }
    }
}
