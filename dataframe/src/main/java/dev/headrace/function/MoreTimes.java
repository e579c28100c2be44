package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Rarer functions of dates and timestamps.
public final class MoreTimes {
    private MoreTimes() {}

    public static Slice dayName(int days) {
        DayOfWeek day = DayOfWeek.of(DateTimeFunctions.weekday(days) + 1);
        return Slice.utf8(day.getDisplayName(TextStyle.SHORT, Locale.US));
    }

    public static Slice monthName(int days) {
        return Slice.utf8(Month.of(Calendar.month(days)).getDisplayName(TextStyle.SHORT, Locale.US));
    }

    /// A local time of one zone as that of another.
    public static long convertZone(Slice from, Slice to, long local) {
        long micros = Calendar.fromLocal(local, zone(from));
        return Calendar.toLocal(micros, zone(to));
    }

    public static long convertZone(EvalContext context, Slice to, long local) {
        return Calendar.toLocal(Calendar.fromLocal(local, context.zone()), zone(to));
    }

    private static ZoneId zone(Slice name) {
        return DateTimeFunctions.zone("convert_timezone", name);
    }

    /// A time in a zone of its own.
    public static long makeTimestamp(
            EvalContext context, int year, int month, int day, int hour, int minute, BigDecimal second, Slice zone) {
        return DateTimeFunctions.makeTimestamp(context.in(zone(zone)), year, month, day, hour, minute, second);
    }

    public static long makeLocal(
            EvalContext context, int year, int month, int day, int hour, int minute, BigDecimal second) {
        return DateTimeFunctions.makeTimestamp(context.in(ZoneOffset.UTC), year, month, day, hour, minute, second);
    }

    public static @Nullable Long tryMakeTimestamp(
            EvalContext context, int year, int month, int day, int hour, int minute, BigDecimal second) {
        try {
            return DateTimeFunctions.makeTimestamp(context, year, month, day, hour, minute, second);
        } catch (DataException noSuchTime) {
            return null;
        }
    }

    public static @Nullable Long tryMakeTimestamp(
            EvalContext context, int year, int month, int day, int hour, int minute, BigDecimal second, Slice zone) {
        return tryMakeTimestamp(context.in(zone(zone)), year, month, day, hour, minute, second);
    }

    public static @Nullable Long tryMakeLocal(
            EvalContext context, int year, int month, int day, int hour, int minute, BigDecimal second) {
        return tryMakeTimestamp(context.in(ZoneOffset.UTC), year, month, day, hour, minute, second);
    }

    public static long toLocal(EvalContext context, Slice text, Slice pattern) {
        return DateTimeFormats.toTimestamp(context.in(ZoneOffset.UTC), text, pattern);
    }

    public static @Nullable Integer tryToDate(EvalContext context, Slice text, Slice pattern) {
        Long micros = DateTimeFormats.tryToTimestamp(context, text, pattern);
        return micros == null ? null : (Integer) Casts.timestampToDate(context, micros);
    }

    public static long timestampSeconds(BigDecimal seconds) {
        try {
            return seconds.movePointRight(6)
                    .setScale(0, java.math.RoundingMode.DOWN)
                    .longValueExact();
        } catch (ArithmeticException tooLarge) {
            throw new DataException(
                    "ARITHMETIC_OVERFLOW",
                    "timestamp_seconds(" + seconds.toPlainString() + ") is beyond the times that a timestamp can hold.",
                    tooLarge);
        }
    }
}
