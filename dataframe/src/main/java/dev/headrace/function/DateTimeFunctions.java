package dev.headrace.function;

import static dev.headrace.function.Calendar.MICROS_PER_DAY;
import static dev.headrace.function.Calendar.MICROS_PER_SECOND;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.IsoFields;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Functions of dates (days since 1970) and timestamps (microseconds since 1970).
public final class DateTimeFunctions {
    private static final long SECONDS_PER_DAY = 86_400;
    private static final long MICROS_PER_MILLI = 1_000;
    private static final double SECONDS_PER_MONTH = 31.0 * SECONDS_PER_DAY;

    private static UnitName lastUnit = new UnitName(Slice.utf8("DAY"), "DAY");

    private DateTimeFunctions() {}

    // The batch's clock.

    public static int currentDate(EvalContext context) {
        return Casts.timestampToDate(context, context.batchTimestampMicros());
    }

    public static long currentTimestamp(EvalContext context) {
        return context.batchTimestampMicros();
    }

    public static long localTimestamp(EvalContext context) {
        return Calendar.toLocal(context.batchTimestampMicros(), context.zone());
    }

    public static Slice currentTimezone(EvalContext context) {
        return Slice.utf8(context.zone().getId());
    }

    public static long unixNow(EvalContext context) {
        return unixSeconds(context.batchTimestampMicros());
    }

    // Parts.

    public static int year(int days) {
        return Calendar.year(days);
    }

    public static int quarter(int days) {
        return (Calendar.month(days) + 2) / 3;
    }

    public static int month(int days) {
        return Calendar.month(days);
    }

    public static int dayOfMonth(int days) {
        return Calendar.day(days);
    }

    public static int dayOfWeek(int days) {
        // 1970 began on a Thursday, the fifth day from Sunday.
        return Math.floorMod(days + 4L, 7) + 1;
    }

    public static int weekday(int days) {
        return Math.floorMod(days + 3L, 7);
    }

    public static int dayOfYear(int days) {
        return Math.toIntExact(days - Calendar.toDays(Calendar.year(days), 1, 1) + 1);
    }

    public static int weekOfYear(int days) {
        return LocalDate.ofEpochDay(days).get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
    }

    public static int hour(EvalContext context, long micros) {
        return hourLocal(Calendar.toLocal(micros, context.zone()));
    }

    public static int hourLocal(long localMicros) {
        return (int) (Math.floorMod(localMicros, MICROS_PER_DAY) / (3600 * MICROS_PER_SECOND));
    }

    public static int minute(EvalContext context, long micros) {
        return minuteLocal(Calendar.toLocal(micros, context.zone()));
    }

    public static int minuteLocal(long localMicros) {
        return (int) (Math.floorMod(localMicros, MICROS_PER_DAY) / (60 * MICROS_PER_SECOND) % 60);
    }

    public static int second(EvalContext context, long micros) {
        return secondLocal(Calendar.toLocal(micros, context.zone()));
    }

    public static int secondLocal(long localMicros) {
        return (int) (Math.floorMod(localMicros, MICROS_PER_DAY) / MICROS_PER_SECOND % 60);
    }

    // Arithmetic.

    public static int dateAdd(int days, int count) {
        return ArithmeticFunctions.add(days, count);
    }

    public static int dateSub(int days, int count) {
        return ArithmeticFunctions.subtract(days, count);
    }

    public static int dateDiff(int end, int start) {
        return ArithmeticFunctions.subtract(end, start);
    }

    public static int addMonths(int days, int months) {
        long result = LocalDate.ofEpochDay(days).plusMonths(months).toEpochDay();
        if (result != (int) result) {
            throw ArithmeticFunctions.overflow("add_months(" + TextWriter.ofDate(days) + ", " + months + ")", "date");
        }
        return (int) result;
    }

    public static double monthsBetween(EvalContext context, long end, long start) {
        return monthsBetween(context, end, start, true);
    }

    /// A whole number if both are on the same day of the month, or both on the last one.
    public static double monthsBetween(EvalContext context, long end, long start, boolean rounded) {
        int endDays = Casts.timestampToDate(context, end);
        int startDays = Casts.timestampToDate(context, start);
        double months = (Calendar.year(endDays) - Calendar.year(startDays)) * 12L
                + Calendar.month(endDays)
                - Calendar.month(startDays);
        if (Calendar.day(endDays) == Calendar.day(startDays) || isLastDay(endDays) && isLastDay(startDays)) {
            return months;
        }
        long seconds = (Calendar.day(endDays) - Calendar.day(startDays)) * SECONDS_PER_DAY
                + secondsOfDay(context, end, endDays)
                - secondsOfDay(context, start, startDays);
        double exact = months + seconds / SECONDS_PER_MONTH;
        return rounded ? Math.round(exact * 1e8) / 1e8 : exact;
    }

    /// The seconds that have passed since the day began, also those that clocks don't show.
    private static long secondsOfDay(EvalContext context, long micros, int days) {
        return (micros - Casts.dateToTimestamp(context, days)) / MICROS_PER_SECOND;
    }

    private static boolean isLastDay(long days) {
        return Calendar.day(days) == Calendar.daysOfMonth(Calendar.year(days), Calendar.month(days));
    }

    public static int lastDay(int days) {
        return days + Calendar.daysOfMonth(Calendar.year(days), Calendar.month(days)) - Calendar.day(days);
    }

