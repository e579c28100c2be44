package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.exec.GroupLayout;
import dev.headrace.exec.GroupTable;
import dev.headrace.types.StructType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/// The partial results of groups in a query's state.
///
/// @param schema of the results
/// @param expiry when a group is forgotten, over its keys; absent if it is not
record StoredPartials(GroupLayout layout, StructType schema, OperatorState state, Optional<Expiry> expiry) {
    /// The keys' ordinals in partial results, in entries of the state and in results.
    int[] keyOrdinals() {
        int[] ordinals = new int[layout.keys().length];
        Arrays.setAll(ordinals, i -> i);
        return ordinals;
    }

    /// The partial results of those of the keys that the state has, in a chunk that the caller closes.
    ///
    /// @param keys borrowed
    Chunk find(Chunk keys, BufferAllocator allocator) {
        try (Chunk found = state.writer().lookup(keys);
                Chunk all = beside(keys, found, layout.partialSchema())) {
            int[] rows = present(found, true);
            return Columns.gather(all, rows, 0, rows.length, allocator);
        }
    }

    /// Which rows of what a lookup has found are there, or are not.
    static int[] present(Chunk found, boolean wanted) {
        BitVector present = (BitVector) found.column(0);
        int[] rows = new int[found.rowCount()];
        int count = 0;
        for (int i = 0; i < rows.length; i++) {
            if (present.get(i) != 0 == wanted) {
                rows[count++] = i;
            }
        }
        return Arrays.copyOf(rows, count);
    }

    /// Keys and the values that a lookup has found for them, in a chunk that the caller closes.
    ///
    /// @param keys,found borrowed
    static Chunk beside(Chunk keys, Chunk found, StructType schema) {
        int first = keys.columnCount();
        List<FieldVector> columns = Columns.make(
                first + found.columnCount() - 1, i -> i < first ? keys.share(i) : found.share(i - first + 1));
        return new Chunk(schema, columns, keys.rowCount());
    }

    /// @param partials borrowed
    void store(Chunk partials) {
        int keyCount = layout.keys().length;
        int[] values = new int[partials.columnCount() - keyCount];
        Arrays.setAll(values, i -> keyCount + i);
        put(state, partials, keyOrdinals(), values, expiry);
    }

    /// Sets the values of entries, whose times are those of their keys.
    ///
    /// @param rows borrowed
    static void put(OperatorState state, Chunk rows, int[] keys, int[] values, Optional<Expiry> expiry) {
        try (Chunk keyRows = rows.select(keys);
                Chunk valueRows = rows.select(values)) {
            if (expiry.isPresent()) {
                state.writer().upsert(keyRows, valueRows, expiry.get().times(keyRows));
            } else {
                state.writer().upsert(keyRows, valueRows);
            }
            state.countUpdated(keyRows.rowCount());
        }
    }

    /// Turns partial results into results, which the caller closes.
    ///
    /// @param entries taken over
    List<Chunk> results(Chunk entries, BufferAllocator allocator) {
        try (entries;
                Chunk partials = entries.withSchema(layout.partialSchema());
                GroupTable groups = new GroupTable(layout, allocator)) {
            groups.merge(partials);
            return groups.results(schema, allocator);
        }
    }
}
