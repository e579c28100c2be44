package dev.headrace.function;

import dev.headrace.errors.DataException;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.YearMonthIntervalType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// Arithmetic with intervals: an `int` is a number of months, a `long` one of microseconds. The `try…` methods give
/// null where the others fail with `INTERVAL_ARITHMETIC_OVERFLOW` or `INTERVAL_DIVIDED_BY_ZERO`.
public final class IntervalMath {
    private IntervalMath() {}

    public static int add(int a, int b) {
        return months((long) a + b, "try_add");
    }

    public static long add(long a, long b) {
        long sum = a + b;
        if (((a ^ sum) & (b ^ sum)) < 0) {
            throw overflow("interval day to second", "try_add");
        }
        return sum;
    }

    public static @Nullable Integer tryAdd(int a, int b) {
        return orNull(() -> add(a, b));
    }

    public static @Nullable Long tryAdd(long a, long b) {
        return orNull(() -> add(a, b));
    }

    public static int subtract(int a, int b) {
        return months((long) a - b, "try_subtract");
    }

    public static long subtract(long a, long b) {
        long difference = a - b;
        if (((a ^ b) & (a ^ difference)) < 0) {
            throw overflow("interval day to second", "try_subtract");
        }
        return difference;
    }

    public static @Nullable Integer trySubtract(int a, int b) {
        return orNull(() -> subtract(a, b));
    }

    public static @Nullable Long trySubtract(long a, long b) {
        return orNull(() -> subtract(a, b));
    }

    public static int negate(int months) {
        return subtract(0, months);
    }

    public static long negate(long micros) {
        return subtract(0, micros);
    }

    public static int abs(int months) {
        return months < 0 ? negate(months) : months;
    }

    public static long abs(long micros) {
        return micros < 0 ? negate(micros) : micros;
    }

    public static double sign(int months) {
        return Integer.signum(months);
    }

    public static double sign(long micros) {
        return Long.signum(micros);
    }

    public static int multiply(int months, BigDecimal by) {
        return months(rounded(by.multiply(BigDecimal.valueOf(months)), "try_multiply"), "try_multiply");
    }

    public static int multiply(int months, double by) {
        return months(rounded(months * by, "try_multiply"), "try_multiply");
    }

    public static long multiply(long micros, BigDecimal by) {
        return rounded(by.multiply(BigDecimal.valueOf(micros)), "try_multiply");
    }

    public static long multiply(long micros, double by) {
        return rounded(micros * by, "try_multiply");
    }

    public static @Nullable Integer tryMultiply(int months, BigDecimal by) {
        return orNull(() -> multiply(months, by));
    }

    public static @Nullable Integer tryMultiply(int months, double by) {
        return orNull(() -> multiply(months, by));
    }

    public static @Nullable Long tryMultiply(long micros, BigDecimal by) {
        return orNull(() -> multiply(micros, by));
    }

    public static @Nullable Long tryMultiply(long micros, double by) {
        return orNull(() -> multiply(micros, by));
    }

    public static int divide(int months, BigDecimal by) {
        return months(divide((long) months, by), "try_divide");
    }

    public static int divide(int months, double by) {
        return months(divide((long) months, by), "try_divide");
    }

    public static long divide(long micros, BigDecimal by) {
        checkDivisor(by.signum() == 0);
        return exact(
                BigDecimal.valueOf(micros).divide(by, 0, RoundingMode.HALF_UP).toBigInteger(), "try_divide");
    }

    public static long divide(long micros, double by) {
        checkDivisor(by == 0);
        return rounded(micros / by, "try_divide");
    }

    public static @Nullable Integer tryDivide(int months, BigDecimal by) {
        return orNull(() -> divide(months, by));
    }

    public static @Nullable Integer tryDivide(int months, double by) {
        return orNull(() -> divide(months, by));
    }

    public static @Nullable Long tryDivide(long micros, BigDecimal by) {
        return orNull(() -> divide(micros, by));
    }

    public static @Nullable Long tryDivide(long micros, double by) {
        return orNull(() -> divide(micros, by));
    }

    /// How often one goes into the other, as a whole number.
    public static long integralDivide(int a, int b) {
        return ArithmeticFunctions.integralDivide((long) a, (long) b);
    }

    public static long integralDivide(long a, long b) {
        return ArithmeticFunctions.integralDivide(a, b);
    }

    private static void checkDivisor(boolean zero) {
        if (zero) {
            throw new DataException(
                    "INTERVAL_DIVIDED_BY_ZERO", "An interval is divided by 0. Use try_divide to get NULL instead.");
        }
    }

