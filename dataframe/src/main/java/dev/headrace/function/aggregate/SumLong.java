package dev.headrace.function.aggregate;

import dev.headrace.chunk.Memory;
import dev.headrace.errors.DataException;
import dev.headrace.function.AggregateFunction;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// The sum of bigints; null if there are none.
record SumLong() implements AggregateFunction {
    @Override
    public String name() {
        return "sum";
    }

    @Override
    public DataType resultType() {
        return DataTypes.LongType;
    }

    @Override
    public List<StructField> partialFields() {
        return List.of(new StructField("sum", DataTypes.LongType, true));
    }

    @Override
    public GroupAccumulator newAccumulator(BufferAllocator allocator) {
        return new Accumulator(allocator);
    }

    private static final class Accumulator implements GroupAccumulator {
        private final SlotColumn sums;

        Accumulator(BufferAllocator allocator) {
            sums = new SlotColumn(Long.BYTES, allocator);
        }

        @Override
        public void resize(int slots) {
            sums.resize(slots);
        }

        @Override
        public void update(List<FieldVector> arguments, int[] slots, int rows) {
            FieldVector values = arguments.getFirst();
            try {
                if (values.getNullCount() == 0) {
                    addAll(values, slots, rows);
                } else {
                    addValid(values, slots, rows);
                }
            } catch (ArithmeticException overflow) {
                throw overflow();
            }
        }

        private static DataException overflow() {
            return new DataException(
                    "ARITHMETIC_OVERFLOW",
                    "sum: the sum of a group is out of the range of bigint. Cast the argument to a decimal.");
        }

        private void addAll(FieldVector values, int[] slots, int rows) {
            long data = values.getDataBuffer().memoryAddress();
            long base = sums.values();
            long present = sums.present();
            for (int i = 0; i < rows; i++) {
                long at = base + (long) slots[i] * Long.BYTES;
                Memory.putLong(at, Math.addExact(Memory.getLong(at), Memory.getLong(data + (long) i * Long.BYTES)));
                Memory.putByte(present + slots[i], (byte) 1);
            }
        }

        private void addValid(FieldVector values, int[] slots, int rows) {
            long data = values.getDataBuffer().memoryAddress();
            long validity = values.getValidityBuffer().memoryAddress();
            long base = sums.values();
            long present = sums.present();
            for (int i = 0; i < rows; i++) {
                if (Memory.bit(validity, i)) {
                    long at = base + (long) slots[i] * Long.BYTES;
                    Memory.putLong(at, Math.addExact(Memory.getLong(at), Memory.getLong(data + (long) i * Long.BYTES)));
                    Memory.putByte(present + slots[i], (byte) 1);
                }
            }
        }

        @Override
        public void merge(List<FieldVector> partials, int[] slots, int rows) {
            update(partials, slots, rows);
        }

        @Override
        public boolean addUp(int from, int end) {
            long present = sums.present();
            try {
                for (int slot = from + 1; slot < end; slot++) {
                    long at = sums.values() + (long) slot * Long.BYTES;
                    Memory.putLong(at, Math.addExact(Memory.getLong(at), Memory.getLong(at - Long.BYTES)));
                    Memory.putByte(present + slot, (byte)
                            (Memory.getByte(present + slot) | Memory.getByte(present + slot - 1)));
                }
            } catch (ArithmeticException overflow) {
                throw overflow();
            }
            return true;
        }

        @Override
        public List<FieldVector> partials(int from, int count, BufferAllocator allocator) {
            return List.of(results(from, count, allocator));
        }

        @Override
        public FieldVector results(int from, int count, BufferAllocator allocator) {
            return sums.toVector("sum", DataTypes.LongType, from, count, allocator);
        }

        @Override
        public void close() {
            sums.close();
        }
    }
}
