package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Dates and times by patterns such as `yyyy-MM-dd HH:mm:ss.SSS`: Java's letters, less those that depend on the
/// country.
///
/// When a text is read, a run of `S` takes one digit up to as many as there are letters; a date part that the pattern
/// lacks is 1970 or 1, a time part 0, and the time zone that of the session.
public final class DateTimeFormats {
    private static final Slice DEFAULT = Slice.utf8("yyyy-MM-dd HH:mm:ss");
    private static final String REFUSED = "YWwuANnceBp";
    private static final int MOST_CACHED = 1000;
    private static final ConcurrentHashMap<Slice, Writer> WRITERS = new ConcurrentHashMap<>();
    private static final ConcurrentHashMap<Slice, DateTimeFormatter> READERS = new ConcurrentHashMap<>();

    private DateTimeFormats() {}

    public static Slice format(EvalContext context, long micros, Slice pattern) {
        Writer writer = writer(pattern);
        long local = Calendar.toLocal(micros, context.zone());
        if (writer.plain().isPresent() && PlainPattern.canWrite(local)) {
            return writer.plain().get().write(local);
        }
        Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
        ZonedDateTime time = ZonedDateTime.ofInstant(instant, context.zone());
        try {
            return Slice.utf8(writer.any().format(time));
        } catch (DateTimeException wrong) {
            throw new DataException(
                    "INVALID_DATETIME_PATTERN",
                    "'" + pattern + "' can't write " + time + ": " + wrong.getMessage() + ".",
                    wrong);
        }
    }

    /// @param plain the same in less time, for patterns of digits
    private record Writer(DateTimeFormatter any, Optional<PlainPattern> plain) {
        static Writer of(String pattern) {
            return new Writer(writer(pattern, Locale.US), PlainPattern.of(pattern));
        }
    }

    public static Slice fromUnixTime(EvalContext context, long seconds) {
        return fromUnixTime(context, seconds, DEFAULT);
    }

    public static Slice fromUnixTime(EvalContext context, long seconds, Slice pattern) {
        return format(context, Casts.secondsToTimestamp(seconds), pattern);
    }

    public static int toDate(EvalContext context, Slice text, Slice pattern) {
        return Casts.timestampToDate(context, toTimestamp(context, text, pattern));
    }

    public static long toTimestamp(EvalContext context, Slice text, Slice pattern) {
        try {
            return parse(context, text, reader(pattern));
        } catch (DateTimeException wrong) {
            throw new DataException(
                    "CANNOT_PARSE_TIMESTAMP",
                    "'" + text + "' does not match the pattern '" + pattern
                            + "'. Use try_to_timestamp to get NULL instead.",
                    wrong);
        }
    }

    public static @Nullable Long tryToTimestamp(EvalContext context, Slice text, Slice pattern) {
        DateTimeFormatter reader = reader(pattern);
        try {
            return parse(context, text, reader);
        } catch (DateTimeException | DataException noTime) {
            return null;
        }
    }

    public static long unixTimestamp(EvalContext context, Slice text) {
        return unixTimestamp(context, text, DEFAULT);
    }

    public static long unixTimestamp(EvalContext context, Slice text, Slice pattern) {
        return DateTimeFunctions.unixSeconds(toTimestamp(context, text, pattern));
    }

    private static long parse(EvalContext context, Slice text, DateTimeFormatter reader) {
        TemporalAccessor parsed = reader.parse(text.toString());
        LocalDate date = parsed.query(TemporalQueries.localDate());
        LocalTime time = parsed.query(TemporalQueries.localTime());
        ZoneId zone = parsed.query(TemporalQueries.zone());
        if (date == null) {
            throw new DateTimeException("no date in '" + text + "'");
        }
        long ofDay = time == null ? 0 : time.toNanoOfDay() / 1000;
        return Calendar.fromLocalDay(date.toEpochDay(), ofDay, zone == null ? context.zone() : zone);
    }

    private static Writer writer(Slice pattern) {
        Writer known = WRITERS.get(pattern);
        return known != null ? known : remember(WRITERS, pattern, Writer.of(pattern.toString()));
    }

