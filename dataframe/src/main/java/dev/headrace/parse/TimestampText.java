package dev.headrace.parse;

import dev.headrace.chunk.Memory;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/// Reads dates (`2026-01-31`) and timestamps (`2026-01-31 12:00:00`, with `T` or a blank, with up to nine digits of a
/// second, of which six count, with `Z`, an offset such as `+01:00`, or none).
///
/// Other forms give [#OTHER]: not necessarily wrong, but not read here. Up to 8 bytes beyond the text are read, but not
/// used; the caller sees to it that it may. May be used by several threads.
public final class TimestampText {
    /// What [#timestamp] returns for text it doesn't read.
    public static final long OTHER = Long.MIN_VALUE;
    /// What [#date] returns for text it doesn't read.
    public static final int OTHER_DATE = Integer.MIN_VALUE;

    private static final long DATE_PATTERN = word("0000-00-");
    private static final long DATE_DASHES = 0xff0000ff00000000L;
    private static final long TIME_PATTERN = word("00:00:00");
    private static final long TIME_COLONS = 0x0000ff0000ff0000L;
    private static final int[] DAYS_OF_MONTH = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    private static final int[] MICROS = {0, 100_000, 10_000, 1_000, 100, 10, 1};

    private final ZoneRules rules;
    /// The offset that was used last. Threads may see each other's or not: each is right for its own times.
    private Offset last = new Offset(Long.MAX_VALUE, Long.MIN_VALUE, 0);

    /// The zone's offset for a range of local times, in seconds.
    ///
    /// @param to excluded
    private record Offset(long from, long to, int seconds) {
        boolean holdsAt(long localSeconds) {
            return localSeconds >= from && localSeconds < to;
        }
    }

    /// @param zone of timestamps that don't say
    public TimestampText(ZoneId zone) {
        this.rules = zone.getRules();
    }

    private static long word(String text) {
        long word = 0;
        for (int i = 0; i < 8; i++) {
            word |= (long) text.charAt(i) << 8 * i;
        }
        return word;
    }

    private static byte at(byte[] data, int pos) {
        return Memory.getByte(data, Memory.BYTES + pos);
    }

    /// The days since 1970-01-01, or [#OTHER_DATE].
    public static int date(byte[] data, int from, int to) {
        return to - from == 10 ? day(data, from) : OTHER_DATE;
    }

    private static int day(byte[] data, int from) {
        long yearMonth = Memory.getLong(data, Memory.BYTES + from) ^ DATE_PATTERN;
        int tens = at(data, from + 8) - '0';
        int ones = at(data, from + 9) - '0';
        boolean digits = Digits.above9(yearMonth) == 0 && tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
        if (!digits || (yearMonth & DATE_DASHES) != 0) {
            return OTHER_DATE;
        }
        int year = Digits.value(yearMonth << 32);
        int month = (int) (yearMonth >>> 40 & 15) * 10 + (int) (yearMonth >>> 48 & 15);
        return day(year, month, tens * 10 + ones);
    }

    private static int day(int year, int month, int day) {
        if (month < 1 || month > 12 || day < 1 || day > DAYS_OF_MONTH[month]) {
            return OTHER_DATE;
        }
        boolean leap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
        if (month == 2 && day == 29 && !leap) {
            return OTHER_DATE;
        }
        // years that begin in March, so that a leap day is the last day
        int y = month <= 2 ? year - 1 : year;
        int m = month <= 2 ? month + 9 : month - 3;
        int era = Math.floorDiv(y, 400);
        int yearOfEra = y - era * 400;
        return era * 146_097
                + yearOfEra * 365
                + yearOfEra / 4
                - yearOfEra / 100
                + (153 * m + 2) / 5
                + day
                - 1
                - 719_468;
    }

    /// The microseconds since 1970-01-01T00:00:00Z, or [#OTHER].
    public long timestamp(byte[] data, int from, int to) {
        long local = local(data, from, to);
        if (local == OTHER) {
            return OTHER;
        }
        int zone = from + 19;
        if (zone < to && at(data, zone) == '.') {
            zone += 1 + fractionDigits(data, zone + 1, to);
        }
        int offset = zone == to ? offsetAt(Math.floorDiv(local, 1_000_000L)) : offset(data, zone, to);
        return offset == Integer.MIN_VALUE ? OTHER : local - offset * 1_000_000L;
    }

