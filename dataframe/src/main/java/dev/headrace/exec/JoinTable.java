package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// The build side of a join: its rows, and for each key the chain of rows that have it. Rows whose key has a null are
/// in no chain. Read by many threads once built.
final class JoinTable implements AutoCloseable {
    private static final int END = -1;

    private final Chunk rows;
    private final KeyTable keys;
    private final int[] first;
    private final int[] next;
    private final AtomicIntegerArray matched;

    private JoinTable(Chunk rows, KeyTable keys, int[] first, int[] next) {
        this.rows = rows;
        this.keys = keys;
        this.first = first;
        this.next = next;
        this.matched = new AtomicIntegerArray((rows.rowCount() + 31) / 32);
    }

    /// Takes over the chunks.
    static JoinTable build(List<Chunk> chunks, StructType schema, int[] keyOrdinals, BufferAllocator allocator) {
        Chunk rows = chunks.isEmpty() ? Chunk.empty(schema, allocator) : Columns.concat(schema, chunks, allocator);
        KeyTable keys = new KeyTable(HashJoining.keyLayout(schema, keyOrdinals), allocator);
        List<FieldVector> columns = new ArrayList<>();
        for (int ordinal : keyOrdinals) {
            columns.add(rows.column(ordinal));
        }
        int[] slots = new int[rows.rowCount()];
        keys.assign(columns, rows.rowCount(), slots);
        int[] first = new int[keys.slotCount()];
        Arrays.fill(first, END);
        int[] next = new int[rows.rowCount()];
        for (int row = rows.rowCount() - 1; row >= 0; row--) {
            if (!anyNull(columns, row)) {
                next[row] = first[slots[row]];
                first[slots[row]] = row;
            }
        }
        return new JoinTable(rows, keys, first, next);
    }

    static boolean anyNull(List<FieldVector> columns, int row) {
        for (FieldVector column : columns) {
            if (column.isNull(row)) {
                return true;
            }
        }
        return false;
    }

    Chunk rows() {
        return rows;
    }

    /// The first row with the key of a slot, or -1.
    int first(int slot) {
        return slot == KeyTable.ABSENT ? END : first[slot];
    }

    /// The next row with the same key, or -1.
    int next(int row) {
        return next[row];
    }

    /// A reader of the keys for one thread.
    KeyTable.Finder finder(BufferAllocator allocator) {
        return keys.finder(allocator);
    }

    void markMatched(int row) {
        matched.getAndUpdate(row >> 5, bits -> bits | 1 << (row & 31));
    }

    int[] unmatched() {
        return IntStream.range(0, rows.rowCount())
                .filter(row -> (matched.get(row >> 5) >>> (row & 31) & 1) == 0)
                .toArray();
    }

    @Override
    public void close() {
        keys.close();
        rows.close();
    }
}
