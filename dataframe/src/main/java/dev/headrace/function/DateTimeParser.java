package dev.headrace.function;

import static dev.headrace.function.TextParser.INVALID;

import dev.headrace.chunk.Memory;
import dev.headrace.errors.DataException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// Reads dates and timestamps from UTF-8 bytes without making strings, on the common paths.
///
/// The forms are those that Spark's cast reads: `yyyy`, `yyyy-MM` and `yyyy-MM-dd` with one or two digits for month and
/// day and four to seven for the year, which may have a sign; after a date, a blank or `T` and a time `HH:mm:ss.ffffff`
/// of which the later parts may be missing, and a time zone (`Z`, `+01:00`, `Europe/Berlin`). Digits of a second beyond
/// six are cut off. A time without a date is not read, nor is one that 64 bits of microseconds can't hold.
public final class DateTimeParser {
    private static final int MAX_YEAR_DIGITS = 7;
    private static final int MIN_YEAR_DIGITS = 4;

    private final @Nullable Object base;
    private final long end;
    private long at;
    private long date;
    private long timeMicros;
    private @Nullable ZoneId zone;

    private DateTimeParser(@Nullable Object base, long offset, int length) {
        this.base = base;
        at = offset;
        end = offset + length;
    }

    /// The days since 1970 of a date; a time after it is ignored.
    ///
    /// @return [TextParser#INVALID] if it is none
    public static long parseDate(@Nullable Object base, long offset, int length) {
        long days = length == 10 ? isoDate(base, offset) : INVALID;
        if (days != INVALID) {
            return days;
        }
        DateTimeParser parser = new DateTimeParser(base, offset, length);
        if (!parser.date() || parser.date != (int) parser.date) {
            return INVALID;
        }
        boolean ends = parser.at == parser.end || parser.isDateTimeSeparator();
        return ends ? parser.date : INVALID;
    }

    /// The microseconds since 1970 (UTC) of a timestamp.
    ///
    /// @param session the time zone of a text that names none
    /// @return [TextParser#INVALID] if it is none
    public static long parseTimestamp(@Nullable Object base, long offset, int length, ZoneId session) {
        if (length >= 19) {
            long micros = isoTimestamp(base, offset, length, session);
            if (micros != INVALID) {
                return micros;
            }
        }
        DateTimeParser parser = new DateTimeParser(base, offset, length);
        if (!parser.dateTime()) {
            return INVALID;
        }
        try {
            return Calendar.fromLocalDay(parser.date, parser.timeMicros, parser.zone == null ? session : parser.zone);
        } catch (DataException beyondTimestamps) {
            return INVALID;
        }
    }

    /// The microseconds since 1970 of a local date and time; a time zone is ignored.
    ///
    /// @return [TextParser#INVALID] if it is none
    public static long parseLocalTimestamp(@Nullable Object base, long offset, int length) {
        long seconds = length == 19 ? isoDateTime(base, offset) : INVALID;
        if (seconds != INVALID) {
            return seconds * Calendar.MICROS_PER_SECOND;
        }
        DateTimeParser parser = new DateTimeParser(base, offset, length);
        try {
            return parser.dateTime() ? Calendar.micros(parser.date, parser.timeMicros) : INVALID;
        } catch (DataException beyondTimestamps) {
            return INVALID;
        }
    }

    /// `yyyy-MM-dd HH:mm:ss`, a fraction perhaps, and nothing after it but `Z`.
    private static long isoTimestamp(@Nullable Object base, long offset, int length, ZoneId session) {
        long seconds = isoDateTime(base, offset);
        if (seconds == INVALID) {
            return INVALID;
        }
        int i = 19;
        long micros = 0;
        if (i < length && Memory.getByte(base, offset + i) == '.') {
            i++;
            int unit = 100_000;
            for (; i < length; i++) {
                int digit = Memory.getByte(base, offset + i) - '0';
                if ((digit & 0xff) > 9) {
                    break;
                }
                micros += (long) digit * unit;
                unit /= 10;
            }
        }
        micros += seconds * Calendar.MICROS_PER_SECOND;
        if (i == length) {
            return Calendar.fromLocal(micros, session);
        }
        return i + 1 == length && Memory.getByte(base, offset + i) == 'Z' ? micros : INVALID;
    }

