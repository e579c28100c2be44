package dev.headrace.function;

import dev.headrace.chunk.Memory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads numbers and booleans from UTF-8 bytes without making strings, on the common paths.
///
/// Bytes are given as [Memory] takes them: base, offset, length. Callers leave out blanks around the value. A value
/// that can't be read is told by [#INVALID] or NaN; the one text that has this value is told apart by [#isLeastLong] or
/// [#isNaN].
public final class TextParser {
    /// What a text that can't be read gives, for results in a long.
    public static final long INVALID = Long.MIN_VALUE;

    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final long EXACT_IN_DOUBLE = 1L << 53;
    private static final int SAFE_DIGITS = 18;
    /// As many digits fit in an unsigned long.
    private static final int DIGITS_IN_LONG = 19;
    private static final long TRUE = 0x74727565L;
    private static final long FALSE = 0x66616c7365L;
    private static final long YES = 0x796573L;
    private static final long NO = 0x6e6fL;
    private static final int MAX_EXPONENT = 9999;

    private TextParser() {}

    /// A whole number: digits, with a sign perhaps.
    ///
    /// @return [#INVALID] if it is none, or does not fit in a long
    public static long parseLong(@Nullable Object base, long offset, int length) {
        if (length == 0) {
            return INVALID;
        }
        byte first = Memory.getByte(base, offset);
        boolean negative = first == '-';
        int i = negative || first == '+' ? 1 : 0;
        int digits = length - i;
        if (digits < 1) {
            return INVALID;
        }
        if (digits > SAFE_DIGITS) {
            return parseLongLong(base, offset + i, digits, negative);
        }
        long value = 0;
        while (i + 8 <= length) {
            long eight = eightDigits(Memory.getLong(base, offset + i));
            if (eight < 0) {
                return INVALID;
            }
            value = value * 100_000_000 + eight;
            i += 8;
        }
        for (; i < length; i++) {
            int digit = Memory.getByte(base, offset + i) - '0';
            if ((digit & 0xff) > 9) {
                return INVALID;
            }
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }

    /// Eight ASCII digits at once, the first in the lowest byte: pairs, then fours, then all. Negative if a byte is no
    /// digit.
    private static long eightDigits(long bytes) {
        long digits = bytes ^ 0x3030303030303030L;
        if (((digits + 0x7676767676767676L | digits) & 0x8080808080808080L) != 0) {
            return -1;
        }
        long pairs = digits * 10 + (digits >>> 8) & 0x00ff00ff00ff00ffL;
        long fours = pairs * 100 + (pairs >>> 16) & 0x0000ffff0000ffffL;
        return fours * 10_000 + (fours >>> 32) & 0xffffffffL;
    }

    private static long parseLongLong(@Nullable Object base, long offset, int digits, boolean negative) {
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Memory.getByte(base, offset + i) - '0';
            if ((digit & 0xff) > 9 || value < -922_337_203_685_477_580L) {
                return INVALID;
            }
            long next = value * 10 - digit;
            if (next > 0) {
                return INVALID;
            }
            value = next;
        }
        return negative ? value : value == Long.MIN_VALUE ? INVALID : -value;
    }

    /// Whether the text is the number that [#INVALID] is.
    public static boolean isLeastLong(@Nullable Object base, long offset, int length) {
        return length >= 20
                && text(base, offset, length).replaceFirst("^-0*", "-").equals("-9223372036854775808");
    }

    /// A number as Java's `Double.parseDouble` reads it, also `inf`, `infinity` and `nan` in any case.
    ///
    /// @return NaN if it is none
    public static double parseDouble(@Nullable Object base, long offset, int length) {
        long mantissa = 0;
        int digits = 0;
        int exponent = 0;
        int i = 0;
        boolean negative = false;
        if (length > 0) {
            byte first = Memory.getByte(base, offset);
            negative = first == '-';
            i = negative || first == '+' ? 1 : 0;
        }
        boolean point = false;
        boolean any = false;
        for (; i < length; i++) {
            int digit = Memory.getByte(base, offset + i) - '0';
            if ((digit & 0xff) <= 9) {
                mantissa = mantissa * 10 + digit;
                digits += mantissa == 0 ? 0 : 1;
                exponent -= point ? 1 : 0;
                any = true;
            } else if (digit == '.' - '0' && !point) {
                point = true;
            } else {
                break;
            }
        }
        if (i < length) {
            int given = exponent(base, offset + i, length - i);
            if (given > MAX_EXPONENT) {
                return slowDouble(base, offset, length);
            }
            exponent += given;
        }
        double value = any && digits <= DIGITS_IN_LONG ? scaled(mantissa, exponent) : Double.NaN;
        if (Double.isNaN(value)) {
            return slowDouble(base, offset, length);
        }
        return negative ? -value : value;
    }

