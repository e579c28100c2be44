package dev.headrace.exec;

import dev.headrace.chunk.Hash;
import dev.headrace.chunk.Memory;
import dev.headrace.types.BinaryType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.YearMonthIntervalType;

/// Columns of keys without nulls, read where they are. A string that is a key by itself has the same hash and bytes as
/// [dev.headrace.chunk.RowLayout] gives it, namely a word of null bits, a word for the value, and its bytes padded to
/// whole words.
final class SingleKey {
    /// The bytes of a row without a string's own.
    static final int NUMBER_BYTES = 16;

    private SingleKey() {}

    /// The bytes of a value that is stored as an integer; 0 for other types.
    static int width(DataType type) {
        return switch (type) {
            case ByteType _ -> 1;
            case ShortType _ -> 2;
            case IntegerType _, DateType _, YearMonthIntervalType _ -> 4;
            case LongType _, TimestampType _, TimestampNTZType _, DayTimeIntervalType _ -> 8;
            default -> 0;
        };
    }

    static boolean isBytes(DataType type) {
        return type instanceof StringType || type instanceof BinaryType;
    }

    static long number(long data, int width, int row) {
        return switch (width) {
            case 8 -> Memory.getLong(data + 8L * row);
            case 4 -> Memory.getInt(data + 4L * row);
            case 2 -> Memory.getShort(data + 2L * row);
            default -> Memory.getByte(data + row);
        };
    }

    /// Where a string's bytes are in its row, and how many.
    static long bytesWord(int length) {
        return (long) NUMBER_BYTES << 32 | length;
    }

    static long hashOfBytes(long address, int length) {
        return Hash.ofWordsAndPadded(0, bytesWord(length), address, length);
    }
}