    /// Exactly `yyyy-MM-dd`.
    private static long isoDate(@Nullable Object base, long offset) {
        if (Memory.getByte(base, offset + 4) != '-' || Memory.getByte(base, offset + 7) != '-') {
            return INVALID;
        }
        int century = two(base, offset);
        int years = two(base, offset + 2);
        int month = two(base, offset + 5);
        int day = two(base, offset + 8);
        if ((century | years | month | day) < 0 || !Calendar.exists(century * 100 + years, month, day)) {
            return INVALID;
        }
        return Calendar.toDays(century * 100 + years, month, day);
    }

    /// Exactly `yyyy-MM-dd HH:mm:ss` or with `T`, in seconds.
    private static long isoDateTime(@Nullable Object base, long offset) {
        long days = isoDate(base, offset);
        byte separator = Memory.getByte(base, offset + 10);
        if (days == INVALID
                || separator != ' ' && separator != 'T'
                || Memory.getByte(base, offset + 13) != ':'
                || Memory.getByte(base, offset + 16) != ':') {
            return INVALID;
        }
        int hour = two(base, offset + 11);
        int minute = two(base, offset + 14);
        int second = two(base, offset + 17);
        if ((hour | minute | second) < 0 || hour > 23 || minute > 59 || second > 59) {
            return INVALID;
        }
        return days * 86_400 + hour * 3600L + minute * 60L + second;
    }

    /// Two digits, or -1.
    private static int two(@Nullable Object base, long offset) {
        int tens = Memory.getByte(base, offset) - '0';
        int ones = Memory.getByte(base, offset + 1) - '0';
        return (tens & 0xff) > 9 || (ones & 0xff) > 9 ? -1 : tens * 10 + ones;
    }

    private boolean isNext(char wanted) {
        return at < end && Memory.getByte(base, at) == wanted;
    }

    private boolean skip(char wanted) {
        if (isNext(wanted)) {
            at++;
            return true;
        }
        return false;
    }

    private boolean isDateTimeSeparator() {
        return isNext(' ') || isNext('T');
    }

    /// A number of `min` to `max` digits, or -1.
    private int number(int min, int max) {
        int value = 0;
        int digits = 0;
        while (at < end) {
            int digit = Memory.getByte(base, at) - '0';
            if ((digit & 0xff) > 9) {
                break;
            }
            if (++digits > max) {
                return -1;
            }
            value = value * 10 + digit;
            at++;
        }
        return digits < min ? -1 : value;
    }

    private boolean date() {
        boolean negative = isNext('-');
        if (negative || isNext('+')) {
            at++;
        }
        int years = number(MIN_YEAR_DIGITS, MAX_YEAR_DIGITS);
        int month = 1;
        int day = 1;
        if (years >= 0 && skip('-')) {
            month = number(1, 2);
            if (month > 0 && skip('-')) {
                day = number(1, 2);
            }
        }
        int year = negative ? -years : years;
        if (years < 0 || !Calendar.exists(year, month, day)) {
            return false;
        }
        date = Calendar.toDays(year, month, day);
        return true;
    }

    private boolean dateTime() {
        if (!date()) {
            return false;
        }
        if (at == end) {
            return true;
        }
        if (!isDateTimeSeparator()) {
            return false;
        }
        at++;
        return at == end || time() && zone();
    }

    private boolean time() {
        int hour = number(1, 2);
        int minute = 0;
        int second = 0;
        long fraction = 0;
        if (hour >= 0 && skip(':')) {
            minute = number(1, 2);
            if (minute >= 0 && skip(':')) {
                second = number(1, 2);
                if (second >= 0 && skip('.')) {
                    fraction = fraction();
                }
            }
        }
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
            return false;
        }
        timeMicros = (hour * 3600L + minute * 60L + second) * Calendar.MICROS_PER_SECOND + fraction;
        return true;
    }

    private long fraction() {
        long micros = 0;
        long unit = 100_000;
        while (at < end) {
            int digit = Memory.getByte(base, at) - '0';
            if ((digit & 0xff) > 9) {
                break;
            }
            micros += digit * unit;
            unit /= 10;
            at++;
        }
        return micros;
    }

    /// What is left is nothing or a time zone.
    private boolean zone() {
        while (isNext(' ')) {
            at++;
        }
        if (at == end) {
            return true;
        }
        byte[] rest = new byte[Math.toIntExact(end - at)];
        Memory.copy(base, at, rest, Memory.BYTES, rest.length);
        try {
            zone = TimeZones.of(new String(rest, StandardCharsets.UTF_8));
            return true;
        } catch (DateTimeException noZone) {
            return false;
        }
    }
}
