package dev.headrace.function.aggregate;

import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import dev.headrace.chunk.SlotMemory;
import dev.headrace.function.AggregateFunction;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarBinaryVector;

/// `approx_count_distinct`: HyperLogLog with `2^precision` registers of one byte, read by Ertl's improved estimator
/// ("New cardinality estimation algorithms for HyperLogLog sketches", 2017), which needs no tables of corrections.
record ApproximateCount(int precision) implements AggregateFunction {
    /// The fewest registers, a power of two, for this relative standard deviation.
    static ApproximateCount withError(double error) {
        return new ApproximateCount((int) Math.ceil(2 * Math.log(1.106 / error) / Math.log(2)));
    }

    @Override
    public String name() {
        return "approx_count_distinct";
    }

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
        return List.of(new StructField("registers", DataTypes.BinaryType, false));
    }

    @Override
    public GroupAccumulator newAccumulator(BufferAllocator allocator) {
        return new Accumulator(precision, allocator);
    }

    private static final class Accumulator implements GroupAccumulator {
        private final int precision;
        private final int registers;
        private final SlotMemory memory;

        Accumulator(int precision, BufferAllocator allocator) {
            this.precision = precision;
            registers = 1 << precision;
            memory = new SlotMemory(registers, allocator);
        }

        @Override
        public void resize(int slots) {
            memory.resize(slots);
        }

        @Override
        public void update(List<FieldVector> arguments, int[] slots, int rows) {
            FieldVector values = arguments.getFirst();
            CellHash hash = CellHash.of(values);
            for (int i = 0; i < rows; i++) {
                if (!values.isNull(i)) {
                    offer(slots[i], hash.at(i));
                }
            }
        }

        private void offer(int slot, long hash) {
            int register = (int) (hash >>> Long.SIZE - precision);
            int rank = Math.min(Long.numberOfLeadingZeros(hash << precision), Long.SIZE - precision) + 1;
            raise(memory.address(slot) + register, rank);
        }

        private static void raise(long at, int rank) {
            if (rank > Memory.getByte(at)) {
                Memory.putByte(at, (byte) rank);
            }
        }

        @Override
        public void merge(List<FieldVector> partials, int[] slots, int rows) {
            VarBinaryVector sketches = (VarBinaryVector) partials.getFirst();
            for (int i = 0; i < rows; i++) {
                long from = sketches.getDataBuffer().memoryAddress() + sketches.getStartOffset(i);
                for (int register = 0; register < registers; register++) {
                    raise(memory.address(slots[i]) + register, Memory.getByte(from + register));
                }
            }
        }

        @Override
        public List<FieldVector> partials(int from, int count, BufferAllocator allocator) {
            return List.of(SlotObjects.vector(
                    "registers",
                    DataTypes.BinaryType,
                    count,
                    i -> Slice.at(memory.address(from + i), registers),
                    allocator));
        }

        @Override
        public FieldVector results(int from, int count, BufferAllocator allocator) {
            return SlotObjects.vector("result", DataTypes.LongType, count, i -> estimate(from + i), allocator);
        }

        private long estimate(int slot) {
            int[] histogram = new int[Long.SIZE - precision + 2];
            for (int register = 0; register < registers; register++) {
                histogram[Memory.getByte(memory.address(slot) + register)]++;
            }
            double m = registers;
            int q = Long.SIZE - precision;
            double z = m * tau(1 - histogram[q + 1] / m);
            for (int k = q; k >= 1; k--) {
                z = 0.5 * (z + histogram[k]);
            }
            z += m * sigma(histogram[0] / m);
            return Math.round(m * m / (2 * Math.log(2) * z));
        }

        private static double sigma(double share) {
            if (share == 1) {
                return Double.POSITIVE_INFINITY;
            }
            double x = share;
            double y = 1;
            double z = x;
            double before;
            do {
                x *= x;
                before = z;
                z += x * y;
                y += y;
            } while (z != before);
            return z;
        }

        private static double tau(double share) {
            if (share == 0 || share == 1) {
                return 0;
            }
            double x = share;
            double y = 1;
            double z = 1 - x;
            double before;
            do {
                x = Math.sqrt(x);
                before = z;
                y *= 0.5;
                z -= (1 - x) * (1 - x) * y;
            } while (z != before);
            return z / 3;
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
