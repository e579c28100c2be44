package dev.headrace.function.aggregate;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.SlotMemory;
import dev.headrace.types.DataType;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/// A nullable value of fixed width per slot: the bytes as Arrow has them (a boolean is a byte), and a flag that says
/// whether there is a value. New slots are null.
final class SlotColumn implements AutoCloseable {
    private final SlotMemory values;
    private final SlotMemory present;

    SlotColumn(int width, BufferAllocator allocator) {
        values = new SlotMemory(width, allocator);
        present = new SlotMemory(1, allocator);
    }

    void resize(int slots) {
        values.resize(slots);
        present.resize(slots);
    }

    /// The address of the value of slot 0, valid until [#resize].
    long values() {
        return values.address();
    }

    /// The address of the flag of slot 0, one byte per slot, valid until [#resize].
    long present() {
        return present.address();
    }

    boolean isPresent(int slot) {
        return Memory.getByte(present.address() + slot) != 0;
    }

    /// The slots `[from, from + count)` as a new vector, which the caller owns.
    FieldVector toVector(String name, DataType type, int from, int count, BufferAllocator allocator) {
        return toVector(name, type, values, 0, from, count, allocator);
    }

    /// As [#toVector], taking each value `offset` bytes into the slot.
    FieldVector toVector(
            String name, DataType type, SlotMemory source, int offset, int from, int count, BufferAllocator allocator) {
        BaseFixedWidthVector vector = (BaseFixedWidthVector) ArrowTypes.newVector(name, type, allocator);
        vector.allocateNew(count);
        long validity = vector.getValidityBuffer().memoryAddress();
        for (int i = 0; i < count; i++) {
            if (isPresent(from + i)) {
                Memory.setBit(validity, i);
            }
        }
        if (vector instanceof BitVector bits) {
            fillBits(bits, source, from, count);
        } else {
            int width = vector.getTypeWidth();
            long data = vector.getDataBuffer().memoryAddress();
            if (width == source.width()) {
                Memory.copy(null, source.address(from), null, data, (long) count * width);
            } else {
                for (int i = 0; i < count; i++) {
                    Memory.copy(null, source.address(from + i) + offset, null, data + (long) i * width, width);
                }
            }
        }
        vector.setValueCount(count);
        return (FieldVector) vector;
    }

    private static void fillBits(BitVector vector, SlotMemory source, int from, int count) {
        long data = vector.getDataBuffer().memoryAddress();
        Memory.fill(data, (count + 7) / 8, (byte) 0);
        for (int i = 0; i < count; i++) {
            if (Memory.getByte(source.address(from + i)) != 0) {
                Memory.setBit(data, i);
            }
        }
    }

    @Override
    public void close() {
        values.close();
        present.close();
    }
}
