package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Memory;
import dev.headrace.plan.Direction;
import dev.headrace.plan.NullOrder;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.StringType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.YearMonthIntervalType;
import java.util.List;
import org.apache.arrow.vector.FieldVector;

/// Rows' sort keys as one number per row, compared without sign: as many leading keys as fit into 64 bits, each in as
/// many bits as the range of its values needs.
///
/// @param codes by row
/// @param bits how many of the lower bits are used
/// @param exact whether rows with equal numbers are equal in all keys
record SortCodes(long[] codes, int bits, boolean exact) {
    private static final int RADIX = 11;

    static SortCodes of(Chunk rows, List<SortColumn> keys) {
        long[] codes = new long[rows.rowCount()];
        int used = 0;
        for (int k = 0; k < keys.size(); k++) {
            SortColumn key = keys.get(k);
            FieldVector column = rows.column(key.ordinal());
            DataType type = rows.type(key.ordinal());
            boolean nulls = column.getNullCount() > 0;
            if (type instanceof StringType || type instanceof BinaryType) {
                // Only the first bytes, and only if nothing else is in the number: so it is the last key that helps.
                if (used > 0 || nulls || rows.rowCount() == 0) {
                    return new SortCodes(codes, used, false);
                }
                addBytes(column, key, codes);
                return new SortCodes(codes, Long.SIZE, false);
            }
            if (!isNumber(type)) {
                return new SortCodes(codes, used, false);
            }
            long[] values = values(column, type, codes.length);
            int width = add(column, values, key, nulls, used, codes);
            if (width < 0) {
                return new SortCodes(codes, used, false);
            }
            used += width;
        }
        return new SortCodes(codes, used, true);
    }

    /// Whether one long tells the order of a type's values.
    static boolean isNumber(DataType type) {
        return switch (type) {
            case IntegerType _,
                    DateType _,
                    LongType _,
                    TimestampType _,
                    TimestampNTZType _,
                    DoubleType _,
                    AnsiIntervalType _ -> true;
            case DecimalType decimal -> decimal.precision() <= 18;
            default -> false;
        };
    }

    /// The values as numbers in the same order; what stands for a null does not matter.
    static long[] values(FieldVector column, DataType type, int rows) {
        long[] values = new long[rows];
        long data = rows == 0 ? 0 : column.getDataBuffer().memoryAddress();
        switch (type) {
            case IntegerType _, DateType _, YearMonthIntervalType _ -> {
                for (int i = 0; i < rows; i++) {
                    values[i] = Memory.getInt(data + 4L * i);
                }
            }
            case DecimalType _ -> {
                for (int i = 0; i < rows; i++) {
                    values[i] = Memory.getLong(data + 16L * i);
                }
            }
            case DoubleType _ -> {
                for (int i = 0; i < rows; i++) {
                    values[i] = ordered(Memory.getDouble(data + 8L * i));
                }
            }
            default -> {
                for (int i = 0; i < rows; i++) {
                    values[i] = Memory.getLong(data + 8L * i);
                }
            }
        }
        return values;
    }

    /// A number in the order of [Double#compare], for which zeros are equal.
    static long ordered(double value) {
        long bits = Double.doubleToLongBits(value + 0.0);
        return bits ^ bits >> 63 & Long.MAX_VALUE;
    }

    /// The value of which [#ordered] has made the number.
    static double value(long ordered) {
        return Double.longBitsToDouble(ordered ^ ordered >> 63 & Long.MAX_VALUE);
    }

    /// Puts a key behind those that are in the codes.
    ///
    /// @return how many bits it takes; -1 if it does not fit
    private static int add(FieldVector column, long[] values, SortColumn key, boolean nulls, int used, long[] codes) {
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (int i = 0; i < values.length; i++) {
            if (!nulls || !column.isNull(i)) {
                least = Math.min(least, values[i]);
                greatest = Math.max(greatest, values[i]);
            }
        }
        if (least > greatest) {
            least = 0;
            greatest = 0;
        }
        // The distance is right without a sign, even if it overflows.
        int bits = Long.SIZE - Long.numberOfLeadingZeros(greatest - least);
        int width = bits + (nulls ? 1 : 0);
        if (used + width > Long.SIZE) {
            return -1;
        }
        boolean ascending = key.direction() == Direction.ASC;
        long nullCode = key.nulls() == NullOrder.FIRST ? 0 : 1;
        long valueFlag = bits == Long.SIZE ? 0 : 1 - nullCode << bits;
        for (int i = 0; i < values.length; i++) {
            long code;
            if (nulls && column.isNull(i)) {
                code = nullCode << bits;
            } else {
                long distance = ascending ? values[i] - least : greatest - values[i];
                code = nulls ? valueFlag | distance : distance;
            }
            codes[i] = width == Long.SIZE ? code : codes[i] << width | code;
        }
        return width;
    }

    private static void addBytes(FieldVector column, SortColumn key, long[] codes) {
        long data = column.getDataBuffer().memoryAddress();
        long offsets = column.getOffsetBuffer().memoryAddress();
        for (int i = 0; i < codes.length; i++) {
            int from = Memory.getInt(offsets + 4L * i);
            int length = Math.min(8, Memory.getInt(offsets + 4L * i + 4) - from);
            long code = 0;
            for (int b = 0; b < length; b++) {
                code |= (Memory.getByte(data + from + b) & 0xffL) << 56 - 8 * b;
            }
            codes[i] = key.direction() == Direction.ASC ? code : ~code;
        }
    }

    /// The rows in the order of their codes, equal ones in the order in which they are. The codes are sorted with them.
    int[] sorted(RunContext run) {
        int count = codes.length;
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        long[] from = codes;
        long[] to = new long[count];
        int[] rows = order;
        int[] otherRows = new int[count];
        boolean moved = false;
        for (int shift = 0; shift < bits; shift += RADIX) {
            run.checkCancelled();
            if (pass(from, to, rows, otherRows, shift)) {
                long[] codesBefore = from;
                from = to;
                to = codesBefore;
                int[] rowsBefore = rows;
                rows = otherRows;
                otherRows = rowsBefore;
                moved = !moved;
            }
        }
        if (moved) {
            System.arraycopy(from, 0, codes, 0, count);
        }
        return rows;
    }

    /// Orders by one digit.
    ///
    /// @return false if all have the same, and nothing was done
    private static boolean pass(long[] from, long[] to, int[] rows, int[] toRows, int shift) {
        int[] starts = new int[(1 << RADIX) + 1];
        int mask = (1 << RADIX) - 1;
        for (long code : from) {
            starts[(int) (code >>> shift & mask) + 1]++;
        }
        for (int digit = 1; digit < starts.length; digit++) {
            if (starts[digit] == from.length) {
                return false;
            }
            starts[digit] += starts[digit - 1];
        }
        for (int i = 0; i < from.length; i++) {
            int digit = (int) (from[i] >>> shift & mask);
            int at = starts[digit]++;
            to[at] = from[i];
            toRows[at] = rows[i];
        }
        return true;
    }
}
