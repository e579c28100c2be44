package dev.headrace.function.aggregate;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.SlotMemory;
import dev.headrace.function.AggregateFunction.GroupAccumulator;
import dev.headrace.types.DecimalType;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;

/// The extreme of decimals of one type, compared as they are stored: as numbers of 128 bits.
final class DecimalExtreme implements GroupAccumulator {
    private static final int WIDTH = 24;
    private static final int HIGH = 8;
    private static final int PRESENT = 16;

    private final DecimalType type;
    private final boolean max;
    private final SlotMemory memory;

    DecimalExtreme(DecimalType type, boolean max, BufferAllocator allocator) {
        this.type = type;
        this.max = max;
        this.memory = new SlotMemory(WIDTH, allocator);
    }

    @Override
    public void resize(int slots) {
        memory.resize(slots);
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
        for (int i = 0; i < rows; i++) {
            if (validity == 0 || Memory.bit(validity, i)) {
                offer(memory.address(slots[i]), data + (long) i * DecimalVector.TYPE_WIDTH);
            }
        }
    }

    private void offer(long at, long value) {
        long low = Memory.getLong(value);
        long high = Memory.getLong(value + HIGH);
        if (Memory.getLong(at + PRESENT) != 0) {
            long bestHigh = Memory.getLong(at + HIGH);
            int order = high != bestHigh ? Long.compare(high, bestHigh) : Long.compareUnsigned(low, Memory.getLong(at));
            if (max ? order <= 0 : order >= 0) {
                return;
            }
        }
        Memory.putLong(at, low);
        Memory.putLong(at + HIGH, high);
        Memory.putLong(at + PRESENT, 1);
    }

    @Override
    public void merge(List<FieldVector> partials, int[] slots, int rows) {
        update(partials, slots, rows);
    }

    @Override
    public boolean addUp(int from, int end) {
        for (int slot = from + 1; slot < end; slot++) {
            long before = memory.address(slot - 1);
            if (Memory.getLong(before + PRESENT) != 0) {
                offer(before + WIDTH, before);
            }
        }
        return true;
    }

    @Override
    public List<FieldVector> partials(int from, int count, BufferAllocator allocator) {
        return List.of(results(from, count, allocator));
    }

    @Override
    public FieldVector results(int from, int count, BufferAllocator allocator) {
        DecimalVector vector = (DecimalVector) ArrowTypes.newVector("extreme", type, allocator);
        vector.allocateNew(count);
        long data = vector.getDataBuffer().memoryAddress();
        long validity = vector.getValidityBuffer().memoryAddress();
        for (int i = 0; i < count; i++) {
            long at = memory.address(from + i);
            if (Memory.getLong(at + PRESENT) != 0) {
                Memory.setBit(validity, i);
                Memory.copy(null, at, null, data + (long) i * DecimalVector.TYPE_WIDTH, DecimalVector.TYPE_WIDTH);
            }
        }
        vector.setValueCount(count);
        return vector;
    }

    @Override
    public void close() {
        memory.close();
    }
}
