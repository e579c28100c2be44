package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Memory;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.YearMonthIntervalType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.FieldVector;

/// Keys of integers packed into one number: each column's distance from its least value, times a stride.
///
/// Integers here are all types that are stored as one: dates, timestamps, and decimals of up to 18 digits too.
final class PackedKeys {
    /// The packed form of a key that no row has: one with a null, or a value beyond the range.
    static final long NONE = Long.MIN_VALUE;

    private static final long MOST = 1L << 62;

    private final long[] least;
    private final long[] greatest;
    private final long[] stride;
    private final long size;

    private PackedKeys(long[] least, long[] greatest, long[] stride, long size) {
        this.least = least;
        this.greatest = greatest;
        this.stride = stride;
        this.size = size;
    }

    /// Whether values of a type are integers.
    static boolean canPack(DataType type) {
        return width(type) > 0;
    }

    private static int width(DataType type) {
        return switch (type) {
            case ByteType _ -> 1;
            case ShortType _ -> 2;
            case IntegerType _, DateType _, YearMonthIntervalType _ -> 4;
            case LongType _, TimestampType _, TimestampNTZType _, DayTimeIntervalType _ -> 8;
            case DecimalType decimal when decimal.precision() <= 18 -> 16;
            default -> 0;
        };
    }

    /// How to pack the keys of some rows; empty if they don't fit into a number.
    ///
    /// @param types for which [#canPack] holds
    static Optional<PackedKeys> of(List<FieldVector> columns, List<DataType> types, int rows) {
        Ranges ranges = new Ranges(types);
        ranges.add(columns, rows);
        return ranges.packed();
    }

    /// The least and greatest values of keys, as far as their rows have come.
    static final class Ranges {
        private final List<DataType> types;
        private final long[] least;
        private final long[] greatest;

        /// @param types of which none is known if any can't be packed
        Ranges(List<DataType> types) {
            this.types = types.stream().allMatch(PackedKeys::canPack) ? types : List.of();
            this.least = new long[this.types.size()];
            this.greatest = new long[this.types.size()];
            Arrays.fill(least, Long.MAX_VALUE);
            Arrays.fill(greatest, Long.MIN_VALUE);
        }

        void add(List<FieldVector> columns, int rows) {
            for (int c = 0; c < types.size(); c++) {
                long valid = validity(columns.get(c));
                for (int from = 0, to; from < rows; from = to) {
                    to = Cancellation.blockEnd(from, rows);
                    range(columns.get(c), valid, width(types.get(c)), from, to, c, least, greatest);
                }
            }
        }

        /// How to pack the keys; empty if there are none, or if they don't fit into a number.
        Optional<PackedKeys> packed() {
            long[] low = least.clone();
            long[] high = greatest.clone();
            long[] stride = new long[low.length];
            long size = 1;
            for (int c = 0; c < low.length; c++) {
                if (low[c] > high[c]) {
                    low[c] = 0;
                    high[c] = -1;
                }
                stride[c] = size;
                long distance = high[c] - low[c];
                if (distance < 0 && high[c] != -1 || distance >= MOST || distance + 1 > MOST / size) {
                    return Optional.empty();
                }
                size *= Math.max(1, distance + 1);
            }
            return low.length == 0 ? Optional.empty() : Optional.of(new PackedKeys(low, high, stride, size));
        }
    }

    /// The address of a column's bits of validity; 0 if no row is null. Counting the nulls looks at all rows.
    private static long validity(FieldVector column) {
        return column.getNullCount() == 0 ? 0 : column.getValidityBuffer().memoryAddress();
    }