    private static DateTimeFormatter reader(Slice pattern) {
        DateTimeFormatter known = READERS.get(pattern);
        return known != null ? known : remember(READERS, pattern, reader(pattern.toString(), Locale.US));
    }

    /// A formatter that writes by a pattern.
    ///
    /// @throws DataException `INVALID_DATETIME_PATTERN`
    public static DateTimeFormatter writer(String pattern, Locale locale) {
        check(pattern);
        try {
            return DateTimeFormatter.ofPattern(pattern, locale);
        } catch (IllegalArgumentException wrong) {
            throw invalid(pattern, wrong);
        }
    }

    /// A formatter that reads by a pattern, with defaults for what the pattern lacks.
    ///
    /// @throws DataException `INVALID_DATETIME_PATTERN`
    public static DateTimeFormatter reader(String pattern, Locale locale) {
        check(pattern);
        try {
            DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().parseCaseInsensitive();
            appendPattern(builder, pattern);
            appendDefaults(builder, pattern);
            return builder.toFormatter(locale)
                    .withChronology(IsoChronology.INSTANCE)
                    .withResolverStyle(ResolverStyle.STRICT);
        } catch (IllegalArgumentException wrong) {
            throw invalid(pattern, wrong);
        }
    }

    private static <F> F remember(ConcurrentHashMap<Slice, F> cache, Slice pattern, F formatter) {
        if (cache.size() < MOST_CACHED) {
            cache.put(pattern.copy(), formatter);
        }
        return formatter;
    }

    private static void check(String pattern) {
        boolean quoted = false;
        for (char c : pattern.toCharArray()) {
            quoted ^= c == '\'';
            if (!quoted && REFUSED.indexOf(c) >= 0) {
                throw new DataException(
                        "INVALID_DATETIME_PATTERN",
                        "The letter '" + c + "' in the pattern '" + pattern + "' is not supported.");
            }
        }
    }

    private static DataException invalid(String pattern, IllegalArgumentException wrong) {
        return new DataException(
                "INVALID_DATETIME_PATTERN",
                "'" + pattern + "' is not a pattern for dates and times: " + wrong.getMessage() + ".",
                wrong);
    }

    /// The pattern with each run of `S` as a fraction of variable length.
    private static void appendPattern(DateTimeFormatterBuilder builder, String pattern) {
        int from = 0;
        boolean quoted = false;
        for (int i = 0; i < pattern.length(); i++) {
            quoted ^= pattern.charAt(i) == '\'';
            if (!quoted && pattern.charAt(i) == 'S') {
                int end = i;
                while (end < pattern.length() && pattern.charAt(end) == 'S') {
                    end++;
                }
                builder.appendPattern(pattern.substring(from, i));
                builder.appendFraction(ChronoField.NANO_OF_SECOND, 1, Math.min(end - i, 9), false);
                from = end;
                i = end - 1;
            }
        }
        builder.appendPattern(pattern.substring(from));
    }

    private static void appendDefaults(DateTimeFormatterBuilder builder, String pattern) {
        if (!has(pattern, "G")) {
            builder.parseDefaulting(ChronoField.ERA, 1);
        }
        if (!has(pattern, "y")) {
            builder.parseDefaulting(ChronoField.YEAR_OF_ERA, 1970);
        }
        if (!has(pattern, "D")) {
            builder.parseDefaulting(ChronoField.MONTH_OF_YEAR, 1).parseDefaulting(ChronoField.DAY_OF_MONTH, 1);
        }
        if (has(pattern, "hK")) {
            if (!has(pattern, "a")) {
                builder.parseDefaulting(ChronoField.AMPM_OF_DAY, 0);
            }
        } else if (!has(pattern, "k")) {
            builder.parseDefaulting(ChronoField.HOUR_OF_DAY, 0);
        }
        builder.parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0).parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0);
    }

    private static boolean has(String pattern, String letters) {
        boolean quoted = false;
        for (char c : pattern.toCharArray()) {
            quoted ^= c == '\'';
            if (!quoted && letters.indexOf(c) >= 0) {
                return true;
            }
        }
        return false;
    }
}