    public static int nextDay(int days, Slice weekday) {
        int wanted = switch (weekday.toString().strip().toUpperCase(Locale.ROOT)) {
            case "MO", "MON", "MONDAY" -> 0;
            case "TU", "TUE", "TUESDAY" -> 1;
            case "WE", "WED", "WEDNESDAY" -> 2;
            case "TH", "THU", "THURSDAY" -> 3;
            case "FR", "FRI", "FRIDAY" -> 4;
            case "SA", "SAT", "SATURDAY" -> 5;
            case "SU", "SUN", "SUNDAY" -> 6;
            default ->
                throw new DataException(
                        "ILLEGAL_DAY_OF_WEEK", "next_day: '" + weekday + "' is not a day of the week, such as 'Mon'.");
        };
        return days + 1 + Math.floorMod(wanted - weekday(days) - 1, 7);
    }

    /// The unit in upper case. Nearly always a constant, so the last one is remembered.
    private static String unitName(Slice unit) {
        UnitName known = lastUnit;
        if (!known.text.contentEquals(unit)) {
            known = new UnitName(unit.copy(), unit.toString().toUpperCase(Locale.ROOT));
            lastUnit = known;
        }
        return known.name;
    }

    private record UnitName(Slice text, String name) {}

    /// Null for a unit that there is not, or one shorter than a week.
    public static @Nullable Integer trunc(int days, Slice unit) {
        return switch (unitName(unit)) {
            case "YEAR", "YYYY", "YY" -> (Integer) Math.toIntExact(Calendar.toDays(Calendar.year(days), 1, 1));
            case "QUARTER" -> (Integer) Math.toIntExact(Calendar.toDays(Calendar.year(days), quarter(days) * 3 - 2, 1));
            case "MONTH", "MM", "MON" -> (Integer) (days - Calendar.day(days) + 1);
            case "WEEK" -> (Integer) (days - weekday(days));
            default -> null;
        };
    }

    /// Null for a unit that there is not.
    public static @Nullable Long dateTrunc(EvalContext context, Slice unit, long micros) {
        long local = Calendar.toLocal(micros, context.zone());
        long step = switch (unitName(unit)) {
            case "MICROSECOND" -> 1;
            case "MILLISECOND" -> MICROS_PER_MILLI;
            case "SECOND" -> MICROS_PER_SECOND;
            case "MINUTE" -> 60 * MICROS_PER_SECOND;
            case "HOUR" -> 3600 * MICROS_PER_SECOND;
            case "DAY", "DD" -> MICROS_PER_DAY;
            default -> 0;
        };
        if (step > 0 && step <= MICROS_PER_SECOND) {
            return micros - Math.floorMod(local, step);
        }
        if (step > 0) {
            // Clocks may have been changed since then, also within an hour.
            return Calendar.fromLocal(local - Math.floorMod(local, step), context.zone(), micros);
        }
        Integer days = trunc(Math.toIntExact(Math.floorDiv(local, MICROS_PER_DAY)), unit);
        return days == null ? null : (Long) Casts.dateToTimestamp(context, days);
    }

    // Construction and conversion.

    public static int makeDate(int year, int month, int day) {
        try {
            return Math.toIntExact(LocalDate.of(year, month, day).toEpochDay());
        } catch (DateTimeException | ArithmeticException wrong) {
            throw new DataException(
                    "DATETIME_FIELD_OUT_OF_BOUNDS",
                    "make_date(" + year + ", " + month + ", " + day + "): there is no such date: " + wrong.getMessage()
                            + ".",
                    wrong);
        }
    }

    /// @param second with six decimals; 60 is the next minute
    public static long makeTimestamp(
            EvalContext context, int year, int month, int day, int hour, int minute, BigDecimal second) {
        long micros = second.movePointRight(6).longValue();
        boolean exists =
                hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && micros >= 0 && micros <= 60 * MICROS_PER_SECOND;
        if (!exists) {
            throw new DataException(
                    "DATETIME_FIELD_OUT_OF_BOUNDS",
                    "make_timestamp: there is no time " + hour + ":" + minute + ":" + second.toPlainString() + ".");
        }
        long ofDay = (hour * 60L + minute) * 60 * MICROS_PER_SECOND + micros;
        return Calendar.fromLocalDay(makeDate(year, month, day), ofDay, context.zone());
    }

    public static long timestampSeconds(long seconds) {
        return Casts.secondsToTimestamp(seconds);
    }

    public static @Nullable Long timestampSeconds(double seconds) {
        return Double.isFinite(seconds) ? (Long) Casts.secondsToTimestamp(seconds) : null;
    }

    public static long timestampMillis(long millis) {
        return ArithmeticFunctions.multiply(millis, MICROS_PER_MILLI);
    }

    public static long timestampMicros(long micros) {
        return micros;
    }

    public static long unixSeconds(long micros) {
        return Math.floorDiv(micros, MICROS_PER_SECOND);
    }

    /// The pattern is for texts; a time needs none.
    public static long unixSeconds(long micros, Slice pattern) {
        return unixSeconds(micros);
    }

    public static long unixMillis(long micros) {
        return Math.floorDiv(micros, MICROS_PER_MILLI);
    }

    public static long unixMicros(long micros) {
        return micros;
    }

    public static int unixDate(int days) {
        return days;
    }

    public static int dateFromUnixDate(int days) {
        return days;
    }

    public static long fromUtc(long micros, Slice zone) {
        return Calendar.toLocal(micros, zone("from_utc_timestamp", zone));
    }

    public static long toUtc(long micros, Slice zone) {
        return Calendar.fromLocal(micros, zone("to_utc_timestamp", zone));
    }

    static ZoneId zone(String function, Slice name) {
        try {
            return TimeZones.of(name.toString());
        } catch (DateTimeException wrong) {
            throw new DataException(
                    "INVALID_TIMEZONE",
                    function + ": '" + name + "' is not a time zone, such as 'Europe/Berlin' or '+01:00'.",
                    wrong);
        }
    }
}
