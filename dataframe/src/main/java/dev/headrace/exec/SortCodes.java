package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
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
import org.jspecify.annotations.Nullable;

/// Rows' sort keys as one number per row, compared without sign: as many leading keys as fit into 64 bits, each in as
/// many bits as the range of its values needs.
///
/// @param codes by row
/// @param bits how many of the lower bits are used
/// @param exact whether rows with equal numbers are equal in all keys
record SortCodes(long[] codes, int bits, boolean exact) {
    private static final int RADIX = 11;

    /// So many values are looked at in one go.
    private static final int BLOCK = 4096;

    /// So many rows are moved before it is asked again whether anyone waits for them.
    private static final int CHECKED_ROWS = 1 << 18;

    /// @param chunks whose rows are numbered through; at least one
    static SortCodes of(List<Chunk> chunks, List<SortColumn> keys, RunContext run) {
        run.checkCancelled();
        long[] codes = new long[chunks.stream().mapToInt(Chunk::rowCount).sum()];
        int used = 0;
        for (SortColumn key : keys) {
            List<FieldVector> parts =
                    chunks.stream().map(chunk -> chunk.column(key.ordinal())).toList();
            DataType type = chunks.getFirst().type(key.ordinal());
            boolean nulls = parts.stream().anyMatch(part -> part.getNullCount() > 0);
            if (type instanceof StringType || type instanceof BinaryType) {
                // Only the first bytes, and only if nothing else is in the number: so it is the last key that helps.
                if (used > 0 || nulls || codes.length == 0) {
                    return new SortCodes(codes, used, false);
                }
                addBytes(parts, key, codes, run);
                return new SortCodes(codes, Long.SIZE, false);
            }
            if (!isNumber(type)) {
                return new SortCodes(codes, used, false);
            }
            int width = add(parts, type, key, nulls, used, codes, run);
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
        long[] block = new long[Math.min(rows, BLOCK)];
        for (int from = 0; from < rows; from += block.length) {
            Cancellation.checkThread();
            int count = Math.min(block.length, rows - from);
            fill(block, column, type, from, count);
            System.arraycopy(block, 0, values, from, count);
        }
        return values;
    }

    /// The values of the rows `[from, from + count)` as such numbers.
    private static void fill(long[] values, FieldVector column, DataType type, int from, int count) {
        if (count == 0) {
            return;
        }
        long data = column.getDataBuffer().memoryAddress();
        switch (type) {
            case IntegerType _, DateType _, YearMonthIntervalType _ -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Memory.getInt(data + 4L * (from + i));
                }
            }
            case DecimalType _ -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Memory.getLong(data + 16L * (from + i));
                }
            }
            case DoubleType _ -> {
                for (int i = 0; i < count; i++) {
                    values[i] = ordered(Memory.getDouble(data + 8L * (from + i)));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Memory.getLong(data + 8L * (from + i));
                }
            }
        }
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
    private static int add(
            List<FieldVector> parts,
            DataType type,
            SortColumn key,
            boolean nulls,
            int used,
            long[] codes,
            RunContext run) {
        long[] values = new long[BLOCK];
        Range range = new Range();
        for (FieldVector part : parts) {
            boolean partNulls = nulls && part.getNullCount() > 0;
            for (int from = 0; from < part.getValueCount(); from += BLOCK) {
                int count = Math.min(BLOCK, part.getValueCount() - from);
                run.checkCancelled();
                fill(values, part, type, from, count);
                range.add(values, count, partNulls ? part : null, from);
            }
        }
        Encoding encoding = Encoding.of(range, key, nulls);
        if (used + encoding.width() > Long.SIZE) {
            return -1;
        }
        int row = 0;
        for (FieldVector part : parts) {
            boolean partNulls = nulls && part.getNullCount() > 0;
            for (int from = 0; from < part.getValueCount(); from += BLOCK) {
                int count = Math.min(BLOCK, part.getValueCount() - from);
                run.checkCancelled();
                fill(values, part, type, from, count);
                encoding.append(values, count, partNulls ? part : null, from, codes, row);
                row += count;
            }
        }
        return encoding.width();
    }

    /// The least and the greatest value.
    private static final class Range {
        private long least = Long.MAX_VALUE;
        private long greatest = Long.MIN_VALUE;

        /// @param nulls where the values come from, if some of them are null
        void add(long[] values, int count, @Nullable FieldVector nulls, int from) {
            long low = least;
            long high = greatest;
            for (int i = 0; i < count; i++) {
                if (nulls == null || !nulls.isNull(from + i)) {
                    low = Math.min(low, values[i]);
                    high = Math.max(high, values[i]);
                }
            }
            least = low;
            greatest = high;
        }
    }

    /// How values become parts of codes: by their distance from where the order begins, with a bit for nulls if there
    /// are some.
    ///
    /// @param first the value that comes first
    /// @param valueFlag what a value has that a null has not
    private record Encoding(int width, boolean ascending, long first, long nullCode, long valueFlag) {
        static Encoding of(Range range, SortColumn key, boolean nulls) {
            boolean any = range.least <= range.greatest;
            long least = any ? range.least : 0;
            long greatest = any ? range.greatest : 0;
            // The distance is right without a sign, even if it overflows.
            int bits = Long.SIZE - Long.numberOfLeadingZeros(greatest - least);
            boolean ascending = key.direction() == Direction.ASC;
            long nullBit = key.nulls() == NullOrder.FIRST ? 0 : 1;
            return new Encoding(
                    bits + (nulls ? 1 : 0),
                    ascending,
                    ascending ? least : greatest,
                    nullBit << bits,
                    !nulls || bits == Long.SIZE ? 0 : 1 - nullBit << bits);
        }

        /// Puts values behind what is in the codes from `row` on.
        void append(long[] values, int count, @Nullable FieldVector nulls, int from, long[] codes, int row) {
            int shift = width & Long.SIZE - 1;
            long kept = width == Long.SIZE ? 0 : -1;
            for (int i = 0; i < count; i++) {
                long distance = ascending ? values[i] - first : first - values[i];
                long code = nulls != null && nulls.isNull(from + i) ? nullCode : valueFlag | distance;
                codes[row + i] = (codes[row + i] & kept) << shift | code;
            }
        }
    }

    private static void addBytes(List<FieldVector> parts, SortColumn key, long[] codes, RunContext run) {
        int row = 0;
        for (FieldVector part : parts) {
            long data = part.getDataBuffer().memoryAddress();
            long offsets = part.getOffsetBuffer().memoryAddress();
            for (int i = 0; i < part.getValueCount(); i++) {
                if (i % CHECKED_ROWS == 0) {
                    run.checkCancelled();
                }
                int from = Memory.getInt(offsets + 4L * i);
                int length = Math.min(8, Memory.getInt(offsets + 4L * i + 4) - from);
                long code = 0;
                for (int b = 0; b < length; b++) {
                    code |= (Memory.getByte(data + from + b) & 0xffL) << 56 - 8 * b;
                }
                codes[row++] = key.direction() == Direction.ASC ? code : ~code;
            }
        }
    }

    /// The rows in the order of their codes, equal ones in the order in which they are. The codes are sorted with them
    /// if they are not exact, as ties are then looked for; else they are of no use any more.
    int[] sorted(RunContext run) {
        run.checkCancelled();
        int count = codes.length;
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        run.checkCancelled();
        long[] from = codes;
        long[] to = new long[count];
        run.checkCancelled();
        int[] rows = order;
        int[] otherRows = new int[count];
        boolean moved = false;
        for (int shift = 0; shift < bits; shift += RADIX) {
            if (pass(from, to, rows, otherRows, shift, run)) {
                long[] codesBefore = from;
                from = to;
                to = codesBefore;
                int[] rowsBefore = rows;
                rows = otherRows;
                otherRows = rowsBefore;
                moved = !moved;
            }
        }
        if (moved && !exact) {
            for (int block = 0; block < count; block += Math.min(CHECKED_ROWS, count - block)) {
                run.checkCancelled();
                System.arraycopy(from, block, codes, block, Math.min(CHECKED_ROWS, count - block));
            }
        }
        return rows;
    }

    /// Orders by one digit.
    ///
    /// @return false if all have the same, and nothing was done
    private static boolean pass(long[] from, long[] to, int[] rows, int[] toRows, int shift, RunContext run) {
        int[] starts = new int[(1 << RADIX) + 1];
        int mask = (1 << RADIX) - 1;
        for (int block = 0; block < from.length; block += Math.min(CHECKED_ROWS, from.length - block)) {
            run.checkCancelled();
            int end = block + Math.min(CHECKED_ROWS, from.length - block);
            for (int i = block; i < end; i++) {
                starts[(int) (from[i] >>> shift & mask) + 1]++;
            }
        }
        for (int digit = 1; digit < starts.length; digit++) {
            if (starts[digit] == from.length) {
                return false;
            }
            starts[digit] += starts[digit - 1];
        }
        for (int block = 0; block < from.length; block += Math.min(CHECKED_ROWS, from.length - block)) {
            run.checkCancelled();
            int end = block + Math.min(CHECKED_ROWS, from.length - block);
            for (int i = block; i < end; i++) {
                int digit = (int) (from[i] >>> shift & mask);
                int at = starts[digit]++;
                to[at] = from[i];
                toRows[at] = rows[i];
            }
        }
        return true;
    }
}
