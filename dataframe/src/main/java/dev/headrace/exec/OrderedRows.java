package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkList;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.ChunkReader;
import dev.headrace.types.StructType;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Rows in memory with the order that they are given in: they are copied while they are read, a chunk at a time, so
/// that they are not all there twice. Owns the rows.
final class OrderedRows implements AutoCloseable {
    /// Fewer rows are put together in one piece and compared.
    private static final int FEW_ROWS = 128;

    /// Chunks have no more, unless they would have very few rows.
    private static final long MOST_BYTES = 1L << 20;

    private static final int FEWEST_ROWS = 64;

    private final ChunkList rows;
    private final int[] order;
    private final int chunkRows;

    private OrderedRows(ChunkList rows, int[] order) {
        this.rows = rows;
        this.order = order;
        long bytes = rows.chunks().stream().mapToLong(Chunk::sizeInBytes).sum();
        this.chunkRows =
                (int) Math.clamp(MOST_BYTES / (bytes / Math.max(order.length, 1) + 1), FEWEST_ROWS, Chunk.TARGET_ROWS);
    }

    /// What sorting so many rows takes of the heap: two arrays of their keys, and two of their numbers.
    static long heapBytes(long rows) {
        return 2 * (Long.BYTES + Integer.BYTES) * rows;
    }

    /// Sorts rows, which it takes over; equal ones stay in the order in which they are.
    ///
    /// @param chunks at least one
    static OrderedRows sorted(StructType schema, List<Chunk> chunks, List<SortColumn> keys, RunContext run) {
        try {
            OrderedRows inPieces = sortedInPieces(schema, chunks, keys, run);
            if (inPieces != null) {
                return inPieces;
            }
        } catch (Throwable failed) {
            Closing.all(chunks);
            throw failed;
        }
        Chunk all = Columns.concat(schema, chunks, run.allocator());
        try {
            return new OrderedRows(new ChunkList(schema, List.of(all)), Sorting.order(all, keys, run));
        } catch (Throwable failed) {
            all.close();
            throw failed;
        }
    }

    /// Sorts rows where they lie; null if they must be put together for that.
    private static @Nullable OrderedRows sortedInPieces(
            StructType schema, List<Chunk> chunks, List<SortColumn> keys, RunContext run) {
        int count = chunks.stream().mapToInt(Chunk::rowCount).sum();
        boolean isPossible = chunks.size() > 1
                && count >= FEW_ROWS
                && ChunkList.isPossible(chunks.getFirst())
                && keys.stream()
                        .allMatch(key ->
                                SortCodes.isNumber(schema.field(key.ordinal()).dataType()));
        if (!isPossible) {
            return null;
        }
        SortCodes codes = SortCodes.of(chunks, keys, run);
        return codes.exact() ? new OrderedRows(new ChunkList(schema, chunks), codes.sorted(run)) : null;
    }

    int count() {
        return order.length;
    }

    /// The rows `[from, from + count)` of the order, which the caller closes.
    Chunk rows(int from, int count, BufferAllocator allocator) {
        return rows.gather(order, from, count, allocator);
    }

    /// Reads the rows `[from, end)` of the order, which must stay here meanwhile.
    ChunkReader read(int from, int end, BufferAllocator allocator) {
        return new ChunkReader() {
            private int next = from;

            @Override
            public @Nullable Chunk next() {
                if (next >= end) {
                    return null;
                }
                int size = Math.min(chunkRows, end - next);
                Chunk chunk = rows(next, size, allocator);
                next += size;
                return chunk;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() {
        rows.close();
    }
}