    /// The microseconds between 1970-01-01T00:00:00 and a timestamp without a zone, or [#OTHER].
    public long timestampWithoutZone(byte[] data, int from, int to) {
        long local = local(data, from, to);
        if (local == OTHER) {
            return OTHER;
        }
        int end = from + 19;
        if (end < to && at(data, end) == '.') {
            end += 1 + fractionDigits(data, end + 1, to);
        }
        return end == to ? local : OTHER;
    }

    private static long local(byte[] data, int from, int to) {
        if (to - from < 19) {
            return OTHER;
        }
        int day = day(data, from);
        byte separator = at(data, from + 10);
        long time = Memory.getLong(data, Memory.BYTES + from + 11) ^ TIME_PATTERN;
        boolean plain = Digits.above9(time) == 0 && (time & TIME_COLONS) == 0;
        if (!plain || day == OTHER_DATE || separator != 'T' && separator != ' ') {
            return OTHER;
        }
        int hour = (int) (time & 15) * 10 + (int) (time >>> 8 & 15);
        int minute = (int) (time >>> 24 & 15) * 10 + (int) (time >>> 32 & 15);
        int second = (int) (time >>> 48 & 15) * 10 + (int) (time >>> 56 & 15);
        if (hour > 23 || minute > 59 || second > 59) {
            return OTHER;
        }
        long seconds = day * 86_400L + hour * 3_600L + minute * 60L + second;
        long micros = fraction(data, from + 19, to);
        return micros < 0 ? OTHER : seconds * 1_000_000L + micros;
    }

    /// The microseconds after a point at `pos`, 0 if there is none, -1 if there is a point without digits after it.
    private static int fraction(byte[] data, int pos, int to) {
        if (pos >= to || at(data, pos) != '.') {
            return 0;
        }
        int digits = fractionDigits(data, pos + 1, to);
        if (digits == 0 || digits > 9) {
            return -1;
        }
        int used = Math.min(digits, 6);
        return Digits.value(Memory.getLong(data, Memory.BYTES + pos + 1), used) * MICROS[used];
    }

    private static int fractionDigits(byte[] data, int pos, int to) {
        int at = pos;
        while (at < to && at(data, at) >= '0' && at(data, at) <= '9') {
            at++;
        }
        return at - pos;
    }

    private static int offset(byte[] data, int pos, int to) {
        byte sign = at(data, pos);
        if (sign == 'Z' && pos + 1 == to) {
            return 0;
        }
        boolean shape = to - pos == 6 && at(data, pos + 3) == ':' && (sign == '+' || sign == '-');
        if (!shape) {
            return Integer.MIN_VALUE;
        }
        int hours = twoDigits(data, pos + 1);
        int minutes = twoDigits(data, pos + 4);
        if (hours < 0 || hours > 17 || minutes < 0 || minutes > 59) {
            return Integer.MIN_VALUE;
        }
        int seconds = hours * 3_600 + minutes * 60;
        return sign == '-' ? -seconds : seconds;
    }

    private static int twoDigits(byte[] data, int pos) {
        int tens = at(data, pos) - '0';
        int ones = at(data, pos + 1) - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
    }

    /// The zone's offset at a local time: in a gap the one before, in an overlap the earlier one, as `java.time` has
    /// it.
    private int offsetAt(long localSeconds) {
        Offset known = last;
        if (known.holdsAt(localSeconds)) {
            return known.seconds();
        }
        Offset found = find(localSeconds);
        last = found;
        return found.seconds();
    }

    private Offset find(long localSeconds) {
        java.time.LocalDateTime local = java.time.LocalDateTime.ofEpochSecond(localSeconds, 0, ZoneOffset.UTC);
        int seconds = rules.getOffset(local).getTotalSeconds();
        Instant instant = Instant.ofEpochSecond(localSeconds - seconds);
        @Nullable ZoneOffsetTransition before = rules.previousTransition(instant.plusSeconds(1));
        @Nullable ZoneOffsetTransition after = rules.nextTransition(instant);
        Offset onlyHere = new Offset(localSeconds, localSeconds + 1, seconds);
        if (rules.getTransition(local) != null) {
            return onlyHere;
        }
        // two days' distance keeps gaps and overlaps out
        Offset between = new Offset(
                before == null ? Long.MIN_VALUE : before.toEpochSecond() + seconds + 172_800,
                after == null ? Long.MAX_VALUE : after.toEpochSecond() + seconds - 172_800,
                seconds);
        return between.holdsAt(localSeconds) ? between : onlyHere;
    }
}