    private static void range(
            FieldVector column, long valid, int width, int from, int end, int c, long[] least, long[] greatest) {
        long data = column.getDataBuffer().memoryAddress();
        long low = least[c];
        long high = greatest[c];
        for (int i = from; i < end; i++) {
            if (valid == 0 || Memory.bit(valid, i)) {
                long value = read(data, width, i);
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        least[c] = low;
        greatest[c] = high;
    }

    private static long read(long data, int width, int row) {
        return switch (width) {
            case 4 -> Memory.getInt(data + 4L * row);
            case 8 -> Memory.getLong(data + 8L * row);
            case 16 -> Memory.getLong(data + 16L * row);
            case 2 -> Memory.getShort(data + 2L * row);
            default -> Memory.getByte(data + row);
        };
    }

    /// Packed keys are from 0 up to this, exclusively.
    long size() {
        return size;
    }

    /// The least value of the only column.
    long least() {
        return least[0];
    }

    /// The greatest value of the only column.
    long greatest() {
        return greatest[0];
    }

    /// Packs the keys of rows; [#NONE] for those that can't be among the keys that this was made for.
    void pack(List<FieldVector> columns, List<DataType> types, int rows, long[] out) {
        Packing packing = packing(columns, types);
        for (int from = 0, to; from < rows; from = to) {
            to = Cancellation.blockEnd(from, rows);
            packing.pack(from, to, out, from);
        }
    }

    /// The packing of some columns' rows, as [#pack] does it.
    Packing packing(List<FieldVector> columns, List<DataType> types) {
        return new Packing(this, columns, types);
    }

    /// Packs rows of some columns, any of them at a time. Used by any number of threads.
    static final class Packing {
        private final PackedKeys keys;
        private final List<FieldVector> columns;
        private final List<DataType> types;
        private final long[] valid;

        private Packing(PackedKeys keys, List<FieldVector> columns, List<DataType> types) {
            this.keys = keys;
            this.columns = columns;
            this.types = types;
            this.valid = columns.stream().mapToLong(PackedKeys::validity).toArray();
        }

        /// Packs the rows `[from, end)`.
        ///
        /// @param out gets the keys, from `at` on
        void pack(int from, int end, long[] out, int at) {
            for (int c = 0; c < columns.size(); c++) {
                FieldVector column = columns.get(c);
                long data = column.getDataBuffer().memoryAddress();
                int width = width(types.get(c));
                long first = data + (long) width * from;
                switch (width) {
                    case 4 -> keys.packInts(first, end - from, c, out, at);
                    case 8 -> keys.packLongs(first, end - from, c, out, at);
                    default -> keys.packOthers(first, width, end - from, c, out, at);
                }
                if (valid[c] != 0) {
                    dropNulls(valid[c], from, end, out, at);
                }
            }
        }
    }

    private static void dropNulls(long valid, int from, int end, long[] out, int at) {
        for (int i = from; i < end; i++) {
            if (!Memory.bit(valid, i)) {
                out[at + i - from] = NONE;
            }
        }
    }

    private void packInts(long data, int rows, int c, long[] out, int at) {
        long low = least[c];
        long high = greatest[c];
        long step = stride[c];
        for (int i = 0; i < rows; i++) {
            long value = Memory.getInt(data + 4L * i);
            long before = c == 0 ? 0 : out[at + i];
            out[at + i] = value < low || value > high || before == NONE ? NONE : before + (value - low) * step;
        }
    }

    private void packLongs(long data, int rows, int c, long[] out, int at) {
        long low = least[c];
        long high = greatest[c];
        long step = stride[c];
        for (int i = 0; i < rows; i++) {
            long value = Memory.getLong(data + 8L * i);
            long before = c == 0 ? 0 : out[at + i];
            out[at + i] = value < low || value > high || before == NONE ? NONE : before + (value - low) * step;
        }
    }

    private void packOthers(long data, int width, int rows, int c, long[] out, int at) {
        for (int i = 0; i < rows; i++) {
            long value = read(data, width, i);
            long before = c == 0 ? 0 : out[at + i];
            out[at + i] = value < least[c] || value > greatest[c] || before == NONE
                    ? NONE
                    : before + (value - least[c]) * stride[c];
        }
    }
}
