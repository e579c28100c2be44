package dev.headrace.function;

import dev.headrace.chunk.Hash;
import dev.headrace.errors.DataException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// Functions of numbers.
public final class MathFunctions {
    private static final int MOST_FACTORIAL = 20;

    private MathFunctions() {}

    public static byte abs(byte a) {
        return a < 0 ? ArithmeticFunctions.negative(a) : a;
    }

    public static short abs(short a) {
        return a < 0 ? ArithmeticFunctions.negative(a) : a;
    }

    public static int abs(int a) {
        return a < 0 ? ArithmeticFunctions.negative(a) : a;
    }

    public static long abs(long a) {
        return a < 0 ? ArithmeticFunctions.negative(a) : a;
    }

    public static float abs(float a) {
        return Math.abs(a);
    }

    public static double abs(double a) {
        return Math.abs(a);
    }

    public static BigDecimal abs(BigDecimal a) {
        return a.abs();
    }

    public static double sign(double a) {
        return Math.signum(a);
    }

    public static boolean isNan(double a) {
        return Double.isNaN(a);
    }

    public static boolean isNan(float a) {
        return Float.isNaN(a);
    }

    /// What is out of range is the nearest number, and NaN is 0.
    public static long ceil(double a) {
        return (long) Math.ceil(a);
    }

    public static BigDecimal ceil(BigDecimal a) {
        return a.setScale(0, RoundingMode.CEILING);
    }

    /// What is out of range is the nearest number, and NaN is 0.
    public static long floor(double a) {
        return (long) Math.floor(a);
    }

    public static BigDecimal floor(BigDecimal a) {
        return a.setScale(0, RoundingMode.FLOOR);
    }

    public static double rint(double x) {
        return Math.rint(x);
    }

    public static double sqrt(double x) {
        return Math.sqrt(x);
    }

    public static double cbrt(double x) {
        return Math.cbrt(x);
    }

    public static double exp(double x) {
        return StrictMath.exp(x);
    }

    public static double expm1(double x) {
        return StrictMath.expm1(x);
    }

    public static double sin(double x) {
        return Math.sin(x);
    }

    public static double cos(double x) {
        return Math.cos(x);
    }

    public static double tan(double x) {
        return Math.tan(x);
    }

    public static double cot(double x) {
        return 1 / Math.tan(x);
    }

    public static double sinh(double x) {
        return Math.sinh(x);
    }

    public static double cosh(double x) {
        return Math.cosh(x);
    }

    public static double tanh(double x) {
        return Math.tanh(x);
    }

    public static double asin(double x) {
        return Math.asin(x);
    }

    public static double acos(double x) {
        return Math.acos(x);
    }

    public static double atan(double x) {
        return Math.atan(x);
    }

    public static double degrees(double x) {
        return Math.toDegrees(x);
    }

    public static double radians(double x) {
        return Math.toRadians(x);
    }

    public static @Nullable Double ln(double x) {
        return x <= 0 ? null : (Double) StrictMath.log(x);
    }

    public static @Nullable Double log10(double x) {
        return x <= 0 ? null : (Double) StrictMath.log10(x);
    }

    public static @Nullable Double log2(double x) {
        return x <= 0 ? null : (Double) (StrictMath.log(x) / StrictMath.log(2));
    }

    public static @Nullable Double log1p(double x) {
        return x <= -1 ? null : (Double) StrictMath.log1p(x);
    }

    public static @Nullable Double log(double base, double x) {
        return base <= 0 || x <= 0 ? null : (Double) (StrictMath.log(x) / StrictMath.log(base));
    }

    public static double pow(double base, double exponent) {
        return StrictMath.pow(base, exponent);
    }

    public static double hypot(double a, double b) {
        return Math.hypot(a, b);
    }

    public static double atan2(double y, double x) {
        // Adding 0.0 turns -0.0 into 0.0, so that the angle does not depend on the sign of zero.
        return Math.atan2(y + 0.0, x + 0.0);
    }

    public static double e() {
        return Math.E;
    }

    public static double pi() {
        return Math.PI;
    }

    public static @Nullable Long factorial(int n) {
        if (n < 0 || n > MOST_FACTORIAL) {
            return null;
        }
        long product = 1;
        for (int i = 2; i <= n; i++) {
            product *= i;
        }
        return product;
    }

    public static byte pmod(byte a, byte b) {
        byte remainder = ArithmeticFunctions.remainder(a, b);
        return remainder < 0 ? (byte) ((remainder + b) % b) : remainder;
    }

    public static short pmod(short a, short b) {
        short remainder = ArithmeticFunctions.remainder(a, b);
        return remainder < 0 ? (short) ((remainder + b) % b) : remainder;
    }

    public static int pmod(int a, int b) {
        int remainder = ArithmeticFunctions.remainder(a, b);
        return remainder < 0 ? (remainder + b) % b : remainder;
    }

    public static long pmod(long a, long b) {
        long remainder = ArithmeticFunctions.remainder(a, b);
        return remainder < 0 ? (remainder + b) % b : remainder;
    }

    public static float pmod(float a, float b) {
        float remainder = ArithmeticFunctions.remainder(a, b);
        return remainder < 0 ? (remainder + b) % b : remainder;
    }

    public static double pmod(double a, double b) {
        double remainder = ArithmeticFunctions.remainder(a, b);
        return remainder < 0 ? (remainder + b) % b : remainder;
    }

    public static BigDecimal pmod(BigDecimal a, BigDecimal b) {
        if (b.signum() == 0) {
            throw new DataException(
                    "DIVIDE_BY_ZERO",
                    "pmod(" + a.toPlainString() + ", 0): division by zero. Use try_mod to get NULL instead.");
        }
        BigDecimal remainder = a.remainder(b);
        return remainder.signum() < 0 ? remainder.add(b).remainder(b) : remainder;
    }

    public static double rand(EvalContext context) {
        return rand(context, 0);
    }

    /// The next number of a sequence that depends on the seed, the streaming query, the batch, the split and the place
    /// in the plan, and on nothing else: a batch that is run again draws the same numbers.
    public static double rand(EvalContext context, long seed) {
        long place = ((long) context.program() << 32) + context.partition();
        long bits = Hash.of(seed ^ context.batchTimestampMicros() * 0x9e3779b97f4a7c15L ^ context.query());
        bits = Hash.of(bits + place);
        bits = Hash.of(bits + context.draws().next() * 0x9e3779b97f4a7c15L);
        return (bits >>> 11) * 0x1p-53;
    }

    public static long increasingId(EvalContext context) {
        return ((long) context.partition() << 33) + context.draws().next();
    }

    public static int partition(EvalContext context) {
        return context.partition();
    }
}
