package dev.headrace.engine;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Counts the rows that a batch reads from one source. Thread-safe.
final class RowCount {
    private final LongAdder rows = new LongAdder();
    private final String part;

    /// @param part of splits that have none
    RowCount(String part) {
        this.part = part;
    }

    void reset() {
        rows.reset();
    }

    long rows() {
        return rows.sum();
    }

    /// The same split, counted.
    Split counting(Split split) {
        return new Split() {
            @Override
            public ChunkReader open(BufferAllocator allocator) {
                return counted(split.open(allocator));
            }

            @Override
            public String part() {
                return split.part().isEmpty() ? part : split.part();
            }

            @Override
            public long estimatedRows() {
                return split.estimatedRows();
            }
        };
    }

    private ChunkReader counted(ChunkReader reader) {
        return new ChunkReader() {
            @Override
            public @Nullable Chunk next() {
                Chunk chunk = reader.next();
                if (chunk != null) {
                    rows.add(chunk.rowCount());
                }
                return chunk;
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
}
