package dev.headrace.function.aggregate;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.SlotMemory;
import dev.headrace.errors.DataException;
import dev.headrace.function.AggregateFunction;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.StructField;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;

/// `sum` and `avg` of decimals; null if there are none. The sum of unscaled values is kept in 128 bits.
///
/// @param argument the type of the argument
record Decimals(Kind kind, DecimalType argument) implements AggregateFunction {
    enum Kind {
        SUM,
        AVG
    }

    @Override
    public String name() {
        return kind == Kind.SUM ? "sum" : "avg";
    }

    private DecimalType sumType() {
        return sumType(argument);
    }

    static DecimalType sumType(DecimalType argument) {
        return new DecimalType(Math.min(argument.precision() + 10, DecimalType.MAX_PRECISION), argument.scale());
    }

    @Override
    public DecimalType resultType() {
        if (kind == Kind.SUM) {
            return sumType();
        }
        int scale = Math.min(argument.scale() + 4, DecimalType.MAX_PRECISION);
        return new DecimalType(Math.min(argument.precision() + 4, DecimalType.MAX_PRECISION), scale);
    }

    @Override
    public List<StructField> partialFields() {
        DataType widest = new DecimalType(DecimalType.MAX_PRECISION, argument.scale());
        return List.of(new StructField("sum", widest, false), new StructField("count", DataTypes.LongType, false));
    }

    @Override
    public GroupAccumulator newAccumulator(BufferAllocator allocator) {
        return new Accumulator(this, allocator);
    }

    private static final class Accumulator implements GroupAccumulator {
        private static final int WIDTH = 24;
        private static final int HIGH = 8;
        private static final int COUNT = 16;

        /// Every number of so many digits is a long.
        private static final int LONGEST = 18;

        /// Sums of so many values of so many bits are longs.
        private static final int SMALL_BITS = 48;

        private static final long SMALL = 1L << SMALL_BITS;
        private static final int MOST_SMALL = 1 << Long.SIZE - 1 - SMALL_BITS - 1;

        /// Where groups are as few, and have as many rows, what is added up first is in the processor's cache.
        private static final int FEW_SLOTS = 256;

        private static final int ROWS_PER_SLOT = 8;

        /// How many digits an average may have more than its arguments, and the sums that have room for them in a long.
        private static final int SCALED = 4;
        private static final long MOST_SCALED = Long.MAX_VALUE / 10_000;
        private static final long[] POWERS = powers();

        private final Decimals function;
        private final BigInteger limit;
        private final SlotMemory memory;
        private int slotCount;

        Accumulator(Decimals function, BufferAllocator allocator) {
            this.function = function;
            limit = BigInteger.TEN.pow(function.sumType().precision());
            memory = new SlotMemory(WIDTH, allocator);
        }

        private static long[] powers() {
            long[] powers = new long[LONGEST + 1];
            powers[0] = 1;
            for (int i = 1; i < powers.length; i++) {
                powers[i] = powers[i - 1] * 10;
            }
            return powers;
        }

        @Override
        public void resize(int slots) {
            memory.resize(slots);
            slotCount = slots;
        }

        @Override
        public void update(List<FieldVector> arguments, int[] slots, int rows) {
            FieldVector values = arguments.getFirst();
            long base = memory.address();
            long data = values.getDataBuffer().memoryAddress();
            if (values.getNullCount() == 0) {
                if (slotCount <= FEW_SLOTS && rows >= ROWS_PER_SLOT * slotCount && addSmall(data, slots, rows)) {
                    return;
                }
                for (int i = 0; i < rows; i++) {
                    add(base + (long) slots[i] * WIDTH, data + (long) i * DecimalVector.TYPE_WIDTH, 1);
                }
                return;
            }
            long validity = values.getValidityBuffer().memoryAddress();
            for (int i = 0; i < rows; i++) {
                if (Memory.bit(validity, i)) {
                    add(base + (long) slots[i] * WIDTH, data + (long) i * DecimalVector.TYPE_WIDTH, 1);
                }
            }
        }

        /// Adds up in longs first what few groups get, if all values are so small that this can't overflow.
        ///
        /// @return false if nothing was added
        private boolean addSmall(long data, int[] slots, int rows) {
            if (rows > MOST_SMALL) {
                return false;
            }
            long[] sums = new long[slotCount];
            int[] counts = new int[slotCount];
            long large = 0;
            for (int i = 0; i < rows; i++) {
                long low = Memory.getLong(data + (long) i * DecimalVector.TYPE_WIDTH);
                long high = Memory.getLong(data + (long) i * DecimalVector.TYPE_WIDTH + HIGH);
                large |= high ^ low >> Long.SIZE - 1 | low + SMALL >>> SMALL_BITS + 1;
                sums[slots[i]] += low;
                counts[slots[i]]++;
            }
            if (large != 0) {
                return false;
            }
            for (int slot = 0; slot < sums.length; slot++) {
                if (counts[slot] > 0) {
                    add(memory.address(slot), sums[slot], sums[slot] >> Long.SIZE - 1, counts[slot]);
                }
            }
            return true;
        }

        private void add(long at, long value, long count) {
            add(at, Memory.getLong(value), Memory.getLong(value + HIGH), count);
        }

        private void add(long at, long valueLow, long valueHigh, long count) {
            long low = Memory.getLong(at);
            long high = Memory.getLong(at + HIGH);
            long lowSum = low + valueLow;
            long carry = Long.compareUnsigned(lowSum, low) < 0 ? 1 : 0;
            long highSum = high + valueHigh + carry;
            if (((high ^ highSum) & (valueHigh ^ highSum)) < 0) {
                throw overflow();
            }
            Memory.putLong(at, lowSum);
            Memory.putLong(at + HIGH, highSum);
            Memory.putLong(at + COUNT, Memory.getLong(at + COUNT) + count);
        }

