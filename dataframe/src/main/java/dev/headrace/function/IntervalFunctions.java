package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// Times moved by months, days and microseconds, and the number of units between times.
public final class IntervalFunctions {
    private IntervalFunctions() {}

    /// Months move the local date, then days do; microseconds move the instant.
    public static long addInterval(EvalContext context, long micros, int months, int days, long moreMicros) {
        long moved = months == 0 ? micros : addToDate(context, micros, months, 0);
        moved = days == 0 ? moved : addToDate(context, moved, 0, days);
        return sum(moved, moreMicros);
    }

    private static long addToDate(EvalContext context, long micros, int months, int days) {
        long local = addLocalInterval(Calendar.toLocal(micros, context.zone()), months, days, 0);
        return Calendar.fromLocal(local, context.zone(), micros);
    }

    public static long addLocalInterval(long localMicros, int months, int days, long moreMicros) {
        try {
            LocalDateTime moved = local(localMicros).plusMonths(months).plusDays(days);
            return sum(micros(moved), moreMicros);
        } catch (DateTimeException | ArithmeticException tooFar) {
            throw overflow(tooFar);
        }
    }

    private static long sum(long a, long b) {
        try {
            return Math.addExact(a, b);
        } catch (ArithmeticException tooFar) {
            throw overflow(tooFar);
        }
    }

    private static long product(long a, long b) {
        try {
            return Math.multiplyExact(a, b);
        } catch (ArithmeticException tooFar) {
            throw overflow(tooFar);
        }
    }

    private static int whole(int count, int factor) {
        try {
            return Math.multiplyExact(count, factor);
        } catch (ArithmeticException tooFar) {
            throw overflow(tooFar);
        }
    }

    private static DataException overflow(Exception cause) {
        return new DataException(
                "DATETIME_OVERFLOW", "A time moved by an interval lies beyond the years that timestamps have.", cause);
    }

    private static LocalDateTime local(long localMicros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(localMicros, Calendar.MICROS_PER_SECOND),
                (int) Math.floorMod(localMicros, Calendar.MICROS_PER_SECOND) * 1000,
                ZoneOffset.UTC);
    }

    private static long micros(LocalDateTime time) {
        return Math.addExact(
                Math.multiplyExact(time.toEpochSecond(ZoneOffset.UTC), Calendar.MICROS_PER_SECOND),
                time.getNano() / 1000);
    }

    /// The time so many units later: days and longer units move the local date, shorter ones the instant.
    public static long timestampAdd(EvalContext context, Slice unit, int count, long micros) {
        Length length = Length.of(unit, count);
        return addInterval(context, micros, length.months, length.days, length.micros);
    }

    public static long timestampAddLocal(Slice unit, int count, long localMicros) {
        Length length = Length.of(unit, count);
        return addLocalInterval(localMicros, length.months, length.days, length.micros);
    }

    private record Length(int months, int days, long micros) {
        static Length of(Slice unit, int count) {
            return switch (name(unit)) {
                case "MICROSECOND" -> new Length(0, 0, count);
                case "MILLISECOND" -> new Length(0, 0, count * 1000L);
                case "SECOND" -> new Length(0, 0, count * Calendar.MICROS_PER_SECOND);
                case "MINUTE" -> new Length(0, 0, count * 60L * Calendar.MICROS_PER_SECOND);
                case "HOUR" -> new Length(0, 0, product(count * 3600L, Calendar.MICROS_PER_SECOND));
                case "DAY", "DAYOFYEAR" -> new Length(0, count, 0);
                case "WEEK" -> new Length(0, whole(count, 7), 0);
                case "MONTH" -> new Length(count, 0, 0);
                case "QUARTER" -> new Length(whole(count, 3), 0, 0);
                case "YEAR" -> new Length(whole(count, 12), 0, 0);
                default -> throw unknown(unit);
            };
        }
    }

    /// The whole units from one time to another, as clocks of the session time zone show them: a day in which they are
    /// put forward has 24 hours, too.
    public static long timestampDiff(EvalContext context, Slice unit, long start, long end) {
        LocalDateTime from = local(Calendar.toLocal(start, context.zone()));
        LocalDateTime to = local(Calendar.toLocal(end, context.zone()));
        try {
            return switch (name(unit)) {
                case "MICROSECOND" -> ChronoUnit.MICROS.between(from, to);
                case "MILLISECOND" -> ChronoUnit.MILLIS.between(from, to);
                case "SECOND" -> ChronoUnit.SECONDS.between(from, to);
                case "MINUTE" -> ChronoUnit.MINUTES.between(from, to);
                case "HOUR" -> ChronoUnit.HOURS.between(from, to);
                case "DAY", "DAYOFYEAR" -> ChronoUnit.DAYS.between(from, to);
                case "WEEK" -> ChronoUnit.WEEKS.between(from, to);
                case "MONTH" -> ChronoUnit.MONTHS.between(from, to);
                case "QUARTER" -> ChronoUnit.MONTHS.between(from, to) / 3;
                case "YEAR" -> ChronoUnit.YEARS.between(from, to);
                default -> throw unknown(unit);
            };
        } catch (ArithmeticException tooFar) {
            throw overflow(tooFar);
        }
    }

    private static String name(Slice unit) {
        return unit.toString().toUpperCase(Locale.ROOT);
    }

    private static DataException unknown(Slice unit) {
        return new DataException(
                "INVALID_UNIT",
                "'" + unit
                        + "' is not a unit of time. Units: MICROSECOND, MILLISECOND, SECOND, MINUTE, HOUR, DAY, WEEK,"
                        + " MONTH, QUARTER, YEAR.");
    }

    /// The second with its microseconds.
    public static BigDecimal secondWithFraction(EvalContext context, long micros) {
        return secondWithFractionLocal(Calendar.toLocal(micros, context.zone()));
    }

    public static BigDecimal secondWithFractionLocal(long localMicros) {
        return BigDecimal.valueOf(Math.floorMod(localMicros, 60 * Calendar.MICROS_PER_SECOND), 6);
    }
}
