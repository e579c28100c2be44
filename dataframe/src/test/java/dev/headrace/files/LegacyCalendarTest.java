package dev.headrace.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LegacyCalendarTest {
    private static final long FIRST = LocalDate.of(1, 1, 3).toEpochDay();
    private static final String KEY = "org.apache.spark.legacyDateTime";

    private static Optional<LegacyCalendar> of(Map<String, String> notes) {
        return LegacyCalendar.of(notes::get, "3.0.0", KEY);
    }

    private static LegacyCalendar in(String zone) {
        return of(Map.of("org.apache.spark.version", "3.5.0", KEY, "", "org.apache.spark.timeZone", zone))
                .orElseThrow();
    }

    @Test
    void sparkSaysWhichFilesHaveIt() {
        assertEquals(Optional.empty(), of(Map.of()));
        assertEquals(Optional.empty(), of(Map.of("org.apache.spark.version", "3.0.0")));
        assertEquals(
                TimeZone.getDefault(),
                of(Map.of("org.apache.spark.version", "2.4.8")).orElseThrow().known());
        assertEquals(ZoneId.of("Europe/Paris"), in("Europe/Paris").zone());
    }

    @ParameterizedTest
    @CsvSource({
        "PST,America/Los_Angeles",
        "CST,America/Chicago",
        "JST,Asia/Tokyo",
        "+8:00,+08:00",
        "GMT+8:00,GMT+08:00",
        "-08:0,-08:00",
        "Nowhere/Known,GMT"
    })
    void zonesAreFoundAsSparkFindsThem(String written, String zone) {
        assertEquals(TimeZone.getTimeZone(ZoneId.of(zone)), in(written).known());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "America/Los_Angeles", "Europe/Amsterdam", "Asia/Kolkata", "+01:30"})
    void datesAndTimesAreReadAsTheyWereShown(String name) {
        LegacyCalendar legacy = in(name);
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            long day = FIRST + (long) (random.nextDouble() * (20_000 - FIRST));
            long micros = day * 86_400_000_000L + random.nextLong(86_400_000_000L);

            assertEquals(shown(micros, TimeZone.getTimeZone(ZoneId.of(name))), legacy.micros(micros));
            assertEquals(
                    Math.floorDiv(shown(day * 86_400_000_000L, TimeZone.getTimeZone("UTC")), 86_400_000_000L),
                    legacy.days((int) day));
        }
    }

    /// The moment that has the same date and time in Java's newer classes as this has in the older ones.
    private static long shown(long micros, TimeZone zone) {
        Calendar old = new GregorianCalendar(zone);
        old.setTimeInMillis(Math.floorDiv(micros, 1_000));
        ZonedDateTime same = LocalDateTime.of(
                        old.get(Calendar.YEAR),
                        old.get(Calendar.MONTH) + 1,
                        1,
                        old.get(Calendar.HOUR_OF_DAY),
                        old.get(Calendar.MINUTE),
                        old.get(Calendar.SECOND),
                        (int) Math.floorMod(micros, 1_000_000L) * 1_000)
                .plusDays(old.get(Calendar.DAY_OF_MONTH) - 1)
                .atZone(zone.toZoneId());
        ZonedDateTime meant = old.get(Calendar.DST_OFFSET) == 0 ? same.withLaterOffsetAtOverlap() : same;
        return ChronoUnit.MICROS.between(Instant.EPOCH, meant.toInstant());
    }

    @Test
    void daysBeforeTheFirstYearAreMovedAsItsFirst() {
        assertEquals(-719_162, in("UTC").days(-719_164));
        assertEquals(-999_998, in("UTC").days(-1_000_000));
        assertEquals(-719_162 * 86_400_000_000L, in("UTC").micros(-719_164 * 86_400_000_000L));
    }
}
