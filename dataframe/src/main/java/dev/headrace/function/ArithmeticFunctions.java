package dev.headrace.function;

import dev.headrace.errors.DataException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// The arithmetic operators at run time, an overload per type. Integers that overflow, decimals that need more digits
/// than their type has, and division by zero are errors (`ARITHMETIC_OVERFLOW`, `DIVIDE_BY_ZERO`); floating-point
/// numbers follow IEEE 754, but dividing by zero is an error for them, too.
public final class ArithmeticFunctions {
    private static final BigDecimal MIN_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal MAX_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

    private ArithmeticFunctions() {}

    public static byte add(byte a, byte b) {
        int result = a + b;
        if (result != (byte) result) {
            throw overflow(a + " + " + b, "tinyint", "try_add");
        }
        return (byte) result;
    }

    public static byte subtract(byte a, byte b) {
        int result = a - b;
        if (result != (byte) result) {
            throw overflow(a + " - " + b, "tinyint", "try_subtract");
        }
        return (byte) result;
    }

    public static byte multiply(byte a, byte b) {
        int result = a * b;
        if (result != (byte) result) {
            throw overflow(a + " * " + b, "tinyint", "try_multiply");
        }
        return (byte) result;
    }

    public static short add(short a, short b) {
        int result = a + b;
        if (result != (short) result) {
            throw overflow(a + " + " + b, "smallint", "try_add");
        }
        return (short) result;
    }

    public static short subtract(short a, short b) {
        int result = a - b;
        if (result != (short) result) {
            throw overflow(a + " - " + b, "smallint", "try_subtract");
        }
        return (short) result;
    }

    public static short multiply(short a, short b) {
        int result = a * b;
        if (result != (short) result) {
            throw overflow(a + " * " + b, "smallint", "try_multiply");
        }
        return (short) result;
    }

    public static int add(int a, int b) {
        int result = a + b;
        if (((a ^ result) & (b ^ result)) < 0) {
            throw overflow(a + " + " + b, "int", "try_add");
        }
        return result;
    }

    public static int subtract(int a, int b) {
        int result = a - b;
        if (((a ^ b) & (a ^ result)) < 0) {
            throw overflow(a + " - " + b, "int", "try_subtract");
        }
        return result;
    }

    public static long add(long a, long b) {
        long result = a + b;
        if (((a ^ result) & (b ^ result)) < 0) {
            throw overflow(a + " + " + b, "bigint", "try_add");
        }
        return result;
    }

    public static long subtract(long a, long b) {
        long result = a - b;
        if (((a ^ b) & (a ^ result)) < 0) {
            throw overflow(a + " - " + b, "bigint", "try_subtract");
        }
        return result;
    }

    public static int multiply(int a, int b) {
        long result = (long) a * b;
        if (result != (int) result) {
            throw overflow(a + " * " + b, "int", "try_multiply");
        }
        return (int) result;
    }

    public static long multiply(long a, long b) {
        long result = a * b;
        if (Math.multiplyHigh(a, b) != result >> 63) {
            throw overflow(a + " * " + b, "bigint", "try_multiply");
        }
        return result;
    }

    public static float add(float a, float b) {
        return a + b;
    }

    public static float subtract(float a, float b) {
        return a - b;
    }

    public static float multiply(float a, float b) {
        return a * b;
    }

    public static double add(double a, double b) {
        return a + b;
    }

    public static double subtract(double a, double b) {
        return a - b;
    }

    public static double multiply(double a, double b) {
        return a * b;
    }

    public static double divide(double a, double b) {
        if (b == 0) {
            throw divideByZero(a, "/", "try_divide");
        }
        return a / b;
    }

    public static long integralDivide(long a, long b) {
        if (b == 0) {
            throw divideByZero(a, "div", "try_divide");
        }
        if (b == -1 && a == Long.MIN_VALUE) {
            throw overflow(a + " div " + b, "bigint", "try_divide");
        }
        return a / b;
    }

    /// The quotient of decimals, rounded toward zero.
    public static long integralDivide(BigDecimal a, BigDecimal b) {
        if (b.signum() == 0) {
            throw divideByZero(a.toPlainString(), "div", "try_divide");
        }
        BigDecimal quotient = a.divideToIntegralValue(b);
        if (quotient.compareTo(MIN_LONG) < 0 || quotient.compareTo(MAX_LONG) > 0) {
            throw overflow(a.toPlainString() + " div " + b.toPlainString(), "bigint", "try_divide");
        }
        return quotient.longValue();
    }

