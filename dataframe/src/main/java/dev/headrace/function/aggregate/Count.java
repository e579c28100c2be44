package dev.headrace.function.aggregate;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.SlotMemory;
import dev.headrace.function.AggregateFunction;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;

/// The number of rows in which no argument is null.
record Count(String name) implements AggregateFunction {
    @Override
    public DataType resultType() {
        return DataTypes.LongType;
    }

    @Override
    public boolean nullable() {
        return false;
    }

    @Override
    public List<StructField> partialFields() {
        return List.of(new StructField("count", DataTypes.LongType, false));
    }

    @Override
    public GroupAccumulator newAccumulator(BufferAllocator allocator) {
        return new Accumulator(allocator);
    }

    private static final class Accumulator implements GroupAccumulator {
        private final SlotMemory counts;

        Accumulator(BufferAllocator allocator) {
            counts = new SlotMemory(Long.BYTES, allocator);
        }

        @Override
        public void resize(int slots) {
            counts.resize(slots);
        }

        @Override
        public void update(List<FieldVector> arguments, int[] slots, int rows) {
            long base = counts.address();
            List<FieldVector> nullables = arguments.stream()
                    .filter(argument -> argument.getNullCount() > 0)
                    .toList();
            switch (nullables.size()) {
                case 0 -> {
                    for (int i = 0; i < rows; i++) {
                        increment(base, slots[i]);
                    }
                }
                case 1 -> countValid(base, nullables.getFirst(), slots, rows);
                default -> countAllValid(base, nullables, slots, rows);
            }
        }

        private static void countValid(long base, FieldVector argument, int[] slots, int rows) {
            if (argument.getNullCount() >= rows) {
                return;
            }
            long validity = argument.getValidityBuffer().memoryAddress();
            for (int i = 0; i < rows; i++) {
                if (Memory.bit(validity, i)) {
                    increment(base, slots[i]);
                }
            }
        }

        private static void countAllValid(long base, List<FieldVector> arguments, int[] slots, int rows) {
            for (int i = 0; i < rows; i++) {
                int row = i;
                if (arguments.stream().noneMatch(argument -> argument.isNull(row))) {
                    increment(base, slots[i]);
                }
            }
        }

        private static void increment(long base, int slot) {
            long at = base + (long) slot * Long.BYTES;
            Memory.putLong(at, Memory.getLong(at) + 1);
        }

        @Override
        public void merge(List<FieldVector> partials, int[] slots, int rows) {
            long base = counts.address();
            long data = partials.getFirst().getDataBuffer().memoryAddress();
            for (int i = 0; i < rows; i++) {
                long at = base + (long) slots[i] * Long.BYTES;
                Memory.putLong(at, Memory.getLong(at) + Memory.getLong(data + (long) i * Long.BYTES));
            }
        }

        @Override
        public boolean addUp(int from, int end) {
            for (int slot = from + 1; slot < end; slot++) {
                long at = counts.address(slot);
                Memory.putLong(at, Memory.getLong(at) + Memory.getLong(at - Long.BYTES));
            }
            return true;
        }

        @Override
        public List<FieldVector> partials(int from, int count, BufferAllocator allocator) {
            return List.of(results(from, count, allocator));
        }

        @Override
        public FieldVector results(int from, int count, BufferAllocator allocator) {
            return longs("count", counts, from, count, allocator);
        }

        @Override
        public void close() {
            counts.close();
        }
    }

    /// The slots `[from, from + count)` of a memory of longs, none null.
    static FieldVector longs(String name, SlotMemory values, int from, int count, BufferAllocator allocator) {
        BigIntVector vector = (BigIntVector) ArrowTypes.newVector(name, DataTypes.LongType, allocator);
        vector.allocateNew(count);
        Memory.copy(
                null, values.address(from), null, vector.getDataBuffer().memoryAddress(), (long) count * Long.BYTES);
        long validity = vector.getValidityBuffer().memoryAddress();
        for (int i = 0; i < count; i++) {
            Memory.setBit(validity, i);
        }
        vector.setValueCount(count);
        return vector;
    }
}
