package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Some columns of a split.
record SelectedColumns(Split split, int[] ordinals) implements Split {
    @Override
    public ChunkReader open(BufferAllocator allocator) {
        ChunkReader all = split.open(allocator);
        return new ChunkReader() {
            @Override
            public @Nullable Chunk next() {
                Chunk chunk = all.next();
                if (chunk == null) {
                    return null;
                }
                try (chunk) {
                    return chunk.select(ordinals);
                }
            }

            @Override
            public void close() {
                all.close();
            }
        };
    }
}