    private static long rounded(double value, String tolerant) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw overflow("interval", tolerant);
        }
        return rounded(new BigDecimal(value), tolerant);
    }

    private static long rounded(BigDecimal value, String tolerant) {
        return exact(value.setScale(0, RoundingMode.HALF_UP).toBigInteger(), tolerant);
    }

    private static long exact(BigInteger value, String tolerant) {
        if (value.bitLength() >= Long.SIZE) {
            throw overflow("interval", tolerant);
        }
        return value.longValue();
    }

    private static int months(long months, String tolerant) {
        if (months != (int) months) {
            throw overflow("interval year to month", tolerant);
        }
        return (int) months;
    }

    private static DataException overflow(String type, String tolerant) {
        return new DataException(
                "INTERVAL_ARITHMETIC_OVERFLOW",
                "A result is out of the range of " + type + ". Use " + tolerant + " to get NULL instead.");
    }

    private static DataException overflow(AnsiIntervalType type) {
        return new DataException(
                "INTERVAL_ARITHMETIC_OVERFLOW", "A result is out of the range of " + type.simpleString() + ".");
    }

    private interface Operation<T> {
        T result();
    }

    private static <T> @Nullable T orNull(Operation<T> operation) {
        try {
            return operation.result();
        } catch (DataException doesNotFit) {
            return null;
        }
    }

    // Dates and times.

    public static int dateAdd(int date, int months) {
        return DateTimeFunctions.addMonths(date, months);
    }

    /// @param micros whole days
    public static int dateAdd(int date, long micros) {
        return DateTimeFunctions.dateAdd(date, (int) (micros / Calendar.MICROS_PER_DAY));
    }

    public static @Nullable Integer tryDateAdd(int date, int months) {
        return orNull(() -> dateAdd(date, months));
    }

    public static @Nullable Integer tryDateAdd(int date, long micros) {
        return orNull(() -> dateAdd(date, micros));
    }

    public static long timeAdd(EvalContext context, long time, int months) {
        return IntervalFunctions.addInterval(context, time, months, 0, 0);
    }

    /// Whole days move the local date, the rest the instant.
    public static long timeAdd(EvalContext context, long time, long micros) {
        int days = (int) (micros / Calendar.MICROS_PER_DAY);
        return IntervalFunctions.addInterval(context, time, 0, days, micros % Calendar.MICROS_PER_DAY);
    }

    public static @Nullable Long tryTimeAdd(EvalContext context, long time, int months) {
        return orNull(() -> timeAdd(context, time, months));
    }

    public static @Nullable Long tryTimeAdd(EvalContext context, long time, long micros) {
        return orNull(() -> timeAdd(context, time, micros));
    }

    public static long localTimeAdd(long time, int months) {
        return IntervalFunctions.addLocalInterval(time, months, 0, 0);
    }

    public static long localTimeAdd(long time, long micros) {
        return IntervalFunctions.addLocalInterval(time, 0, 0, micros);
    }

    public static @Nullable Long tryLocalTimeAdd(long time, int months) {
        return orNull(() -> localTimeAdd(time, months));
    }

    public static @Nullable Long tryLocalTimeAdd(long time, long micros) {
        return orNull(() -> localTimeAdd(time, micros));
    }

    public static long datesBetween(int end, int start) {
        return micros(BigInteger.valueOf((long) end - start).multiply(BigInteger.valueOf(Calendar.MICROS_PER_DAY)));
    }

    private static long micros(BigInteger value) {
        if (value.bitLength() >= Long.SIZE) {
            throw overflow(new DayTimeIntervalType());
        }
        return value.longValue();
    }

    /// The time that clocks of the session time zone show between two instants.
    public static long timesBetween(EvalContext context, long end, long start) {
        return subtract(Calendar.toLocal(end, context.zone()), Calendar.toLocal(start, context.zone()));
    }

    public static long localTimesBetween(long end, long start) {
        return subtract(end, start);
    }

    // Making and taking apart.

    public static int makeYearMonth(int years, int months) {
        long total = years * 12L + months;
        if (total != (int) total) {
            throw overflow(new YearMonthIntervalType());
        }
        return (int) total;
    }

    public static int makeYearMonth() {
        return 0;
    }

    public static int makeYearMonth(int years) {
        return makeYearMonth(years, 0);
    }

    public static long makeDayTime() {
        return 0;
    }

    public static long makeDayTime(int days) {
        return makeDayTime(days, 0);
    }

    public static long makeDayTime(int days, int hours) {
        return makeDayTime(days, hours, 0);
    }

    public static long makeDayTime(int days, int hours, int minutes) {
        return makeDayTime(days, hours, minutes, BigDecimal.ZERO);
    }

    /// @param seconds with at most six decimals
    public static long makeDayTime(int days, int hours, int minutes, BigDecimal seconds) {
        BigDecimal micros = seconds.movePointRight(6)
                .add(BigDecimal.valueOf(minutes * 60_000_000L))
                .add(BigDecimal.valueOf(hours).multiply(BigDecimal.valueOf(3_600_000_000L)))
                .add(BigDecimal.valueOf(days).multiply(BigDecimal.valueOf(Calendar.MICROS_PER_DAY)));
        return micros(micros.toBigInteger());
    }

    public static int years(int months) {
        return months / 12;
    }

    public static byte months(int months) {
        return (byte) (months % 12);
    }

    public static int days(long micros) {
        return (int) (micros / Calendar.MICROS_PER_DAY);
    }

    public static byte hours(long micros) {
        return (byte) (micros / 3_600_000_000L % 24);
    }

    public static byte minutes(long micros) {
        return (byte) (micros / 60_000_000L % 60);
    }

    public static BigDecimal seconds(long micros) {
        return BigDecimal.valueOf(micros % 60_000_000L, 6);
    }

    /// The number of the equal bucket from `min` to `max`, as [MoreMath#widthBucket].
    public static @Nullable Long widthBucket(int value, int min, int max, long buckets) {
        return MoreMath.widthBucket((double) value, (double) min, (double) max, buckets);
    }

    public static @Nullable Long widthBucket(long value, long min, long max, long buckets) {
        return MoreMath.widthBucket((double) value, (double) min, (double) max, buckets);
    }
}
