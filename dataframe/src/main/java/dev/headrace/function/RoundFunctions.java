package dev.headrace.function;

import dev.headrace.types.DecimalType;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// `round` (a half away from zero) and `bround` (a half to the even neighbour). A double is rounded as its shortest
/// decimal text is.
public final class RoundFunctions {
    /// A double has no digits beyond these, on either side of the point.
    private static final int DIGITS_OF_DOUBLE = 400;
    /// A bigint and a decimal have no digits before these.
    private static final int DIGITS_OF_DECIMAL = 39;

    private RoundFunctions() {}

    public static byte round(byte value, int scale) {
        return Casts.toByte(whole(value, scale, RoundingMode.HALF_UP));
    }

    public static short round(short value, int scale) {
        return Casts.toShort(whole(value, scale, RoundingMode.HALF_UP));
    }

    public static int round(int value, int scale) {
        return Casts.toInt(whole(value, scale, RoundingMode.HALF_UP));
    }

    public static long round(long value, int scale) {
        return whole(value, scale, RoundingMode.HALF_UP);
    }

    public static float round(float value, int scale) {
        return Float.isFinite(value) && scale < DIGITS_OF_DOUBLE
                ? floating(new BigDecimal(Float.toString(value)), scale, RoundingMode.HALF_UP)
                        .floatValue()
                : value;
    }

    public static double round(double value, int scale) {
        return Double.isFinite(value) && scale < DIGITS_OF_DOUBLE
                ? floating(BigDecimal.valueOf(value), scale, RoundingMode.HALF_UP)
                        .doubleValue()
                : value;
    }

    public static BigDecimal round(BigDecimal value, int scale) {
        return decimal(value, scale, RoundingMode.HALF_UP);
    }

    public static byte bround(byte value, int scale) {
        return Casts.toByte(whole(value, scale, RoundingMode.HALF_EVEN));
    }

    public static short bround(short value, int scale) {
        return Casts.toShort(whole(value, scale, RoundingMode.HALF_EVEN));
    }

    public static int bround(int value, int scale) {
        return Casts.toInt(whole(value, scale, RoundingMode.HALF_EVEN));
    }

    public static long bround(long value, int scale) {
        return whole(value, scale, RoundingMode.HALF_EVEN);
    }

    public static float bround(float value, int scale) {
        return Float.isFinite(value) && scale < DIGITS_OF_DOUBLE
                ? floating(new BigDecimal(Float.toString(value)), scale, RoundingMode.HALF_EVEN)
                        .floatValue()
                : value;
    }

    public static double bround(double value, int scale) {
        return Double.isFinite(value) && scale < DIGITS_OF_DOUBLE
                ? floating(BigDecimal.valueOf(value), scale, RoundingMode.HALF_EVEN)
                        .doubleValue()
                : value;
    }

    public static BigDecimal bround(BigDecimal value, int scale) {
        return decimal(value, scale, RoundingMode.HALF_EVEN);
    }

    private static BigDecimal floating(BigDecimal value, int scale, RoundingMode mode) {
        return value.setScale(Math.max(scale, -DIGITS_OF_DOUBLE), mode);
    }

    private static long whole(long value, int scale, RoundingMode mode) {
        return scale >= 0
                ? value
                : Casts.toLong(BigDecimal.valueOf(value).setScale(Math.max(scale, -DIGITS_OF_DECIMAL), mode));
    }

    /// Never of more decimals than before, and never of fewer than none.
    private static BigDecimal decimal(BigDecimal value, int scale, RoundingMode mode) {
        int digits = Math.min(scale, value.scale());
        BigDecimal rounded =
                value.setScale(Math.max(digits, -DIGITS_OF_DECIMAL), mode).setScale(Math.max(0, digits));
        if (rounded.precision() > DecimalType.MAX_PRECISION) {
            throw ArithmeticFunctions.overflow("round(" + value.toPlainString() + ", " + scale + ")", "decimal(38)");
        }
        return rounded;
    }

    public static BigDecimal ceil(BigDecimal value, int scale) {
        return toward(value, scale, RoundingMode.CEILING);
    }

    public static BigDecimal floor(BigDecimal value, int scale) {
        return toward(value, scale, RoundingMode.FLOOR);
    }

    private static BigDecimal toward(BigDecimal value, int scale, RoundingMode mode) {
        BigDecimal rounded = scale < value.scale() ? value.setScale(scale, mode) : value;
        return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
    }
}
