package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Rarer functions of numbers and of their bits.
public final class MoreMath {
    private static final BigInteger UNSIGNED_LIMIT = BigInteger.ONE.shiftLeft(64);

    private MoreMath() {}

    public static double acosh(double x) {
        return x < 1 ? Double.NaN : StrictMath.log(x + Math.sqrt(x * x - 1.0));
    }

    public static double asinh(double x) {
        return x == Double.NEGATIVE_INFINITY ? x : StrictMath.log(x + Math.sqrt(x * x + 1.0));
    }

    public static double atanh(double x) {
        return 0.5 * (StrictMath.log1p(x) - StrictMath.log1p(-x));
    }

    public static double csc(double x) {
        return 1 / Math.sin(x);
    }

    public static double sec(double x) {
        return 1 / Math.cos(x);
    }

    /// A number written in base `from`, written in base `to`: as a signed number if `to` is negative, else as an
    /// unsigned one of 64 bits. What follows the digits is left out.
    public static @Nullable Slice conv(Slice number, int from, int to) {
        String text = number.toString().strip();
        int base = Math.abs(to);
        if (from < Character.MIN_RADIX || from > Character.MAX_RADIX || base < 2 || base > 36 || text.isEmpty()) {
            return null;
        }
        boolean negative = text.charAt(0) == '-';
        int end = negative ? 1 : 0;
        while (end < text.length() && Character.digit(text.charAt(end), from) >= 0) {
            end++;
        }
        String digits = text.substring(negative ? 1 : 0, end);
        BigInteger value = digits.isEmpty() ? BigInteger.ZERO : new BigInteger(digits, from);
        if (value.compareTo(UNSIGNED_LIMIT) >= 0) {
            throw new DataException(
                    "ARITHMETIC_OVERFLOW", "conv('" + number + "', " + from + ", " + to + ") has more than 64 bits.");
        }
        // As in Spark and MySQL, the digits are those of an unsigned number, whatever their sign.
        long bits = value.longValue();
        boolean minus = to < 0 && (negative || bits < 0);
        if (to < 0 && bits < 0) {
            bits = -bits;
        } else if (to > 0 && negative) {
            bits = bits < 0 ? -1 : -bits;
        }
        String written = Long.toUnsignedString(bits, base).toUpperCase(Locale.ROOT);
        return Slice.utf8(minus ? "-" + written : written);
    }

    /// The number of the bucket, of `buckets` equal ones between `min` and `max`; 0 before the first, one more behind
    /// the last.
    public static @Nullable Long widthBucket(double value, double min, double max, long buckets) {
        boolean undefined = buckets <= 0
                || buckets == Long.MAX_VALUE
                || Double.isNaN(value)
                || min == max
                || !Double.isFinite(min)
                || !Double.isFinite(max);
        if (undefined) {
            return null;
        }
        if (min < max ? value < min : value > min) {
            return 0L;
        }
        if (min < max ? value >= max : value <= max) {
            return buckets + 1;
        }
        return (long) (buckets * (value - min) / (max - min)) + 1;
    }

    public static int bitCount(boolean bit) {
        return bit ? 1 : 0;
    }

    public static int bitCount(long bits) {
        return Long.bitCount(bits);
    }

    public static byte getBit(byte value, int position) {
        return bit(value, position, Byte.SIZE);
    }

    public static byte getBit(short value, int position) {
        return bit(value, position, Short.SIZE);
    }

    public static byte getBit(int value, int position) {
        return bit(value, position, Integer.SIZE);
    }

    public static byte getBit(long value, int position) {
        return bit(value, position, Long.SIZE);
    }

    private static byte bit(long value, int position, int size) {
        if (position < 0 || position >= size) {
            throw new DataException(
                    "INVALID_PARAMETER_VALUE",
                    "bit_get: the position is " + position + ". It must be from 0 to " + (size - 1) + ".");
        }
        return (byte) (value >>> position & 1);
    }

    // Bitmaps of 4096 bytes, of which each position belongs to one, as Spark numbers them.

    static final int BITMAP_BITS = 8 * 4096;

    public static long bitmapPosition(long value) {
        return value > 0 ? (value - 1) % BITMAP_BITS : -value % BITMAP_BITS;
    }

    public static long bitmapBucket(long value) {
        return value > 0 ? 1 + (value - 1) / BITMAP_BITS : value / BITMAP_BITS;
    }

    public static long bitmapCount(Slice bitmap) {
        long count = 0;
        for (int i = 0; i < bitmap.length(); i++) {
            count += Integer.bitCount(bitmap.byteAt(i) & 0xff);
        }
        return count;
    }

    // Chance. Each draws from the numbers of MathFunctions.rand, so a batch that is run again gives the same.

    public static double randn(EvalContext context) {
        return randn(context, 0);
    }

    /// A number of the standard normal distribution, by Box and Muller's formula.
    public static double randn(EvalContext context, long seed) {
        double first = 1 - MathFunctions.rand(context, seed);
        double second = MathFunctions.rand(context, seed);
        return Math.sqrt(-2 * Math.log(first)) * Math.cos(2 * Math.PI * second);
    }

    public static long uniform(EvalContext context, long min, long max) {
        return uniform(context, min, max, 0);
    }

    /// A whole number from `min` on, less than `max`.
    public static long uniform(EvalContext context, long min, long max, long seed) {
        return (long) Math.floor(uniform(context, (double) min, (double) max, seed));
    }

    public static double uniform(EvalContext context, double min, double max) {
        return uniform(context, min, max, 0);
    }

    public static double uniform(EvalContext context, double min, double max, long seed) {
        return min + (max - min) * MathFunctions.rand(context, seed);
    }

    public static Slice randstr(EvalContext context, int length) {
        return randstr(context, length, 0);
    }

    /// So many digits and letters.
    public static Slice randstr(EvalContext context, int length, long seed) {
        if (length < 0) {
            throw new DataException(
                    "INVALID_PARAMETER_VALUE", "randstr: the length is " + length + ". It must be at least 0.");
        }
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            int digit = (int) (MathFunctions.rand(context, seed) * 62);
            text.append((char) (digit < 10 ? '0' + digit : digit < 36 ? 'a' + digit - 10 : 'A' + digit - 36));
        }
        return Slice.utf8(text.toString());
    }

    /// A UUID of version 4.
    public static Slice uuid(EvalContext context) {
        long high = bits(context) & ~0xf000L | 0x4000L;
        long low = bits(context) & ~(0b11L << 62) | 0b10L << 62;
        return Slice.utf8(new java.util.UUID(high, low).toString());
    }

    private static long bits(EvalContext context) {
        long upper = (long) (MathFunctions.rand(context, 1) * 0x1p32);
        long lower = (long) (MathFunctions.rand(context, 1) * 0x1p32);
        return upper << 32 | lower;
    }
}
