package dev.headrace.parse;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneRules;
import java.util.Locale;
import java.util.Optional;

/// Writes dates and timestamps as the text formats do: by the patterns of the options `dateFormat`, `timestampFormat`
/// and `timestampNTZFormat`, or as `2026-01-31`, `2026-01-31T12:00:00.000+01:00` and `2026-01-31T12:00:00.000`.
///
/// Without patterns, microseconds are cut to milliseconds, as Spark does.
public final class TimeText {
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    private final ZoneId zone;
    private final ZoneRules rules;
    private final Optional<DateTimeFormatter> dates;
    private final Optional<DateTimeFormatter> timestamps;
    private final Optional<DateTimeFormatter> timestampsWithoutZone;

    /// @param sessionZone the zone of timestamps without the option `timeZone`
    /// @throws dev.headrace.errors.QueryException `INVALID_OPTION` for patterns and zones that can't be used
    public TimeText(FormatOptions options, ZoneId sessionZone) {
        Locale locale = options.locale("locale");
        zone = options.zone("timeZone", sessionZone);
        rules = zone.getRules();
        dates = DateTimePatterns.forWriting(options, "dateFormat", locale);
        timestamps = DateTimePatterns.forWriting(options, "timestampFormat", locale);
        timestampsWithoutZone = DateTimePatterns.forWriting(options, "timestampNTZFormat", locale);
    }

    /// @param day days since 1970-01-01
    public void appendDate(ByteBuilder out, int day) {
        LocalDate date = LocalDate.ofEpochDay(day);
        if (dates.isPresent()) {
            out.append(dates.get().format(date));
        } else {
            appendIso(out, date);
        }
    }

    /// @param micros microseconds since 1970-01-01T00:00:00Z
    public void appendTimestamp(ByteBuilder out, long micros) {
        Instant instant =
                Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
        if (timestamps.isPresent()) {
            out.append(timestamps.get().format(instant.atZone(zone)));
            return;
        }
        int offset = rules.getOffset(instant).getTotalSeconds();
        appendIso(out, micros + offset * 1_000_000L);
        int minutes = Math.abs(offset) / 60;
        if (minutes == 0) {
            out.append('Z');
        } else {
            out.append(offset < 0 ? '-' : '+');
            out.appendPadded(minutes / 60, 2);
            out.append(':');
            out.appendPadded(minutes % 60, 2);
        }
    }

    /// @param micros microseconds since 1970-01-01T00:00:00
    public void appendTimestampWithoutZone(ByteBuilder out, long micros) {
        if (timestampsWithoutZone.isPresent()) {
            LocalDateTime local = LocalDateTime.ofEpochSecond(
                    Math.floorDiv(micros, 1_000_000L),
                    (int) (Math.floorMod(micros, 1_000_000L) * 1_000L),
                    ZoneOffset.UTC);
            out.append(timestampsWithoutZone.get().format(local));
        } else {
            appendIso(out, micros);
        }
    }

    private static void appendIso(ByteBuilder out, long localMicros) {
        appendIso(out, LocalDate.ofEpochDay(Math.floorDiv(localMicros, MICROS_PER_DAY)));
        long millis = Math.floorMod(localMicros, MICROS_PER_DAY) / 1_000;
        out.append('T');
        out.appendPadded((int) (millis / 3_600_000), 2);
        out.append(':');
        out.appendPadded((int) (millis / 60_000 % 60), 2);
        out.append(':');
        out.appendPadded((int) (millis / 1_000 % 60), 2);
        out.append('.');
        out.appendPadded((int) (millis % 1_000), 3);
    }

    private static void appendIso(ByteBuilder out, LocalDate date) {
        int year = date.getYear();
        if (year < 0 || year > 9_999) {
            out.append(date.toString());
            return;
        }
        out.appendPadded(year, 4);
        out.append('-');
        out.appendPadded(date.getMonthValue(), 2);
        out.append('-');
        out.appendPadded(date.getDayOfMonth(), 2);
    }
}
