package dev.headrace.parquet;

import dev.headrace.chunk.Memory;
import dev.headrace.parquet.encoding.BytesDecoder;
import dev.headrace.parquet.encoding.MalformedPageException;
import java.math.BigInteger;

/// Turns values that a file holds as bytes (see [BytesDecoder] for views) into numbers, dense in memory.
///
/// @throws ArithmeticException if a value does not fit
interface BytesConversion {
    long JULIAN_EPOCH_DAY = 2_440_588;

    void convert(long[] views, long base, long to, int count);

    /// @param next turns numbers into others of the same width, in place
    default BytesConversion then(NumberConversion next) {
        return (views, base, to, count) -> {
            convert(views, base, to, count);
            next.convert(to, to, count);
        };
    }

    /// Big-endian two's complement, unscaled, times ten to the power of `moreScale`, to decimals of 16 bytes.
    static BytesConversion toDecimal(int moreScale) {
        if (moreScale > 0) {
            BigInteger factor = BigInteger.TEN.pow(moreScale);
            return (views, base, to, count) -> {
                byte[] bytes = new byte[16];
                for (int i = 0; i < count; i++) {
                    decimal(base, views[i], to + 16L * i);
                    for (int k = 0; k < 16; k++) {
                        bytes[15 - k] = Memory.getByte(to + 16L * i + k);
                    }
                    NumberConversion.putDecimal(to + 16L * i, new BigInteger(bytes).multiply(factor));
                }
            };
        }
        return (views, base, to, count) -> {
            for (int i = 0; i < count; i++) {
                decimal(base, views[i], to + 16L * i);
            }
        };
    }

    private static void decimal(long base, long view, long to) {
        long from = base + (view >>> 32);
        int length = BytesDecoder.length(view);
        while (length > 16) {
            byte first = Memory.getByte(from++);
            if (first != Memory.getByte(from) >> 7) {
                throw new ArithmeticException("a decimal has more than 38 digits");
            }
            length--;
        }
        if (length > 8) {
            long low = Long.reverseBytes(Memory.getLong(from + length - 8));
            long high = Long.reverseBytes(Memory.getLong(from)) >> (128 - 8 * length);
            NumberConversion.putDecimal(to, low, high);
        } else {
            long value = length == 0 ? 0 : Long.reverseBytes(Memory.getLong(from)) >> (64 - 8 * length);
            NumberConversion.putDecimal(to, value, value >> 63);
        }
    }

    /// INT96: nanoseconds within the day in eight bytes, the Julian day in four.
    static void int96ToMicros(long[] views, long base, long to, int count) {
        for (int i = 0; i < count; i++) {
            long from = base + (views[i] >>> 32);
            long day = Memory.getInt(from + 8) - JULIAN_EPOCH_DAY;
            long micros = Math.floorDiv(Memory.getLong(from), 1_000);
            Memory.putLong(to + 8L * i, Math.addExact(Math.multiplyExact(day, 86_400_000_000L), micros));
        }
    }

    /// Floating-point numbers of two bytes to such of four.
    static void float16ToFloat(long[] views, long base, long to, int count) {
        for (int i = 0; i < count; i++) {
            if (BytesDecoder.length(views[i]) != 2) {
                throw new MalformedPageException("a FLOAT16 of " + BytesDecoder.length(views[i]) + " bytes");
            }
            Memory.putFloat(to + 4L * i, Float.float16ToFloat(Memory.getShort(base + (views[i] >>> 32))));
        }
    }
}
