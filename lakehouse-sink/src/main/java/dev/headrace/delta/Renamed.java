package dev.headrace.delta;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import dev.headrace.types.StructType;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The rows of another split under other names.
record Renamed(Split rows, StructType schema) implements Split {
    @Override
    public ChunkReader open(BufferAllocator allocator) {
        ChunkReader reader = rows.open(allocator);
        return new ChunkReader() {
            @Override
            public @Nullable Chunk next() {
                Chunk chunk = reader.next();
                if (chunk == null) {
                    return null;
                }
                try (Chunk current = chunk) {
                    return current.withSchema(schema);
                }
            }

            @Override
            public Map<String, Long> metrics() {
                return reader.metrics();
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }

    @Override
    public long estimatedRows() {
        return rows.estimatedRows();
    }
}
