package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Widths;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.arrow.memory.BufferAllocator;

/// The build side of a join: its rows, and for each key the chain of rows that have it. Rows whose key has a null are
/// in no chain. Read by many threads once built.
final class JoinTable implements SpilledJoin.Table {
    private final Chunk rows;
    private final JoinIndex index;
    private final int[] next;
    private final SpillSpace.OnHeap heap;
    private final boolean unique;
    private final AtomicIntegerArray matched;

    /// By column, the bytes of the longest value, or 0 if nobody has asked.
    private final AtomicLongArray longest;

    private JoinTable(Chunk rows, JoinIndex index, int[] next, SpillSpace.OnHeap heap) {
        this.rows = rows;
        this.index = index;
        this.next = next;
        this.heap = heap;
        this.matched = new AtomicIntegerArray((rows.rowCount() + 31) / 32);
        this.longest = new AtomicLongArray(rows.columnCount());
        boolean any = false;
        for (int from = 0, to; from < next.length && !any; from = to) {
            to = Cancellation.blockEnd(from, next.length);
            for (int i = from; i < to && !any; i++) {
                any = next[i] != JoinIndex.NONE;
            }
        }
        this.unique = !any;
    }

    /// Takes over the chunks, and what is counted for the table, of which it keeps what it needs.
    static JoinTable build(
            List<Chunk> chunks, StructType schema, int[] keyOrdinals, SpillSpace.OnHeap heap, RunContext run) {
        Chunk rows = null;
        JoinIndex index = null;
        try {
            rows = AsOfTable.inOnePiece(chunks, schema, run);
            JoinHeap need = new JoinHeap(schema, keyOrdinals, run);
            long bytes = need.ofHeld(rows, rows.rowCount());
            heap.keep(bytes);
            int[] next = new int[rows.rowCount()];
            index = JoinIndex.build(
                    AsOfTable.columns(rows, keyOrdinals), need.types(), need.packed(), rows.rowCount(), next, run);
            heap.keep(bytes - need.passing(rows.rowCount()));
            return new JoinTable(rows, index, next, heap);
        } catch (Throwable failed) {
            heap.close();
            if (index != null) {
                index.close();
            }
            if (rows != null) {
                rows.close();
            }
            throw failed;
        }
    }

    Chunk rows() {
        return rows;
    }

    /// The next row with the same key, or -1.
    int next(int row) {
        return next[row];
    }

    /// How many bytes the longest value of a column takes, or more.
    long longest(int column) {
        long bytes = longest.get(column);
        if (bytes == 0) {
            bytes = Widths.ofLongest(rows.column(column));
            longest.set(column, bytes);
        }
        return bytes;
    }

    /// Whether no two rows have the same key.
    boolean isUnique() {
        return unique;
    }

    /// A reader of the keys for one thread.
    JoinIndex.Lookup lookup(BufferAllocator allocator) {
        return index.lookup(allocator);
    }

    boolean isMatched(int row) {
        return (matched.get(row >> 5) >>> (row & 31) & 1) != 0;
    }

    void markMatched(int row) {
        if (!isMatched(row)) {
            matched.getAndUpdate(row >> 5, bits -> bits | 1 << (row & 31));
        }
    }

    @Override
    public void close() {
        heap.close();
        index.close();
        rows.close();
    }
}
