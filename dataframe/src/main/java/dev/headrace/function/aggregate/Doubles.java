package dev.headrace.function.aggregate;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Columns;
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
import org.apache.arrow.vector.Float8Vector;

/// `sum` and `avg` of doubles; null if there are none.
///
/// Each group keeps the sum, the rounding error made so far, and the number of values. The error is added at the end,
/// so that the result hardly ever depends on how the rows were cut into partial sums.
record Doubles(Kind kind) implements AggregateFunction {
    enum Kind {
        SUM,
        AVG
    }

    @Override
    public String name() {
        return kind == Kind.SUM ? "sum" : "avg";
    }

    @Override
    public DataType resultType() {
        return DataTypes.DoubleType;
    }

    @Override
    public List<StructField> partialFields() {
        return List.of(
                new StructField("sum", DataTypes.DoubleType, false),
                new StructField("error", DataTypes.DoubleType, false),
                new StructField("count", DataTypes.LongType, false));
    }

    @Override
    public GroupAccumulator newAccumulator(BufferAllocator allocator) {
        return new Accumulator(kind, allocator);
    }

    private static final class Accumulator implements GroupAccumulator {
        private static final int WIDTH = 24;
        private static final int ERROR = 8;
        private static final int COUNT = 16;

        private final Kind kind;
        private final SlotMemory memory;

        Accumulator(Kind kind, BufferAllocator allocator) {
            this.kind = kind;
            memory = new SlotMemory(WIDTH, allocator);
        }

        @Override
        public void resize(int slots) {
            memory.resize(slots);
        }

        @Override
        public void update(List<FieldVector> arguments, int[] slots, int rows) {
            FieldVector values = arguments.getFirst();
            long base = memory.address();
            long data = values.getDataBuffer().memoryAddress();
            if (values.getNullCount() == 0) {
                for (int i = 0; i < rows; i++) {
                    add(base + (long) slots[i] * WIDTH, Memory.getDouble(data + (long) i * Double.BYTES), 0, 1);
                }
                return;
            }
            long validity = values.getValidityBuffer().memoryAddress();
            for (int i = 0; i < rows; i++) {
                if (Memory.bit(validity, i)) {
                    add(base + (long) slots[i] * WIDTH, Memory.getDouble(data + (long) i * Double.BYTES), 0, 1);
                }
            }
        }

        /// Knuth's TwoSum: `rounded` plus the error is exactly the sum, if nothing overflows.
        private static void add(long at, double value, double valueError, long count) {
            double sum = Memory.getDouble(at);
            double rounded = sum + value;
            double valuePart = rounded - sum;
            double error = (sum - (rounded - valuePart)) + (value - valuePart);
            Memory.putDouble(at, rounded);
            Memory.putDouble(at + ERROR, Memory.getDouble(at + ERROR) + (error + valueError));
            Memory.putLong(at + COUNT, Memory.getLong(at + COUNT) + count);
        }

        @Override
        public void merge(List<FieldVector> partials, int[] slots, int rows) {
            long base = memory.address();
            long sums = partials.get(0).getDataBuffer().memoryAddress();
            long errors = partials.get(1).getDataBuffer().memoryAddress();
            long counts = partials.get(2).getDataBuffer().memoryAddress();
            for (int i = 0; i < rows; i++) {
                long at = (long) i * Double.BYTES;
                add(
                        base + (long) slots[i] * WIDTH,
                        Memory.getDouble(sums + at),
                        Memory.getDouble(errors + at),
                        Memory.getLong(counts + at));
            }
        }

        @Override
        public List<FieldVector> partials(int from, int count, BufferAllocator allocator) {
            return Columns.make(3, column -> switch (column) {
                case 0 -> doubles("sum", 0, from, count, allocator);
                case 1 -> doubles("error", ERROR, from, count, allocator);
                default -> counts(from, count, allocator);
            });
        }

        private FieldVector doubles(String name, int offset, int from, int count, BufferAllocator allocator) {
            Float8Vector vector = (Float8Vector) ArrowTypes.newVector(name, DataTypes.DoubleType, allocator);
            vector.allocateNew(count);
            for (int i = 0; i < count; i++) {
                vector.set(i, Memory.getDouble(memory.address(from + i) + offset));
            }
            vector.setValueCount(count);
            return vector;
        }

        private FieldVector counts(int from, int count, BufferAllocator allocator) {
            BigIntVector counts = (BigIntVector) ArrowTypes.newVector("count", DataTypes.LongType, allocator);
            counts.allocateNew(count);
            for (int i = 0; i < count; i++) {
                counts.set(i, Memory.getLong(memory.address(from + i) + COUNT));
            }
            counts.setValueCount(count);
            return counts;
        }

        @Override
        public FieldVector results(int from, int count, BufferAllocator allocator) {
            Float8Vector results = (Float8Vector) ArrowTypes.newVector("result", DataTypes.DoubleType, allocator);
            results.allocateNew(count);
            for (int i = 0; i < count; i++) {
                long at = memory.address(from + i);
                long values = Memory.getLong(at + COUNT);
                if (values > 0) {
                    double sum = total(Memory.getDouble(at), Memory.getDouble(at + ERROR));
                    results.set(i, kind == Kind.SUM ? sum : sum / values);
                }
            }
            results.setValueCount(count);
            return results;
        }

        /// An infinite or undefined sum has no error to add.
        private static double total(double sum, double error) {
            return Double.isFinite(sum) ? sum + error : sum;
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
