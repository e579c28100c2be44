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

    /// Months and days move the local date, microseconds the instant.
    public static long addInterval(EvalContext context, long micros, int months, int days, long moreMicros) {
        long moved = micros;
        if (months != 0 || days != 0) {
            long local = addLocalInterval(Calendar.toLocal(micros, context.zone()), months, days, 0);
            moved = Calendar.fromLocal(local, context.zone());
        }
        return sum(moved, moreMicros);
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

    /// The time so many units later.
    public static long timestampAdd(EvalContext context, Slice unit, int count, long micros) {
        return switch (name(unit)) {
            case "MICROSECOND" -> sum(micros, count);
            case "MILLISECOND" -> sum(micros, count * 1000L);
            case "SECOND" -> sum(micros, count * Calendar.MICROS_PER_SECOND);
            case "MINUTE" -> sum(micros, count * 60L * Calendar.MICROS_PER_SECOND);
            case "HOUR" -> sum(micros, product(count * 3600L, Calendar.MICROS_PER_SECOND));
            case "DAY", "DAYOFYEAR" -> addInterval(context, micros, 0, count, 0);
            case "WEEK" -> addInterval(context, micros, 0, whole(count, 7), 0);
            case "MONTH" -> addInterval(context, micros, count, 0, 0);
            case "QUARTER" -> addInterval(context, micros, whole(count, 3), 0, 0);
            case "YEAR" -> addInterval(context, micros, whole(count, 12), 0, 0);
            default -> throw unknown(unit);
        };
    }

    /// The whole units from one time to another, in the session time zone.
    public static long timestampDiff(EvalContext context, Slice unit, long start, long end) {
        LocalDateTime from = local(Calendar.toLocal(start, context.zone()));
        LocalDateTime to = local(Calendar.toLocal(end, context.zone()));
        return switch (name(unit)) {
            case "MICROSECOND" -> end - start;
            case "MILLISECOND" -> (end - start) / 1000;
            case "SECOND" -> (end - start) / Calendar.MICROS_PER_SECOND;
            case "MINUTE" -> (end - start) / (60 * Calendar.MICROS_PER_SECOND);
            case "HOUR" -> (end - start) / (3600 * Calendar.MICROS_PER_SECOND);
            case "DAY", "DAYOFYEAR" -> ChronoUnit.DAYS.between(from, to);
            case "WEEK" -> ChronoUnit.WEEKS.between(from, to);
            case "MONTH" -> ChronoUnit.MONTHS.between(from, to);
            case "QUARTER" -> ChronoUnit.MONTHS.between(from, to) / 3;
            case "YEAR" -> ChronoUnit.YEARS.between(from, to);
            default -> throw unknown(unit);
        };
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
