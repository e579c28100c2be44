package dev.headrace.parse;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the dates and timestamps of a file or message: those of a given pattern, or, where there is no pattern, all
/// that a cast from string reads.
///
/// Up to 8 bytes beyond a text are read, but not used; the caller sees to it that it may. Used by one thread.
public final class TimeFormats {
    private final ZoneId zone;
    private final TimestampText iso;
    private final Optional<DateTimeFormatter> dates;
    private final Optional<DateTimeFormatter> timestamps;
    private final Optional<DateTimeFormatter> timestampsWithoutZone;

    /// @param dates the pattern of dates, if there is one
    /// @param timestamps the pattern of timestamps
    /// @param timestampsWithoutZone the pattern of timestamps without a zone
    /// @param zone of timestamps that don't say
    public TimeFormats(
            Optional<DateTimeFormatter> dates,
            Optional<DateTimeFormatter> timestamps,
            Optional<DateTimeFormatter> timestampsWithoutZone,
            ZoneId zone) {
        this.dates = dates;
        this.timestamps = timestamps;
        this.timestampsWithoutZone = timestampsWithoutZone;
        this.zone = zone;
        this.iso = new TimestampText(zone);
    }

    /// The days since 1970-01-01, or [TimestampText#OTHER_DATE] if the text is no date.
    public int date(byte[] data, int from, int to) {
        if (dates.isPresent()) {
            @Nullable TemporalAccessor parsed = parse(dates.get(), data, from, to);
            @Nullable LocalDate date = parsed == null ? null : parsed.query(TemporalQueries.localDate());
            return date == null ? TimestampText.OTHER_DATE : (int) date.toEpochDay();
        }
        int day = TimestampText.date(data, from, to);
        return day != TimestampText.OTHER_DATE ? day : IsoText.date(data, from, to);
    }

    /// The microseconds since 1970-01-01T00:00:00Z, or [TimestampText#OTHER] if the text is no timestamp.
    public long timestamp(byte[] data, int from, int to) {
        if (timestamps.isPresent()) {
            @Nullable TemporalAccessor parsed = parse(timestamps.get(), data, from, to);
            @Nullable LocalDateTime local = parsed == null ? null : local(parsed);
            if (parsed == null || local == null) {
                return TimestampText.OTHER;
            }
            @Nullable ZoneId given = parsed.query(TemporalQueries.zone());
            return micros(ZonedDateTime.of(local, given == null ? zone : given));
        }
        long micros = iso.timestamp(data, from, to);
        return micros != TimestampText.OTHER ? micros : IsoText.timestamp(data, from, to, zone);
    }

    /// Of timestamps that don't say.
    public ZoneId zone() {
        return zone;
    }

    /// The microseconds since 1970-01-01T00:00:00 of a timestamp without a zone, or [TimestampText#OTHER] if the text
    /// is none, or has a zone.
    public long timestampWithoutZone(byte[] data, int from, int to) {
        if (timestampsWithoutZone.isPresent()) {
            @Nullable TemporalAccessor parsed = parse(timestampsWithoutZone.get(), data, from, to);
            @Nullable LocalDateTime local = parsed == null ? null : local(parsed);
            if (parsed == null || local == null || parsed.query(TemporalQueries.zone()) != null) {
                return TimestampText.OTHER;
            }
            return micros(local.atZone(ZoneOffset.UTC));
        }
        long micros = iso.timestampWithoutZone(data, from, to);
        return micros != TimestampText.OTHER ? micros : IsoText.timestampWithoutZone(data, from, to);
    }

    private static @Nullable LocalDateTime local(TemporalAccessor parsed) {
        @Nullable LocalDate date = parsed.query(TemporalQueries.localDate());
        java.time.@Nullable LocalTime time = parsed.query(TemporalQueries.localTime());
        return date == null ? null : time == null ? date.atStartOfDay() : date.atTime(time);
    }

    private static @Nullable TemporalAccessor parse(DateTimeFormatter format, byte[] data, int from, int to) {
        try {
            return format.parse(new String(data, from, to - from, StandardCharsets.UTF_8));
        } catch (DateTimeException _) {
            return null;
        }
    }

    private static long micros(ZonedDateTime time) {
        return Math.addExact(Math.multiplyExact(time.toEpochSecond(), 1_000_000L), time.getNano() / 1_000);
    }
}
