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
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;

/// Variance and standard deviation of doubles; null if there are none, and of a sample of one.
///
/// Each group keeps the number of values, their mean, and the sum of squared distances from it (Welford); two groups
/// are merged by Chan's formula.
///
/// @param name `stddev`, `stddev_pop`, `variance` or `var_pop`
record Moments(String name) implements AggregateFunction {
    @Override
    public DataType resultType() {
        return DataTypes.DoubleType;
    }

    @Override
    public List<StructField> partialFields() {
        return List.of(
                new StructField("count", DataTypes.DoubleType, false),
                new StructField("mean", DataTypes.DoubleType, false),
                new StructField("squares", DataTypes.DoubleType, false));
    }

    @Override
    public GroupAccumulator newAccumulator(BufferAllocator allocator) {
        return new Accumulator(name, allocator);
    }

    private static final class Accumulator implements GroupAccumulator {
        private static final int WIDTH = 24;
        private static final int MEAN = 8;
        private static final int SQUARES = 16;

        private final boolean root;
        private final boolean population;
        private final SlotMemory memory;

        Accumulator(String name, BufferAllocator allocator) {
            root = name.startsWith("stddev");
            population = name.endsWith("_pop");
            memory = new SlotMemory(WIDTH, allocator);
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
                    add(memory.address(slots[i]), Memory.getDouble(data + (long) i * Double.BYTES));
                }
            }
        }

        private static void add(long at, double value) {
            double count = Memory.getDouble(at) + 1;
            double mean = Memory.getDouble(at + MEAN);
            double distance = value - mean;
            double newMean = mean + distance / count;
            Memory.putDouble(at, count);
            Memory.putDouble(at + MEAN, newMean);
            Memory.putDouble(at + SQUARES, Memory.getDouble(at + SQUARES) + distance * (value - newMean));
        }

        @Override
        public void merge(List<FieldVector> partials, int[] slots, int rows) {
            Float8Vector counts = (Float8Vector) partials.get(0);
            Float8Vector means = (Float8Vector) partials.get(1);
            Float8Vector squares = (Float8Vector) partials.get(2);
            for (int i = 0; i < rows; i++) {
                if (counts.get(i) > 0) {
                    mergeOne(memory.address(slots[i]), counts.get(i), means.get(i), squares.get(i));
                }
            }
        }

        private static void mergeOne(long at, double otherCount, double otherMean, double otherSquares) {
            double count = Memory.getDouble(at);
            if (count == 0) {
                // As it is: the mean may not survive being multiplied and divided.
                Memory.putDouble(at, otherCount);
                Memory.putDouble(at + MEAN, otherMean);
                Memory.putDouble(at + SQUARES, otherSquares);
                return;
            }
            double mean = Memory.getDouble(at + MEAN);
            double total = count + otherCount;
            double distance = otherMean - mean;
            Memory.putDouble(at, total);
            Memory.putDouble(at + MEAN, mean + distance * otherCount / total);
            Memory.putDouble(
                    at + SQUARES,
                    Memory.getDouble(at + SQUARES) + otherSquares + distance * distance * count * otherCount / total);
        }

        @Override
        public List<FieldVector> partials(int from, int count, BufferAllocator allocator) {
            return Columns.make(WIDTH / Double.BYTES, field -> {
                Float8Vector vector = (Float8Vector) ArrowTypes.newVector("partial", DataTypes.DoubleType, allocator);
                vector.allocateNew(count);
                for (int i = 0; i < count; i++) {
                    vector.set(i, Memory.getDouble(memory.address(from + i) + (long) field * Double.BYTES));
                }
                vector.setValueCount(count);
                return vector;
            });
        }

        @Override
        public FieldVector results(int from, int count, BufferAllocator allocator) {
            Float8Vector results = (Float8Vector) ArrowTypes.newVector("result", DataTypes.DoubleType, allocator);
            results.allocateNew(count);
            for (int i = 0; i < count; i++) {
                double values = Memory.getDouble(memory.address(from + i));
                double divisor = population ? values : values - 1;
                if (divisor > 0) {
                    double variance = Memory.getDouble(memory.address(from + i) + SQUARES) / divisor;
                    results.set(i, root ? Math.sqrt(variance) : variance);
                }
            }
            results.setValueCount(count);
            return results;
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
