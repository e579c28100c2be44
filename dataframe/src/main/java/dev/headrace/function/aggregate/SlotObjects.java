package dev.headrace.function.aggregate;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.types.DataType;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// An object per slot, on the heap. New slots are null.
final class SlotObjects<T> {
    private @Nullable Object[] objects = new @Nullable Object[16];

    void resize(int slots) {
        if (slots > objects.length) {
            objects = Arrays.copyOf(objects, Math.max(slots, objects.length * 2));
        }
    }

    @SuppressWarnings("unchecked")
    @Nullable T get(int slot) {
        return (T) objects[slot];
    }

    void set(int slot, @Nullable T value) {
        objects[slot] = value;
    }

    /// A new vector of the cells that `cell` gives for the rows below `count`. The caller owns it.
    static FieldVector vector(
            String name, DataType type, int count, IntFunction<@Nullable Object> cell, BufferAllocator allocator) {
        FieldVector vector = ArrowTypes.newVector(name, type, allocator);
        try {
            vector.allocateNew();
            for (int i = 0; i < count; i++) {
                Cell.write(vector, i, cell.apply(i));
            }
            vector.setValueCount(count);
            return vector;
        } catch (Throwable failure) {
            vector.close();
            throw failure;
        }
    }
}
