package dev.headrace.function.aggregate;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Widths;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// A value of one type per slot, on the heap as [Cell] describes it, and how much of that all have. New slots are null.
final class SlotCells {
    private final DataType type;
    private final SlotObjects<Object> cells = new SlotObjects<>();

    /// Whether some values are larger objects than others, so that each is looked at.
    private final boolean differ;

    /// Of those that differ.
    private long bytes;

    private int slots;

    SlotCells(DataType type) {
        this.type = type;
        this.differ = type.isNested() || type instanceof DecimalType || Widths.differ(type);
    }

    void resize(int newSlots) {
        cells.resize(newSlots);
        slots = Math.max(slots, newSlots);
    }

    @Nullable Object get(int slot) {
        return cells.get(slot);
    }

    /// @param cell which may point into a vector
    void set(int slot, @Nullable Object cell) {
        Object kept = Cell.detach(cell);
        if (differ) {
            bytes += Cell.heapBytes(kept) - Cell.heapBytes(cells.get(slot));
        }
        cells.set(slot, kept);
    }

    /// About how much of the heap the values have.
    long heapBytes() {
        return differ ? bytes : (long) slots * Cell.OBJECT_BYTES;
    }

    /// A new vector of the slots `[from, from + count)`. The caller owns it.
    FieldVector vector(String name, int from, int count, BufferAllocator allocator) {
        return SlotObjects.vector(name, type, count, i -> cells.get(from + i), allocator);
    }
}
