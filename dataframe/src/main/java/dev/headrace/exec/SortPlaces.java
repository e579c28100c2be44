package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Memory;
import dev.headrace.plan.Direction;
import dev.headrace.plan.NullOrder;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.StringType;
import org.apache.arrow.vector.FieldVector;

/// A sort key of single rows as numbers that are not less the later a row comes: rows with different numbers are in
/// their order, rows with the same need not be equal. They hold for any number of chunks, as [SortCodes] don't.
final class SortPlaces {
    private static final int WORD = Long.BYTES;

    private SortPlaces() {}

    /// Whether there are numbers for values of a type.
    static boolean canTell(DataType type) {
        return SingleKey.width(type) > 0
                || type instanceof DecimalType
                || type instanceof DoubleType
                || type instanceof FloatType
                || SingleKey.isBytes(type);
    }

    /// @param places gets a number per row
    static void fill(Chunk chunk, SortColumn key, long[] places) {
        int rows = chunk.rowCount();
        if (rows == 0) {
            return;
        }
        FieldVector column = chunk.column(key.ordinal());
        fillAscending(column, chunk.type(key.ordinal()), rows, places);
        if (key.direction() == Direction.DESC) {
            for (int i = 0; i < rows; i++) {
                places[i] = ~places[i];
            }
        }
        if (column.getNullCount() > 0) {
            long ofNull = key.nulls() == NullOrder.FIRST ? Long.MIN_VALUE : Long.MAX_VALUE;
            long valid = column.getValidityBuffer().memoryAddress();
            for (int i = 0; i < rows; i++) {
                places[i] = Memory.bit(valid, i) ? places[i] : ofNull;
            }
        }
    }

    private static void fillAscending(FieldVector column, DataType type, int rows, long[] places) {
        long data = column.getDataBuffer().memoryAddress();
        switch (type) {
            case DecimalType _ -> {
                for (int i = 0; i < rows; i++) {
                    places[i] = clamped(Memory.getLong(data + 16L * i), Memory.getLong(data + 16L * i + 8));
                }
            }
            case DoubleType _ -> {
                for (int i = 0; i < rows; i++) {
                    places[i] = SortCodes.ordered(Memory.getDouble(data + 8L * i));
                }
            }
            case FloatType _ -> {
                for (int i = 0; i < rows; i++) {
                    places[i] = SortCodes.ordered(Float.intBitsToFloat(Memory.getInt(data + 4L * i)));
                }
            }
            case StringType _, BinaryType _ -> fillFirstBytes(column, data, rows, places);
            default -> {
                int width = SingleKey.width(type);
                for (int i = 0; i < rows; i++) {
                    places[i] = SingleKey.number(data, width, i);
                }
            }
        }
    }

    /// The number nearest to one of 128 bits.
    private static long clamped(long low, long high) {
        return high == low >> Long.SIZE - 1 ? low : high < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    private static void fillFirstBytes(FieldVector column, long data, int rows, long[] places) {
        long offsets = column.getOffsetBuffer().memoryAddress();
        for (int i = 0; i < rows; i++) {
            int from = Memory.getInt(offsets + 4L * i);
            int length = Math.min(WORD, Memory.getInt(offsets + 4L * i + 4) - from);
            long place = 0;
            for (int b = 0; b < length; b++) {
                place |= (Memory.getByte(data + from + b) & 0xffL) << Long.SIZE - Byte.SIZE * (b + 1);
            }
            // Without a sign in order.
            places[i] = place ^ Long.MIN_VALUE;
        }
    }
}
