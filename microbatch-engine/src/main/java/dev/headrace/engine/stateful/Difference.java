package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.exec.KeyTable;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// The difference between two bags of rows: what a change of the result is.
final class Difference implements AutoCloseable {
    private final BufferAllocator allocator;
    private final KeyTable rows;
    private int[] surplus = new int[64];

    private Difference(StructType schema, BufferAllocator allocator) {
        this.allocator = allocator;
        this.rows = new KeyTable(RowLayout.of(schema), allocator);
    }

    /// The rows of `before` that are not in `after` as removed ones, then those of `after` that are not in `before` as
    /// added ones; a row that is there several times counts each time.
    ///
    /// @param before,after taken over
    /// @return chunks with the [ChangeColumn], which the caller closes
    static List<Chunk> of(StructType schema, List<Chunk> before, List<Chunk> after, BufferAllocator allocator) {
        try (Difference difference = new Difference(schema, allocator)) {
            List<int[]> beforeSlots = difference.count(before, ChangeColumn.REMOVED);
            List<int[]> afterSlots = difference.count(after, ChangeColumn.ADDED);
            List<Chunk> changes = new ArrayList<>();
            try {
                difference.take(before, beforeSlots, ChangeColumn.REMOVED, changes);
                difference.take(after, afterSlots, ChangeColumn.ADDED, changes);
                return changes;
            } catch (Throwable failed) {
                Closing.all(changes);
                throw failed;
            }
        } finally {
            Closing.all(before);
            Closing.all(after);
        }
    }

    private List<int[]> count(List<Chunk> chunks, int change) {
        List<int[]> all = new ArrayList<>();
        for (Chunk chunk : chunks) {
            int[] slots = new int[chunk.rowCount()];
            rows.assign(chunk.columns(), slots.length, slots);
            if (surplus.length < rows.slotCount()) {
                surplus = Arrays.copyOf(surplus, Math.max(rows.slotCount(), 2 * surplus.length));
            }
            for (int slot : slots) {
                surplus[slot] += change;
            }
            all.add(slots);
        }
        return all;
    }

    private void take(List<Chunk> chunks, List<int[]> slotsOf, int change, List<Chunk> out) {
        for (int c = 0; c < chunks.size(); c++) {
            int[] slots = slotsOf.get(c);
            int[] taken = new int[slots.length];
            int count = 0;
            for (int row = 0; row < slots.length; row++) {
                if (surplus[slots[row]] * change > 0) {
                    surplus[slots[row]] -= change;
                    taken[count++] = row;
                }
            }
            if (count > 0) {
                try (Chunk changed = Columns.gather(chunks.get(c), taken, 0, count, allocator)) {
                    out.add(signed(changed, change, allocator));
                }
            }
        }
    }

    /// The rows with a change.
    ///
    /// @param rows borrowed
    static Chunk signed(Chunk rows, int change, BufferAllocator allocator) {
        int last = rows.columnCount();
        List<FieldVector> columns = Columns.make(
                last + 1, i -> i < last ? rows.share(i) : ChangeColumn.of(change, rows.rowCount(), allocator));
        return new Chunk(ChangeColumn.addTo(rows.schema()), columns, rows.rowCount());
    }

    @Override
    public void close() {
        rows.close();
    }
}
