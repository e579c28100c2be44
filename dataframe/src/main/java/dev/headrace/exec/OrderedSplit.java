package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkList;
import dev.headrace.connector.ChunkReader;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Rows in memory as a split that gives them in another order: they are copied while they are read, a chunk at a time,
/// so that they are not all there twice. It owns the rows and can be read once.
final class OrderedSplit implements HeldSplit {
    private final ChunkList rows;
    private final int[] order;
    private final int count;

    /// Takes over the rows.
    ///
    /// @param order the rows' numbers
    /// @param count how many of them are given, from the first one on
    OrderedSplit(ChunkList rows, int[] order, int count) {
        this.rows = rows;
        this.order = order;
        this.count = count;
    }

    @Override
    public ChunkReader open(BufferAllocator allocator) {
        return new ChunkReader() {
            private int given;

            @Override
            public @Nullable Chunk next() {
                if (given == count) {
                    return null;
                }
                int size = Math.min(Chunk.TARGET_ROWS, count - given);
                Chunk next = rows.gather(order, given, size, allocator);
                given += size;
                return next;
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
