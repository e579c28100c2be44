package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static dev.headrace.functions.calendar_window;
import static dev.headrace.functions.col;
import static dev.headrace.functions.cumulate_window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.function.CalendarWindow;
import dev.headrace.function.EvalContext;
import dev.headrace.types.StructType;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CalendarWindowTest {
    private static final EvalContext CONTEXT = new EvalContext(ZoneOffset.UTC, 0, 0);
    private final Session session = Session.builder()
            .config("spark.sql.session.timeZone", "Europe/Berlin")
            .create();

    @AfterEach
    void close() {
        session.close();
    }

    private DataFrame times(String... texts) {
        List<Row> rows = new ArrayList<>();
        for (String text : texts) {
            rows.add(RowFactory.create(text == null ? null : Instant.parse(text)));
        }
        return session.createDataFrame(rows, StructType.fromDDL("ts timestamp"));
    }

    private static List<String> windows(DataFrame counts, String window) {
        return counts
                .select(
                        col(window + ".start").cast("string").as("start"),
                        col(window + ".end").cast("string").as("end"),
                        col("count"))
                .orderBy("start", "end")
                .collectAsList()
                .stream()
                .map(row -> row.mkString(", "))
                .toList();
    }

    @Test
    void aDayHasTheHoursThatItHas() {
        DataFrame counts = times("2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z", null)
                .groupBy(calendar_window(col("ts"), "day"))
                .count();
        assertEquals(
                List.of("2026-03-28 00:00:00, 2026-03-29 00:00:00, 1", "2026-03-29 00:00:00, 2026-03-30 00:00:00, 2"),
                windows(counts, "calendar_window"));
    }

    @Test
    void unitsBeginWhereCalendarsDo() {
        DataFrame one = times("2026-11-21T10:00:00Z");
        assertWindow(one, "week", "2026-11-16 00:00:00, 2026-11-23 00:00:00, 1");
        assertWindow(one, "MONTH", "2026-11-01 00:00:00, 2026-12-01 00:00:00, 1");
        assertWindow(one, "quarter", "2026-10-01 00:00:00, 2027-01-01 00:00:00, 1");
        assertWindow(one, "year", "2026-01-01 00:00:00, 2027-01-01 00:00:00, 1");
    }

    private static void assertWindow(DataFrame times, String unit, String expected) {
        assertEquals(
                List.of(expected),
                windows(times.groupBy(calendar_window(col("ts"), unit)).count(), "calendar_window"));
    }

    @Test
    void anotherZoneHasItsOwnDays() {
        DataFrame counts = times("2026-01-31T16:00:00Z")
                .groupBy(calendar_window(col("ts"), "day", "Asia/Tokyo"))
                .count();
        assertEquals(List.of("2026-01-31 16:00:00, 2026-02-01 16:00:00, 1"), windows(counts, "calendar_window"));
    }

    @Test
    void sqlHasThemToo() {
        times("2026-11-21T10:00:00Z").createOrReplaceTempView("times");
        DataFrame counts = session.sql(
                "SELECT calendar_window, count(*) AS count FROM times GROUP BY calendar_window(ts, 'month')");
        assertEquals(List.of("2026-11-01 00:00:00, 2026-12-01 00:00:00, 1"), windows(counts, "calendar_window"));
    }

    /// Days, weeks and so on follow each other without a gap in every zone, and contain what lies in them.
    @Test
    void windowsAreWhole() {
        Random random = new Random(1);
        for (String name :
                List.of("America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia", "Australia/Lord_Howe", "Europe/Dublin")) {
            ZoneId zone = ZoneId.of(name);
            Instant at = Instant.parse("1970-01-01T00:00:00Z");
            for (int i = 0; i < 130; i++) {
                ZoneOffsetTransition transition = zone.getRules().nextTransition(at);
                at = transition == null ? at.plus(200, ChronoUnit.DAYS) : transition.getInstant();
                long micros = at.getEpochSecond() * 1_000_000 + random.nextLong(-90_000_000_000L, 90_000_000_000L);
                for (CalendarWindow.Unit unit : CalendarWindow.Unit.values()) {
                    check(new CalendarWindow(unit, Optional.of(zone)), micros, zone);
                }
            }
        }
    }

    private static void check(CalendarWindow window, long time, ZoneId zone) {
        long start = window.start(CONTEXT, time);
        long end = window.end(CONTEXT, time);
        assertTrue(start <= time && time < end, () -> window + " of " + time);
        assertEquals(start, window.start(CONTEXT, start));
        assertEquals(end, window.end(CONTEXT, end - 1));
        assertEquals(end, window.start(CONTEXT, end));
        ZonedDateTime first = Instant.ofEpochSecond(start / 1_000_000).atZone(zone);
        assertEquals(first.toLocalDate().atStartOfDay(zone), first);
    }

    @Test
    void cumulativeWindowsGrow() {
        DataFrame counts = times("2026-01-31T00:10:00Z", "2026-01-31T00:50:00Z")
                .groupBy(cumulate_window(col("ts"), "20 minutes", "1 hour"))
                .count();
        assertEquals(
                List.of(
                        "2026-01-31 01:00:00, 2026-01-31 01:20:00, 1",
                        "2026-01-31 01:00:00, 2026-01-31 01:40:00, 1",
                        "2026-01-31 01:00:00, 2026-01-31 02:00:00, 2"),
                windows(counts, "cumulate_window"));
    }

    @Test
    void whatIsNoWindowIsRefused() {
        DataFrame times = times("2026-11-21T10:00:00Z");
        assertFails(
                "[INVALID_CALENDAR_WINDOW] 'calendar_window(ts, hour)': the unit must be 'day', 'week', 'month',"
                        + " 'quarter' or 'year'. For others use window(…).",
                () -> times.groupBy(calendar_window(col("ts"), "hour")).count());
        assertFails(
                "[INVALID_TIMEZONE] 'calendar_window(ts, day, Europe/Atlantis)': there is no such time zone. Name one such"
                        + " as 'Europe/Berlin' or '+01:00'.",
                () -> times.groupBy(calendar_window(col("ts"), "day", "Europe/Atlantis"))
                        .count());
        assertFails(
                "[INVALID_INTERVAL] 'cumulate_window(ts, 7 minutes, 1 hour)': the window duration must be a multiple of"
                        + " the step.",
                () -> times.groupBy(cumulate_window(col("ts"), "7 minutes", "1 hour"))
                        .count());
    }
}
