package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.chunk.Chunk;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The rows of a query, kept when they are read for the first time: in the session's memory, which they count towards,
/// or on disk when that is short. Thread-safe.
public final class CachedTable implements BatchTable, AutoCloseable {
    private final StructType schema;
    private final Supplier<BatchQuery> query;
    private final ReentrantLock filling = new ReentrantLock();
    private final ReadWriteLock use = new ReentrantReadWriteLock();
    private BatchQuery.@Nullable Kept kept;
    private boolean dropped;

    /// @param query gives the rows
    public CachedTable(StructType schema, Supplier<BatchQuery> query) {
        this.schema = schema;
        this.query = query;
    }

    @Override
    public StructType schema() {
        return schema;
    }

    @Override
    public String description() {
        return "cached rows";
    }

    @Override
    public Scan scan(ScanRequest request) {
        return () -> {
            List<Split> splits = new ArrayList<>();
            BatchQuery.Kept rows = filled();
            for (List<KeptChunks.Piece> pieces : rows.chunks().splits()) {
                Split all = allocator -> new Reader(rows, new ArrayDeque<>(pieces), allocator);
                splits.add(new SelectedColumns(all, request));
            }
            return splits;
        };
    }

    /// The rows, computed now if they are not there.
    ///
    /// @throws QueryException `CACHE_DROPPED`
    private BatchQuery.Kept filled() {
        beginFilling();
        try {
            if (dropped) {
                throw gone();
            }
            BatchQuery.Kept rows = kept;
            if (rows == null) {
                rows = query.get().keep();
                kept = rows;
            }
            return rows;
        } finally {
            filling.unlock();
        }
    }

    /// Waits until no other query fills the table, or this one is cancelled.
    private void beginFilling() {
        try {
            Cancellation.<@Nullable Void>call(() -> {
                filling.lockInterruptibly();
                return null;
            });
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw BatchRuns.cancelled(new QueryCancelledException());
        } catch (Exception cancelled) {
            // At the same time it may have been this one's turn.
            if (filling.isHeldByCurrentThread()) {
                filling.unlock();
            }
            throw cancelled instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(cancelled);
        }
    }

    /// Computes the rows, if they are not there.
    public void fill() {
        filled();
    }

    private static QueryException gone() {
        return new QueryException(
                "CACHE_DROPPED",
                "The cached rows that this query reads were dropped or refreshed while it ran. Run it again.");
    }

    /// Forgets the rows: the next query that reads them computes them anew.
    public void refresh() {
        filling.lock();
        try {
            BatchQuery.Kept rows = kept;
            kept = null;
            if (rows != null) {
                use.writeLock().lock();
                try {
                    rows.close();
                } finally {
                    use.writeLock().unlock();
                }
            }
        } finally {
            filling.unlock();
        }
    }

    /// Forgets the rows for good.
    @Override
    public void close() {
        filling.lock();
        try {
            dropped = true;
            refresh();
        } finally {
            filling.unlock();
        }
    }

    private final class Reader implements ChunkReader {
        private final BatchQuery.Kept rows;
        private final Queue<KeptChunks.Piece> pieces;
        private final BufferAllocator allocator;

        Reader(BatchQuery.Kept rows, Queue<KeptChunks.Piece> pieces, BufferAllocator allocator) {
            this.rows = rows;
            this.pieces = pieces;
            this.allocator = allocator;
        }

        @Override
        public @Nullable Chunk next() {
            KeptChunks.Piece piece = pieces.poll();
            if (piece == null) {
                return null;
            }
            use.readLock().lock();
            try {
                if (rows.isClosed()) {
                    throw gone();
                }
                return rows.chunks().copyTo(piece, allocator);
            } finally {
                use.readLock().unlock();
            }
        }

        @Override
        public void close() {}
    }
}
