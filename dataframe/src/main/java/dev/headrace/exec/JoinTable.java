package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// The build side of a join: its rows, and for each key the chain of rows that have it. Rows whose key has a null are
/// in no chain. Read by many threads once built.
final class JoinTable implements SpilledJoin.Table {
    private final Chunk rows;
    private final JoinIndex index;
    private final int[] next;
    private final boolean unique;
    private final AtomicIntegerArray matched;

    private JoinTable(Chunk rows, JoinIndex index, int[] next) {
        this.rows = rows;
        this.index = index;
        this.next = next;
        this.matched = new AtomicIntegerArray((rows.rowCount() + 31) / 32);
        boolean any = false;
        for (int from = 0, to; from < next.length && !any; from = to) {
            to = Cancellation.blockEnd(from, next.length);
            for (int i = from; i < to && !any; i++) {
                any = next[i] != JoinIndex.NONE;
            }
        }
        this.unique = !any;
    }

    /// Takes over the chunks.
    static JoinTable build(List<Chunk> chunks, StructType schema, int[] keyOrdinals, RunContext run) {
        BufferAllocator allocator = run.allocator();
        Chunk rows = chunks.isEmpty() ? Chunk.empty(schema, allocator) : Columns.concat(schema, chunks, allocator);
        JoinIndex index = null;
        try {
            List<FieldVector> columns = new ArrayList<>();
            for (int ordinal : keyOrdinals) {
                columns.add(rows.column(ordinal));
            }
            int[] next = new int[rows.rowCount()];
            index = JoinIndex.build(
                    columns,
                    schema.select(keyOrdinals).fieldList().stream()
                            .map(StructField::dataType)
                            .toList(),
                    rows.rowCount(),
                    next,
                    run);
            return new JoinTable(rows, index, next);
        } catch (Throwable failed) {
            if (index != null) {
                index.close();
            }
            rows.close();
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
        index.close();
        rows.close();
    }
}