    /// The double nearest to an unsigned number times a power of ten, or NaN if that takes more than this.
    private static double scaled(long mantissa, int exponent) {
        if (mantissa == 0) {
            return 0;
        }
        if (mantissa > 0 && mantissa <= EXACT_IN_DOUBLE && exponent >= -22 && exponent <= 22) {
            return exponent < 0 ? mantissa / POWERS[-exponent] : mantissa * POWERS[exponent];
        }
        return DecimalToDouble.of(mantissa, exponent);
    }

    /// The number after `e`, or more than [#MAX_EXPONENT] if that is not all there is.
    private static int exponent(@Nullable Object base, long offset, int length) {
        if ((Memory.getByte(base, offset) | 0x20) != 'e') {
            return Integer.MAX_VALUE;
        }
        long value = parseLong(base, offset + 1, length - 1);
        return value < -MAX_EXPONENT || value > MAX_EXPONENT ? Integer.MAX_VALUE : (int) value;
    }

    private static double slowDouble(@Nullable Object base, long offset, int length) {
        String text = text(base, offset, length);
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException notANumber) {
            return infinity(text);
        }
    }

    private static double infinity(String text) {
        return switch (text.toLowerCase(java.util.Locale.ROOT)) {
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> Double.NaN;
        };
    }

    /// As [#parseDouble], rounded once, to a float.
    public static float parseFloat(@Nullable Object base, long offset, int length) {
        double value = parseDouble(base, offset, length);
        // The bits that a float has no room for: near one half, the second rounding may go wrong.
        long cut = Double.doubleToRawLongBits(value) & 0x1fffffff;
        boolean nearHalf = cut >= 0x0fffffff && cut <= 0x10000001;
        if (!nearHalf && Math.abs(value) >= Float.MIN_NORMAL || value == 0 || !Double.isFinite(value)) {
            return (float) value;
        }
        return Float.parseFloat(text(base, offset, length));
    }

    /// Whether the text is `nan`, in any case.
    public static boolean isNaN(@Nullable Object base, long offset, int length) {
        if (length < 3 || length > 4) {
            return false;
        }
        String text = text(base, offset, length);
        return text.equalsIgnoreCase("nan") || text.equals("+NaN") || text.equals("-NaN");
    }

    /// A decimal number, exactly as written, with an exponent perhaps.
    ///
    /// @return null if it is none
    public static @Nullable BigDecimal parseDecimal(@Nullable Object base, long offset, int length) {
        int i = 0;
        boolean negative = false;
        if (length > 0) {
            byte first = Memory.getByte(base, offset);
            negative = first == '-';
            i = negative || first == '+' ? 1 : 0;
        }
        long unscaled = 0;
        int digits = 0;
        int point = -1;
        for (; i < length; i++) {
            int digit = Memory.getByte(base, offset + i) - '0';
            if ((digit & 0xff) <= 9) {
                unscaled = unscaled * 10 + digit;
                digits++;
            } else if (digit == '.' - '0' && point < 0) {
                point = digits;
            } else {
                return slowDecimal(base, offset, length);
            }
        }
        if (digits == 0 || digits > SAFE_DIGITS) {
            return slowDecimal(base, offset, length);
        }
        return BigDecimal.valueOf(negative ? -unscaled : unscaled, point < 0 ? 0 : digits - point);
    }

    private static @Nullable BigDecimal slowDecimal(@Nullable Object base, long offset, int length) {
        try {
            BigDecimal value = new BigDecimal(text(base, offset, length));
            return Math.abs((long) value.scale()) > MAX_EXPONENT ? null : value;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    /// A boolean as a cast reads it: `true`, `t`, `yes`, `y`, `1` and their opposites, in any case.
    ///
    /// @return 1, 0, or -1 if it is none
    public static int parseBoolean(@Nullable Object base, long offset, int length) {
        if (length < 1 || length > 5) {
            return -1;
        }
        long letters = 0;
        for (int i = 0; i < length; i++) {
            byte b = Memory.getByte(base, offset + i);
            letters = letters << 8 | (b >= 'A' && b <= 'Z' ? b | 0x20 : b & 0xff);
        }
        if (letters == TRUE || letters == 't' || letters == YES || letters == 'y' || letters == '1') {
            return 1;
        }
        return letters == FALSE || letters == 'f' || letters == NO || letters == 'n' || letters == '0' ? 0 : -1;
    }

    private static String text(@Nullable Object base, long offset, int length) {
        byte[] bytes = new byte[length];
        Memory.copy(base, offset, bytes, Memory.BYTES, length);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