    public static byte remainder(byte a, byte b) {
        if (b == 0) {
            throw divideByZero(a, "%", "try_mod");
        }
        return (byte) (a % b);
    }

    public static short remainder(short a, short b) {
        if (b == 0) {
            throw divideByZero(a, "%", "try_mod");
        }
        return (short) (a % b);
    }

    public static int remainder(int a, int b) {
        if (b == 0) {
            throw divideByZero(a, "%", "try_mod");
        }
        return a % b;
    }

    public static long remainder(long a, long b) {
        if (b == 0) {
            throw divideByZero(a, "%", "try_mod");
        }
        return a % b;
    }

    public static float remainder(float a, float b) {
        if (b == 0) {
            throw divideByZero(a, "%", "try_mod");
        }
        return a % b;
    }

    public static double remainder(double a, double b) {
        if (b == 0) {
            throw divideByZero(a, "%", "try_mod");
        }
        return a % b;
    }

    public static BigDecimal add(BigDecimal a, BigDecimal b, int precision, int scale) {
        return fit(a.add(b), a, "+", b, precision, scale);
    }

    public static BigDecimal subtract(BigDecimal a, BigDecimal b, int precision, int scale) {
        return fit(a.subtract(b), a, "-", b, precision, scale);
    }

    public static BigDecimal multiply(BigDecimal a, BigDecimal b, int precision, int scale) {
        return fit(a.multiply(b), a, "*", b, precision, scale);
    }

    public static BigDecimal divide(BigDecimal a, BigDecimal b, int precision, int scale) {
        if (b.signum() == 0) {
            throw divideByZero(a.toPlainString(), "/", "try_divide");
        }
        return fit(a.divide(b, scale, RoundingMode.HALF_UP), a, "/", b, precision, scale);
    }

    public static BigDecimal remainder(BigDecimal a, BigDecimal b, int precision, int scale) {
        if (b.signum() == 0) {
            throw divideByZero(a.toPlainString(), "%", "try_mod");
        }
        return fit(a.remainder(b), a, "%", b, precision, scale);
    }

    private static BigDecimal fit(
            BigDecimal result, BigDecimal a, String symbol, BigDecimal b, int precision, int scale) {
        BigDecimal rounded = result.setScale(scale, RoundingMode.HALF_UP);
        if (rounded.precision() > precision) {
            throw overflow(
                    a.toPlainString() + " " + symbol + " " + b.toPlainString(),
                    "decimal(" + precision + "," + scale + ")",
                    "try_" + verb(symbol));
        }
        return rounded;
    }

    private static String verb(String symbol) {
        return switch (symbol) {
            case "+" -> "add";
            case "-" -> "subtract";
            case "*" -> "multiply";
            case "/" -> "divide";
            default -> "mod";
        };
    }

    public static byte negative(byte a) {
        if (a == Byte.MIN_VALUE) {
            throw overflow("-(" + a + ")", "tinyint", "try_subtract");
        }
        return (byte) -a;
    }

    public static short negative(short a) {
        if (a == Short.MIN_VALUE) {
            throw overflow("-(" + a + ")", "smallint", "try_subtract");
        }
        return (short) -a;
    }

    public static int negative(int a) {
        if (a == Integer.MIN_VALUE) {
            throw overflow("-(" + a + ")", "int", "try_subtract");
        }
        return -a;
    }

    public static long negative(long a) {
        if (a == Long.MIN_VALUE) {
            throw overflow("-(" + a + ")", "bigint", "try_subtract");
        }
        return -a;
    }

    public static float negative(float a) {
        return -a;
    }

    public static double negative(double a) {
        return -a;
    }

    public static BigDecimal negative(BigDecimal a) {
        return a.negate();
    }

    static DataException overflow(String what, String type) {
        return new DataException("ARITHMETIC_OVERFLOW", what + " is out of the range of " + type + ".");
    }

    static DataException overflow(String what, String type, String tolerant) {
        return new DataException(
                "ARITHMETIC_OVERFLOW",
                what + " is out of the range of " + type + ". Use " + tolerant
                        + " to get NULL instead, or cast to a wider type.");
    }

    private static DataException divideByZero(Object dividend, String symbol, String tolerant) {
        return new DataException(
                "DIVIDE_BY_ZERO",
                dividend + " " + symbol + " 0: division by zero. Use " + tolerant + " to get NULL instead.");
    }
}
