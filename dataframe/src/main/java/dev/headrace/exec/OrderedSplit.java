package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Ordered rows in memory as a split. It owns the rows and can be read once.
final class OrderedSplit implements HeldSplit {
    private final OrderedRows rows;
    private final int count;

    /// Takes over the rows.
    ///
    /// @param count how many of them are given, from the first one on
    OrderedSplit(OrderedRows rows, int count) {
        this.rows = rows;
        this.count = count;
    }

    @Override
    public ChunkReader open(BufferAllocator allocator) {
        ChunkReader reader = rows.read(0, count, allocator);
        return new ChunkReader() {
            @Override
            public @Nullable Chunk next() {
                return reader.next();
            }

            @Override
            public void close() {
                OrderedSplit.this.close();
            }
        };
    }

    @Override
    public long estimatedRows() {
        return count;
    }

    @Override
    public void close() {
        rows.close();
    }
}
