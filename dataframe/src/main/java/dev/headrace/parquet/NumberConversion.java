package dev.headrace.parquet;

import dev.headrace.chunk.Memory;
import java.math.BigInteger;

/// Turns the numbers that a file holds into those of a column, both dense in memory.
///
/// @throws ArithmeticException if a value does not fit
interface NumberConversion {
    void convert(long from, long to, int count);

    /// @param next turns numbers into others of the same width, in place
    default NumberConversion then(NumberConversion next) {
        return (from, to, count) -> {
            convert(from, to, count);
            next.convert(to, to, count);
        };
    }

    static void intToByteExact(long from, long to, int count) {
        for (int i = 0; i < count; i++) {
            int value = Memory.getInt(from + 4L * i);
            if (value != (byte) value) {
                throw new ArithmeticException(value + " is no tinyint");
            }
            Memory.putByte(to + i, (byte) value);
        }
    }

    static void intToShortExact(long from, long to, int count) {
        for (int i = 0; i < count; i++) {
            int value = Memory.getInt(from + 4L * i);
            if (value != (short) value) {
                throw new ArithmeticException(value + " is no smallint");
            }
            Memory.putShort(to + 2L * i, (short) value);
        }
    }

    static void intToByte(long from, long to, int count) {
        for (int i = 0; i < count; i++) {
            Memory.putByte(to + i, (byte) Memory.getInt(from + 4L * i));
        }
    }

    static void intToShort(long from, long to, int count) {
        for (int i = 0; i < count; i++) {
            Memory.putShort(to + 2L * i, (short) Memory.getInt(from + 4L * i));
        }
    }

    static void intToLong(long from, long to, int count) {
        for (int i = 0; i < count; i++) {
            Memory.putLong(to + 8L * i, Memory.getInt(from + 4L * i));
        }
    }

    static void unsignedIntToLong(long from, long to, int count) {
        for (int i = 0; i < count; i++) {
            Memory.putLong(to + 8L * i, Memory.getInt(from + 4L * i) & 0xffff_ffffL);
        }
    }

    static void intToDouble(long from, long to, int count) {
        for (int i = 0; i < count; i++) {
            Memory.putDouble(to + 8L * i, Memory.getInt(from + 4L * i));
        }
    }

    static void floatToDouble(long from, long to, int count) {
        for (int i = 0; i < count; i++) {
            Memory.putDouble(to + 8L * i, Memory.getFloat(from + 4L * i));
        }
    }

    static void unsignedLongToDecimal(long from, long to, int count) {
        for (int i = 0; i < count; i++) {
            putDecimal(to + 16L * i, Memory.getLong(from + 8L * i), 0);
        }
    }

    static void nanosToMicros(long from, long to, int count) {
        for (int i = 0; i < count; i++) {
            Memory.putLong(to + 8L * i, Math.floorDiv(Memory.getLong(from + 8L * i), 1_000));
        }
    }

    /// Days to microseconds since 1970-01-01.
    static void daysToMicros(long from, long to, int count) {
        for (int i = 0; i < count; i++) {
            Memory.putLong(to + 8L * i, Math.multiplyExact(Memory.getInt(from + 4L * i), 86_400_000_000L));
        }
    }

    /// 64-bit numbers times `factor`.
    static NumberConversion times(long factor) {
        return (from, to, count) -> {
            for (int i = 0; i < count; i++) {
                Memory.putLong(to + 8L * i, Math.multiplyExact(Memory.getLong(from + 8L * i), factor));
            }
        };
    }

    /// 32-bit numbers times `factor`, as 64-bit ones.
    static NumberConversion intTimes(long factor) {
        return (from, to, count) -> {
            for (int i = 0; i < count; i++) {
                Memory.putLong(to + 8L * i, Math.multiplyExact(Memory.getInt(from + 4L * i), factor));
            }
        };
    }

    /// Unscaled decimals of four or eight bytes times ten to the power of `moreScale`, as decimals of 16 bytes.
    static NumberConversion toDecimal(int width, int moreScale) {
        if (moreScale > 0) {
            BigInteger factor = BigInteger.TEN.pow(moreScale);
            return (from, to, count) -> {
                for (int i = 0; i < count; i++) {
                    putDecimal(
                            to + 16L * i,
                            BigInteger.valueOf(number(from, width, i)).multiply(factor));
                }
            };
        }
        return (from, to, count) -> {
            for (int i = 0; i < count; i++) {
                long value = number(from, width, i);
                putDecimal(to + 16L * i, value, value >> 63);
            }
        };
    }

    private static long number(long from, int width, int i) {
        return width == 4 ? Memory.getInt(from + 4L * i) : Memory.getLong(from + 8L * i);
    }

    static void putDecimal(long to, long low, long high) {
        Memory.putLong(to, low);
        Memory.putLong(to + 8, high);
    }

    static void putDecimal(long to, BigInteger value) {
        if (value.bitLength() > 127) {
            throw new ArithmeticException("a decimal has more than 38 digits");
        }
        putDecimal(to, value.longValue(), value.shiftRight(64).longValue());
    }
}
