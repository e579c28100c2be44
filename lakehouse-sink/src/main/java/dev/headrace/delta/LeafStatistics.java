package dev.headrace.delta;

import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import dev.headrace.delta.log.ColumnStatistics;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;

/// Counts the nulls and keeps the least and the largest value of one leaf column while its chunks go by.
///
/// A value within a struct that is null is null too.
abstract sealed class LeafStatistics {
    private long nulls;

    static LeafStatistics of(DataType type) {
        return switch (type) {
            case ByteType _, ShortType _, IntegerType _, LongType _ -> new Integers(type);
            case DateType _, TimestampType _, TimestampNTZType _ -> new Integers(type);
            case FloatType _, DoubleType _ -> new Floats(type);
            case DecimalType decimal -> new Decimals(decimal);
            case StringType _ -> new Texts();
            case DataType _ -> new NullsOnly();
        };
    }

    /// @param parents the structs around the vector
    final void add(FieldVector vector, List<FieldVector> parents, int rows) {
        boolean noNulls = vector.getNullCount() == 0 && parents.stream().allMatch(parent -> parent.getNullCount() == 0);
        for (int row = 0; row < rows; row++) {
            if (noNulls || !isNull(vector, parents, row)) {
                see(vector, row);
            } else {
                nulls++;
            }
        }
    }

    private static boolean isNull(FieldVector vector, List<FieldVector> parents, int row) {
        for (int i = 0; i < parents.size(); i++) {
            if (parents.get(i).isNull(row)) {
                return true;
            }
        }
        return vector.isNull(row);
    }

    final ColumnStatistics result() {
        return new ColumnStatistics.Leaf(
                Optional.ofNullable(min()), Optional.ofNullable(max()), OptionalLong.of(nulls));
    }

    /// Takes in a value that is not null.
    abstract void see(FieldVector vector, int row);

    /// The least value as a [dev.headrace.chunk.Cell]; null if there is none or it isn't kept.
    abstract @Nullable Object min();

    abstract @Nullable Object max();

    /// Whole numbers, dates and timestamps.
    private static final class Integers extends LeafStatistics {
        private final DataType type;
        private long min = Long.MAX_VALUE;
        private long max = Long.MIN_VALUE;

        Integers(DataType type) {
            this.type = type;
        }

        @Override
        void see(FieldVector vector, int row) {
            BaseFixedWidthVector fixed = (BaseFixedWidthVector) vector;
            long address = fixed.getDataBuffer().memoryAddress();
            int width = fixed.getTypeWidth();
            long value = switch (width) {
                case 8 -> Memory.getLong(address + 8L * row);
                case 4 -> Memory.getInt(address + 4L * row);
                case 2 -> Memory.getShort(address + 2L * row);
                default -> Memory.getByte(address + row);
            };
            min = Math.min(min, value);
            max = Math.max(max, value);
        }

        @Override
        @Nullable Object min() {
            return min > max ? null : cell(min);
        }

        @Override
        @Nullable Object max() {
            return min > max ? null : cell(max);
        }

        private Object cell(long value) {
            return switch (type) {
                case ByteType _ -> (byte) value;
                case ShortType _ -> (short) value;
                case IntegerType _, DateType _ -> (int) value;
                case DataType _ -> value;
            };
        }
    }

    /// Floating-point numbers; once a NaN was seen there is no largest value that all readers agree on.
    private static final class Floats extends LeafStatistics {
        private final boolean single;
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;
        private boolean seen;
        private boolean seenNaN;

        Floats(DataType type) {
            single = type instanceof FloatType;
        }

        @Override
        void see(FieldVector vector, int row) {
            long address = vector.getDataBuffer().memoryAddress();
            double value = single ? Memory.getFloat(address + 4L * row) : Memory.getDouble(address + 8L * row);
            if (Double.isNaN(value)) {
                seenNaN = true;
                return;
            }
            seen = true;
            min = Math.min(min, value);
            max = Math.max(max, value);
        }

        @Override
        @Nullable Object min() {
            return seen ? cell(min) : null;
        }

        @Override
        @Nullable Object max() {
            return seen && !seenNaN ? cell(max) : null;
        }

        private Object cell(double value) {
            return single ? (Object) (float) value : (Object) value;
        }
    }

    /// Decimals, compared as 128-bit integers.
    private static final class Decimals extends LeafStatistics {
        private final int scale;
        private boolean seen;
        private long minHigh;
        private long minLow;
        private long maxHigh;
        private long maxLow;

        Decimals(DecimalType type) {
            scale = type.scale();
        }

        @Override
        void see(FieldVector vector, int row) {
            long address = vector.getDataBuffer().memoryAddress() + 16L * row;
            long low = Memory.getLong(address);
            long high = Memory.getLong(address + 8);
            if (!seen || compare(high, low, minHigh, minLow) < 0) {
                minHigh = high;
                minLow = low;
            }
            if (!seen || compare(high, low, maxHigh, maxLow) > 0) {
                maxHigh = high;
                maxLow = low;
            }
            seen = true;
        }

        private static int compare(long high, long low, long otherHigh, long otherLow) {
            return high == otherHigh ? Long.compareUnsigned(low, otherLow) : Long.compare(high, otherHigh);
        }

        @Override
        @Nullable Object min() {
            return seen ? cell(minHigh, minLow) : null;
        }

        @Override
        @Nullable Object max() {
            return seen ? cell(maxHigh, maxLow) : null;
        }

        private Object cell(long high, long low) {
            byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
            return new BigDecimal(new BigInteger(bytes), scale);
        }
    }

    /// Text, compared by its bytes.
    private static final class Texts extends LeafStatistics {
        private final Slice value = new Slice();
        private @Nullable Slice min;
        private @Nullable Slice max;

        @Override
        void see(FieldVector vector, int row) {
            VarCharVector texts = (VarCharVector) vector;
            int start = texts.getStartOffset(row);
            value.set(null, texts.getDataBuffer().memoryAddress() + start, texts.getEndOffset(row) - start);
            if (min == null || value.compareTo(min) < 0) {
                min = value.copy();
            }
            if (max == null || value.compareTo(max) > 0) {
                max = value.copy();
            }
        }

        @Override
        @Nullable Object min() {
            return min;
        }

        @Override
        @Nullable Object max() {
            return max;
        }
    }

    /// Columns whose values have no bounds in statistics.
    private static final class NullsOnly extends LeafStatistics {
        @Override
        void see(FieldVector vector, int row) {}

        @Override
        @Nullable Object min() {
            return null;
        }

        @Override
        @Nullable Object max() {
            return null;
        }
    }
}
