package dev.headrace.function.aggregate;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.SlotMemory;
import dev.headrace.function.AggregateFunction.GroupAccumulator;
import dev.headrace.types.DataType;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;

/// The extreme of booleans, integers, dates, timestamps and floating-point numbers.
///
/// Every value becomes a 64-bit key whose unsigned order is the order looked for (turned around for `min`), so that a
/// new slot, which is 0, loses against everything, and one comparison serves all types. Of -0.0 and 0.0 the former is
/// the lesser, so that the result does not depend on the order of rows.
final class FixedExtreme implements GroupAccumulator {
    private static final long SIGN = Long.MIN_VALUE;

    private final DataType type;
    private final long flip;
    private final SlotMemory keys;
    private final SlotMemory present;

    FixedExtreme(DataType type, boolean max, BufferAllocator allocator) {
        this.type = type;
        flip = max ? SIGN : ~SIGN;
        keys = new SlotMemory(Long.BYTES, allocator);
        present = new SlotMemory(1, allocator);
    }

    @Override
    public void resize(int slots) {
        keys.resize(slots);
        present.resize(slots);
    }

    @Override
    public void update(List<FieldVector> arguments, int[] slots, int rows) {
        FieldVector values = arguments.getFirst();
        if (values.getNullCount() >= rows) {
            return;
        }
        long data = values.getDataBuffer().memoryAddress();
        long validity =
                values.getNullCount() == 0 ? 0 : values.getValidityBuffer().memoryAddress();
        switch (values) {
            case BitVector _ -> updateBits(data, validity, slots, rows);
            case Float4Vector _ -> updateFloats(data, validity, slots, rows);
            case Float8Vector _ -> updateDoubles(data, validity, slots, rows);
            case BaseFixedWidthVector fixed -> updateIntegers(data, fixed.getTypeWidth(), validity, slots, rows);
            default -> throw new IllegalArgumentException("not of fixed width: " + values.getClass());
        }
    }

    private void updateIntegers(long data, int width, long validity, int[] slots, int rows) {
        switch (width) {
            case 8 -> {
                for (int i = 0; i < rows; i++) {
                    if (validity == 0 || Memory.bit(validity, i)) {
                        offer(slots[i], Memory.getLong(data + (long) i * 8));
                    }
                }
            }
            case 4 -> {
                for (int i = 0; i < rows; i++) {
                    if (validity == 0 || Memory.bit(validity, i)) {
                        offer(slots[i], Memory.getInt(data + (long) i * 4));
                    }
                }
            }
            case 2 -> {
                for (int i = 0; i < rows; i++) {
                    if (validity == 0 || Memory.bit(validity, i)) {
                        offer(slots[i], Memory.getShort(data + (long) i * 2));
                    }
                }
            }
            case 1 -> {
                for (int i = 0; i < rows; i++) {
                    if (validity == 0 || Memory.bit(validity, i)) {
                        offer(slots[i], Memory.getByte(data + i));
                    }
                }
            }
            default -> throw new IllegalArgumentException("integers of " + width + " bytes");
        }
    }

    private void updateBits(long data, long validity, int[] slots, int rows) {
        for (int i = 0; i < rows; i++) {
            if (validity == 0 || Memory.bit(validity, i)) {
                offer(slots[i], Memory.bit(data, i) ? 1 : 0);
            }
        }
    }

    private void updateFloats(long data, long validity, int[] slots, int rows) {
        for (int i = 0; i < rows; i++) {
            if (validity == 0 || Memory.bit(validity, i)) {
                offer(slots[i], order(Memory.getFloat(data + (long) i * Float.BYTES)));
            }
        }
    }

    private void updateDoubles(long data, long validity, int[] slots, int rows) {
        for (int i = 0; i < rows; i++) {
            if (validity == 0 || Memory.bit(validity, i)) {
                offer(slots[i], order(Memory.getDouble(data + (long) i * Double.BYTES)));
            }
        }
    }

    private void offer(int slot, long value) {
        long key = value ^ flip;
        long at = keys.address(slot);
        if (Long.compareUnsigned(key, Memory.getLong(at)) > 0) {
            Memory.putLong(at, key);
        }
        Memory.putByte(present.address() + slot, (byte) 1);
    }

    /// The number as a long of the same order, NaN the greatest.
    static long order(double value) {
        long bits = Double.doubleToLongBits(value);
        return bits ^ (bits >> 63 & Long.MAX_VALUE);
    }

    private static double fromOrder(long order) {
        return Double.longBitsToDouble(order ^ (order >> 63 & Long.MAX_VALUE));
    }

    @Override
    public boolean addUp(int from, int end) {
        for (int slot = from + 1; slot < end; slot++) {
            if (Memory.getByte(present.address() + slot - 1) != 0) {
                offer(slot, Memory.getLong(keys.address(slot - 1)) ^ flip);
            }
        }
        return true;
    }

    @Override
    public void merge(List<FieldVector> partials, int[] slots, int rows) {
        update(partials, slots, rows);
    }

    @Override
    public List<FieldVector> partials(int from, int count, BufferAllocator allocator) {
        return List.of(results(from, count, allocator));
    }

    @Override
    public FieldVector results(int from, int count, BufferAllocator allocator) {
        FieldVector vector = ArrowTypes.newVector("extreme", type, allocator);
        ((BaseFixedWidthVector) vector).allocateNew(count);
        long data = vector.getDataBuffer().memoryAddress();
        long validity = vector.getValidityBuffer().memoryAddress();
        for (int i = 0; i < count; i++) {
            if (Memory.getByte(present.address() + from + i) != 0) {
                Memory.setBit(validity, i);
                write(vector, data, i, Memory.getLong(keys.address(from + i)) ^ flip);
            }
        }
        vector.setValueCount(count);
        return vector;
    }

    private static void write(FieldVector vector, long data, int row, long value) {
        switch (vector) {
            case BitVector bits -> bits.set(row, Math.toIntExact(value));
            case Float4Vector _ -> Memory.putFloat(data + (long) row * Float.BYTES, (float) fromOrder(value));
            case Float8Vector _ -> Memory.putDouble(data + (long) row * Double.BYTES, fromOrder(value));
            case BaseFixedWidthVector fixed -> {
                switch (fixed.getTypeWidth()) {
                    case 1 -> Memory.putByte(data + row, (byte) value);
                    case 2 -> Memory.putShort(data + (long) row * 2, (short) value);
                    case 4 -> Memory.putInt(data + (long) row * 4, (int) value);
                    default -> Memory.putLong(data + (long) row * 8, value);
                }
            }
            default -> throw new IllegalArgumentException("not of fixed width: " + vector.getClass());
        }
    }

    @Override
    public void close() {
        keys.close();
        present.close();
    }
}
