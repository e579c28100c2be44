package dev.headrace.files;

import dev.headrace.function.TimeZones;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Optional;
import java.util.TimeZone;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Dates and times of files that Spark before 3.0, or set to be like it, has written: it counted days before 1582-10-15
/// by the Julian calendar, and knew time zones before 1900 by whole minutes only. They stand for what they were shown
/// as, so the same date and wall time is read.
///
/// @param zone that of the writer
/// @param known the zone as Java's older classes know it
public record LegacyCalendar(ZoneId zone, TimeZone known) {
    private static final String SPARK = "org.apache.spark.version";
    private static final String ZONE = "org.apache.spark.timeZone";

    private static final long MICROS_PER_DAY = 86_400_000_000L;
    /// 1582-10-15, the first day that both calendars call so.
    private static final long GREGORIAN = -141_427;
    /// The first day of the year 1. Days before it are moved as it is, as Spark does.
    private static final long FIRST = -719_164;

    private static final int FIRST_MOVED = 2;
    private static final long JULIAN_DAY_OF_1970 = 2_440_588;
    /// 1900-01-01T00:00:00Z, from when on all zones are known alike.
    private static final long ALIKE = -2_208_988_800_000_000L;

    /// The calendar of the dates and times of a file.
    ///
    /// @param note the value that a file has for a key, or null
    /// @param since the version of Spark that first wrote otherwise, unless it noted `key`
    public static Optional<LegacyCalendar> of(Function<String, @Nullable String> note, String since, String key) {
        String version = note.apply(SPARK);
        if (version == null || version.compareTo(since) >= 0 && note.apply(key) == null) {
            return Optional.empty();
        }
        String writer = note.apply(ZONE);
        // Older versions don't say: it was the zone of the machine, which Spark takes for ours.
        TimeZone known = writer == null ? TimeZone.getDefault() : zone(writer);
        return Optional.of(new LegacyCalendar(known.toZoneId(), known));
    }

    /// As Spark finds it. A name that nobody knows is no reason not to read a file: it stands for UTC there.
    private static TimeZone zone(String name) {
        try {
            return TimeZone.getTimeZone(TimeZones.of(name));
        } catch (DateTimeException unknown) {
            return TimeZone.getTimeZone(name);
        }
    }

    /// Whether days from this one on are called the same in both calendars, and all before it come before it in both.
    public static boolean isSameFromDay(int days) {
        return days >= GREGORIAN;
    }

    /// Whether moments from this one on are the same in files of any zone, and all before it come before it.
    public static boolean isSameFromMicros(long micros) {
        return micros >= ALIKE + MICROS_PER_DAY;
    }

    /// @param stored days since 1970-01-01 as the file has them
    public int days(int stored) {
        return (int) rebased(stored);
    }

    private static long rebased(long stored) {
        if (stored >= GREGORIAN) {
            return stored;
        }
        if (stored < FIRST) {
            return stored + FIRST_MOVED;
        }
        // Counted in years that begin in March, so that the leap day is the last.
        long quarters = 4 * (stored + JULIAN_DAY_OF_1970 + 32_082) + 3;
        long year = quarters / 1461;
        long ofYear = quarters % 1461 / 4;
        long month = (5 * ofYear + 2) / 153;
        long day = ofYear - (153 * month + 2) / 5;
        // The 29th of February may be one of the Julian calendar only: it is the day after the 28th.
        return LocalDate.of((int) (year - 4800 + month / 10), (int) (month < 10 ? month + 3 : month - 9), 1)
                .plusDays(day)
                .toEpochDay();
    }

    /// @param stored microseconds since 1970-01-01T00:00:00Z as the file has them
    @SuppressWarnings("JavaUtilDate") // TimeZone wants one
    public long micros(long stored) {
        if (stored >= ALIKE) {
            return stored;
        }
        long millis = Math.floorDiv(stored, 1_000);
        long wall = Math.addExact(stored, known.getOffset(millis) * 1_000L);
        LocalDate day = LocalDate.ofEpochDay(rebased(Math.floorDiv(wall, MICROS_PER_DAY)));
        LocalTime time = LocalTime.ofNanoOfDay(Math.floorMod(wall, MICROS_PER_DAY) * 1_000);
        ZonedDateTime shown = day.atTime(time).atZone(zone);
        ZonedDateTime meant = known.inDaylightTime(new Date(millis)) ? shown : shown.withLaterOffsetAtOverlap();
        return ChronoUnit.MICROS.between(Instant.EPOCH, meant.toInstant());
    }
}