        private DataException overflow() {
            return new DataException(
                    "ARITHMETIC_OVERFLOW",
                    function.name() + ": the sum of a group is out of the range of "
                            + function.sumType().simpleString() + ". Cast the argument to double.");
        }

        @Override
        public void merge(List<FieldVector> partials, int[] slots, int rows) {
            long base = memory.address();
            long sums = partials.get(0).getDataBuffer().memoryAddress();
            long counts = partials.get(1).getDataBuffer().memoryAddress();
            for (int i = 0; i < rows; i++) {
                add(
                        base + (long) slots[i] * WIDTH,
                        sums + (long) i * DecimalVector.TYPE_WIDTH,
                        Memory.getLong(counts + (long) i * Long.BYTES));
            }
        }

        @Override
        public boolean addUp(int from, int end) {
            for (int slot = from + 1; slot < end; slot++) {
                long before = memory.address(slot - 1);
                add(before + WIDTH, before, Memory.getLong(before + COUNT));
            }
            return true;
        }

        private BigDecimal sum(int slot) {
            long at = memory.address(slot);
            BigInteger unscaled = BigInteger.valueOf(Memory.getLong(at + HIGH))
                    .shiftLeft(Long.SIZE)
                    .or(new BigInteger(Long.toUnsignedString(Memory.getLong(at))));
            if (unscaled.abs().compareTo(limit) >= 0) {
                throw overflow();
            }
            return new BigDecimal(unscaled, function.argument.scale());
        }

        private long count(int slot) {
            return Memory.getLong(memory.address(slot) + COUNT);
        }

        @Override
        public List<FieldVector> partials(int from, int count, BufferAllocator allocator) {
            return Columns.make(
                    2, column -> column == 0 ? sums(from, count, allocator) : counts(from, count, allocator));
        }

        private FieldVector sums(int from, int count, BufferAllocator allocator) {
            DecimalVector sums = (DecimalVector) ArrowTypes.newVector(
                    "sum", new DecimalType(DecimalType.MAX_PRECISION, function.argument.scale()), allocator);
            sums.allocateNew(count);
            long data = sums.getDataBuffer().memoryAddress();
            long validity = sums.getValidityBuffer().memoryAddress();
            for (int i = 0; i < count; i++) {
                long to = data + (long) i * DecimalVector.TYPE_WIDTH;
                Memory.copy(null, memory.address(from + i), null, to, DecimalVector.TYPE_WIDTH);
                Memory.setBit(validity, i);
            }
            sums.setValueCount(count);
            return sums;
        }

        private FieldVector counts(int from, int count, BufferAllocator allocator) {
            BigIntVector counts = (BigIntVector) ArrowTypes.newVector("count", DataTypes.LongType, allocator);
            counts.allocateNew(count);
            for (int i = 0; i < count; i++) {
                counts.set(i, count(from + i));
            }
            counts.setValueCount(count);
            return counts;
        }

        @Override
        public FieldVector results(int from, int count, BufferAllocator allocator) {
            DecimalType type = function.resultType();
            DecimalVector results = (DecimalVector) ArrowTypes.newVector("result", type, allocator);
            results.allocateNew(count);
            long data = results.getDataBuffer().memoryAddress();
            long validity = results.getValidityBuffer().memoryAddress();
            try {
                for (int i = 0; i < count; i++) {
                    if (count(from + i) > 0) {
                        if (putSmall(memory.address(from + i), data + (long) i * DecimalVector.TYPE_WIDTH, type)) {
                            Memory.setBit(validity, i);
                        } else {
                            results.set(i, result(from + i, type));
                        }
                    }
                }
            } catch (Throwable failed) {
                results.close();
                throw failed;
            }
            results.setValueCount(count);
            return results;
        }

        /// Writes a result that can be computed in 64 bits.
        ///
        /// @return false if it can't
        private boolean putSmall(long at, long to, DecimalType type) {
            long sum = Memory.getLong(at);
            if (Memory.getLong(at + HIGH) != sum >> 63 || !fits(sum, function.sumType())) {
                return false;
            }
            long result = sum;
            if (function.kind == Kind.AVG) {
                long count = Memory.getLong(at + COUNT);
                int more = type.scale() - function.argument.scale();
                if (sum > MOST_SCALED || sum < -MOST_SCALED || more > SCALED || count > MOST_SCALED) {
                    return false;
                }
                long scaled = sum * POWERS[more];
                long rest = Math.abs(scaled % count);
                // Half up: away from zero.
                result = scaled / count + (2 * rest >= count ? Long.signum(scaled) : 0);
                if (!fits(result, type)) {
                    return false;
                }
            }
            Memory.putLong(to, result);
            Memory.putLong(to + HIGH, result >> 63);
            return true;
        }

        private static boolean fits(long unscaled, DecimalType type) {
            return type.precision() > LONGEST
                    || unscaled < POWERS[type.precision()] && unscaled > -POWERS[type.precision()];
        }

        private BigDecimal result(int slot, DecimalType type) {
            if (function.kind == Kind.SUM) {
                return sum(slot);
            }
            BigDecimal mean = sum(slot).divide(BigDecimal.valueOf(count(slot)), type.scale(), RoundingMode.HALF_UP);
            if (mean.precision() > type.precision()) {
                throw overflow();
            }
            return mean;
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
