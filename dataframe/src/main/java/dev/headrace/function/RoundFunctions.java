package dev.headrace.function;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// `round` (a half away from zero) and `bround` (a half to the even neighbour). A double is rounded as its shortest
/// decimal text is.
public final class RoundFunctions {
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
        return Float.isFinite(value)
                ? new BigDecimal(Float.toString(value))
                        .setScale(scale, RoundingMode.HALF_UP)
                        .floatValue()
                : value;
    }

    public static double round(double value, int scale) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value)
                        .setScale(scale, RoundingMode.HALF_UP)
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
        return Float.isFinite(value)
                ? new BigDecimal(Float.toString(value))
                        .setScale(scale, RoundingMode.HALF_EVEN)
                        .floatValue()
                : value;
    }

    public static double bround(double value, int scale) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value)
                        .setScale(scale, RoundingMode.HALF_EVEN)
                        .doubleValue()
                : value;
    }

    public static BigDecimal bround(BigDecimal value, int scale) {
        return decimal(value, scale, RoundingMode.HALF_EVEN);
    }

    private static long whole(long value, int scale, RoundingMode mode) {
        return scale >= 0 ? value : Casts.toLong(BigDecimal.valueOf(value).setScale(scale, mode));
    }

    /// Never of more decimals than before, and never of fewer than none.
    private static BigDecimal decimal(BigDecimal value, int scale, RoundingMode mode) {
        BigDecimal rounded = value.setScale(Math.min(scale, value.scale()), mode)
                .setScale(Math.max(0, Math.min(scale, value.scale())));
        if (rounded.precision() > dev.headrace.types.DecimalType.MAX_PRECISION) {
            throw ArithmeticFunctions.overflow(
                    "round(" + value.toPlainString() + ", " + scale + ")", "decimal(38)", "try_cast");
        }
        return rounded;
    }
}
