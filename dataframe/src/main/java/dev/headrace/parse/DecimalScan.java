package dev.headrace.parse;

import dev.headrace.chunk.Memory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads a number as digits and an exponent: `mantissa × 10^exponent`, from which any type can be made.
///
/// A scanner holds what it read last. It reads up to 8 bytes beyond the number; the caller sees to it that it may.
public final class DecimalScan {
    private static final int MAX_DIGITS = 19;

    private long mantissa;
    private int digits;
    private int exponent;
    private boolean negative;
    private boolean integral;
    private boolean strict;
    private int start;
    private int end;

    /// Reads digits with an optional point and an optional exponent after an optional minus sign. Digits may lack
    /// before or after the point: whether that is allowed is for the caller to say.
    ///
    /// @return the position after the number; `pos` if there is no digit
    public int scan(byte[] data, int pos) {
        start = pos;
        mantissa = 0;
        digits = 0;
        exponent = 0;
        integral = true;
        negative = at(data, pos) == '-';
        int first = negative ? pos + 1 : pos;
        int at = accumulate(data, first);
        strict = at == first + 1 || at > first && at(data, first) != '0';
        if (at(data, at) == '.') {
            integral = false;
            int fraction = at + 1;
            at = accumulate(data, fraction);
            exponent = fraction - at;
            strict &= at > fraction;
        }
        if (digits == 0) {
            end = pos;
            return pos;
        }
        if ((at(data, at) | 0x20) == 'e') {
            at = exponent(data, at);
        }
        end = at;
        return at;
    }

    private static byte at(byte[] data, int pos) {
        return Memory.getByte(data, Memory.BYTES + pos);
    }

    private int accumulate(byte[] data, int pos) {
        int at = pos;
        while (true) {
            long word = Memory.getLong(data, Memory.BYTES + at);
            int count = Digits.leading(word);
            mantissa = mantissa * Digits.power(count) + Digits.value(word, count);
            at += count;
            if (count < 8) {
                digits += at - pos;
                return at;
            }
        }
    }

    private int exponent(byte[] data, int pos) {
        byte sign = at(data, pos + 1);
        int from = sign == '-' || sign == '+' ? pos + 2 : pos + 1;
        int at = from;
        int value = 0;
        for (; at(data, at) >= '0' && at(data, at) <= '9'; at++) {
            value = Math.min(value * 10 + at(data, at) - '0', 100_000_000);
        }
        if (at == from) {
            return pos;
        }
        integral = false;
        exponent += sign == '-' ? -value : value;
        return at;
    }

    /// Whether there are digits on both sides of a point, and no needless zeros in front.
    public boolean isStrict() {
        return strict;
    }

    /// Whether there was neither a point nor an exponent.
    public boolean isIntegral() {
        return integral;
    }

    /// Whether the number is a whole one, without point or exponent, that fits in 64 bits.
    public boolean isLong() {
        return integral && (digits < MAX_DIGITS || fitsLong());
    }

    private boolean fitsLong() {
        return digits == MAX_DIGITS && (mantissa >= 0 || negative && mantissa == Long.MIN_VALUE);
    }

    /// The value, if [#isLong] says so.
    public long longValue() {
        return negative ? -mantissa : mantissa;
    }

    /// The double nearest to the number.
    ///
    /// @param data where the number was read
    public double doubleValue(byte[] data) {
        if (digits > MAX_DIGITS) {
            return Double.parseDouble(text(data));
        }
        double magnitude = DoubleText.of(mantissa, exponent);
        if (Double.isNaN(magnitude)) {
            return Double.parseDouble(text(data));
        }
        return negative ? -magnitude : magnitude;
    }

    /// The float nearest to the number.
    ///
    /// @param data where the number was read
    public float floatValue(byte[] data) {
        if (digits > 7 || exponent < -10 || exponent > 10) {
            return Float.parseFloat(text(data));
        }
        float power = DoubleText.floatPower(Math.abs(exponent));
        float magnitude = exponent < 0 ? mantissa / power : mantissa * power;
        return negative ? -magnitude : magnitude;
    }

    /// The number rounded half up to `scale` digits after the point, times ten to the power of `scale`.
    ///
    /// @param data where the number was read
    /// @return the unscaled value, or null if it has more than `precision` digits
    public @Nullable BigInteger unscaledValue(byte[] data, int precision, int scale) {
        boolean zero = digits <= MAX_DIGITS && mantissa == 0;
        if (zero || (long) exponent + digits + scale < -1) {
            return BigInteger.ZERO;
        }
        if (exponent > precision) {
            return null;
        }
        BigDecimal value = new BigDecimal(text(data)).setScale(scale, RoundingMode.HALF_UP);
        return value.precision() > precision ? null : value.unscaledValue();
    }

    /// Whether [#smallUnscaledValue] can give the number at this scale: no rounding, at most 18 digits.
    public boolean isSmall(int scale) {
        int shift = exponent + scale;
        return shift >= 0 && digits + shift <= 18;
    }

    /// The number times ten to the power of `scale`, if [#isSmall].
    public long smallUnscaledValue(int scale) {
        long magnitude = mantissa * DoubleText.longPower(exponent + scale);
        return negative ? -magnitude : magnitude;
    }

    private String text(byte[] data) {
        return new String(data, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
