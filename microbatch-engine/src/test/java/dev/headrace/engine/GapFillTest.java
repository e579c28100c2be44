package dev.headrace.engine;

import static dev.headrace.functions.avg;
import static dev.headrace.functions.calendar_window;
import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.max;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.GapFill;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.Emit;
import dev.headrace.testing.StreamFuzz;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Rows for windows that have none, in tables and streams.
class GapFillTest {
    private static final StructType COLUMNS =
            StructType.fromDDL("key string, ts timestamp, level double, n int, price decimal(8,2)");

    private StreamTest test;

    @BeforeEach
    void open() {
        test = StreamTest.create();
    }

    @AfterEach
    void close() {
        test.close();
    }

    private static Row row(String key, String time, double level, int n) {
        return RowFactory.create(
                key, Instant.parse("2026-01-31T" + time + "Z"), level, n, new java.math.BigDecimal(n + ".10"));
    }

    private static DataFrame perMinute(DataFrame rows) {
        return rows.groupBy(window(col("ts"), "1 minute"), col("key"))
                .agg(avg("level").as("level"), sum("n").as("n"), max("price").as("price"));
    }

    private DataFrame table(Row... rows) {
        return test.session().createDataFrame(List.of(rows), COLUMNS);
    }

    private static List<String> shown(DataFrame filled, String... columns) {
        List<Column> all = new ArrayList<>();
        for (String column : columns) {
            all.add(col(column).cast("string"));
        }
        return filled.orderBy("key", "window").select(all.toArray(Column[]::new)).collectAsList().stream()
                .map(Row::toString)
                .toList();
    }

    @Test
    void addedRowsHaveWhatIsSaidOfTheirColumns() {
        DataFrame filled = perMinute(
                        table(row("a", "10:00:00", 1.0, 1), row("a", "10:03:30", 4.0, 3), row("b", "10:01:00", 9.0, 9)))
                .gapFill("window", "key")
                .interpolate("level", "price")
                .constant("n", 0)
                .toDF();
        assertEquals(
                List.of(
                        "[a,2026-01-31 10:00:00,1.0,1,1.10]",
                        "[a,2026-01-31 10:01:00,2.0,0,1.77]",
                        "[a,2026-01-31 10:02:00,3.0,0,2.43]",
                        "[a,2026-01-31 10:03:00,4.0,3,3.10]",
                        "[b,2026-01-31 10:01:00,9.0,9,9.10]"),
                shown(filled, "key", "window.start", "level", "n", "price"));
    }

    @Test
    void theLastValueIsCarriedForwardAndOthersAreNull() {
        DataFrame filled = perMinute(table(row("a", "10:00:00", 1.0, 1), row("a", "10:02:30", 4.0, 4)))
                .gapFill("window", "key")
                .locf("level")
                .toDF();
        assertEquals(List.of("[1.0,1]", "[1.0,null]", "[4.0,4]"), shown(filled, "level", "n"));
    }

    @Test
    void wholeNumbersAreRounded() {
        DataFrame filled = perMinute(table(row("a", "10:00:00", 1.0, 0), row("a", "10:03:30", 4.0, 5)))
                .gapFill("window", "key")
                .interpolate("n")
                .toDF();
        assertEquals(List.of("[0]", "[2]", "[3]", "[5]"), shown(filled, "n"));
    }

    @Test
    void windowsThatSlideAreFilledAtTheirSlide() {
        DataFrame filled = table(row("a", "10:00:00", 1.0, 1), row("a", "10:05:00", 4.0, 4))
                .groupBy(window(col("ts"), "2 minutes", "1 minute"), col("key"))
                .agg(sum("n").as("n"))
                .gapFill("window", "key")
                .every("1 minute")
                .constant("n", 0)
                .toDF();
        assertEquals(
                List.of(
                        "[2026-01-31 09:59:00,1]",
                        "[2026-01-31 10:00:00,1]",
                        "[2026-01-31 10:01:00,0]",
                        "[2026-01-31 10:02:00,0]",
                        "[2026-01-31 10:03:00,0]",
                        "[2026-01-31 10:04:00,4]",
                        "[2026-01-31 10:05:00,4]"),
                shown(filled, "window.start", "n"));
    }

    @Test
    void windowsOfTheCalendarAreAsLongAsItSays() {
        DataFrame days = test.session()
                .createDataFrame(
                        List.of(
                                RowFactory.create("a", Instant.parse("2026-01-10T00:00:00Z"), 1.0, 1, null),
                                RowFactory.create("a", Instant.parse("2026-04-10T00:00:00Z"), 4.0, 4, null)),
                        COLUMNS);
        DataFrame filled = days.groupBy(calendar_window(col("ts"), "month").as("window"), col("key"))
                .agg(sum("n").as("n"))
                .gapFill("window", "key")
                .calendar("month")
                .toDF();
        assertEquals(
                List.of(
                        "[2026-02-01 00:00:00]",
                        "[2026-03-01 00:00:00]",
                        "[2026-04-01 00:00:00]",
                        "[2026-05-01 00:00:00]"),
                shown(filled, "window.end"));
    }

    private static final String ZONE = "spark.sql.session.timeZone";

    private static DataFrame perDay(DataFrame rows) {
        return rows.groupBy(calendar_window(col("ts"), "day").as("window"), col("key"))
                .agg(sum("n").as("n"))
                .gapFill("window", "key")
                .calendar("day")
                .toDF();
    }

    private static final List<String> FOUR_DAYS =
            List.of("[2026-01-11 00:00:00]", "[2026-01-12 00:00:00]", "[2026-01-13 00:00:00]", "[2026-01-14 00:00:00]");

    @Test
    void theCalendarIsThatOfTheZoneInWhichTheQueryRuns() {
        DataFrame filled = perDay(test.session()
                .createDataFrame(
                        List.of(
                                RowFactory.create("a", Instant.parse("2026-01-10T12:00:00Z"), 1.0, 1, null),
                                RowFactory.create("a", Instant.parse("2026-01-13T12:00:00Z"), 4.0, 4, null)),
                        COLUMNS));
        test.session().conf().set(ZONE, "America/New_York");
        assertEquals(FOUR_DAYS, shown(filled, "window.end"));
    }

    @Test
    void windowsWithoutAZoneGoByTheirOwnClock() {
        test.session().conf().set(ZONE, "America/New_York");
        DataFrame filled = perDay(test.session()
                .createDataFrame(
                        List.of(
                                RowFactory.create("a", LocalDateTime.parse("2026-01-10T12:00:00"), 1),
                                RowFactory.create("a", LocalDateTime.parse("2026-01-13T12:00:00"), 4)),
                        StructType.fromDDL("key string, ts timestamp_ntz, n int")));
        assertEquals(FOUR_DAYS, shown(filled, "window.end"));
    }

    @Test
    void longGapsStayOpen() {
        DataFrame filled = perMinute(
                        table(row("a", "10:00:00", 1.0, 1), row("a", "10:02:30", 4.0, 3), row("a", "10:12:00", 9.0, 9)))
                .gapFill("window", "key")
                .maxGap("5 minutes")
                .toDF();
        assertEquals(4, filled.count());
    }

    @Test
    void aGapIsFilledWhenTheWindowBehindItComesOut() {
        TestInput input = test.input(COLUMNS);
        test.query(
                perMinute(input.toDF().withWatermark("ts", "0 seconds"))
                        .gapFill("window", "key")
                        .locf("n")
                        .toDF()
                        .select(col("key"), col("window.start").cast("string"), col("n")),
                "append");
        input.add(List.of(row("a", "10:00:10", 1.0, 1), row("b", "10:01:00", 1.0, 2)));
        test.process().expect(RowFactory.create("a", "2026-01-31 10:00:00", 1L));
        input.add(List.of(row("a", "10:03:10", 1.0, 5), row("b", "10:04:00", 1.0, 0)));
        test.process()
                .expect(
                        RowFactory.create("a", "2026-01-31 10:01:00", 1L),
                        RowFactory.create("a", "2026-01-31 10:02:00", 1L),
                        RowFactory.create("a", "2026-01-31 10:03:00", 5L),
                        RowFactory.create("b", "2026-01-31 10:01:00", 2L));
    }

    @Test
    void theStreamGivesWhatTheBatchGives() {
        Random random = new Random(3);
        List<Row> rows = new ArrayList<>();
        Instant at = Instant.parse("2026-01-31T10:00:00Z");
        for (int i = 0; i < 50; i++) {
            at = at.plusSeconds(random.nextInt(40));
            rows.add(
                    RowFactory.create("k" + random.nextInt(3), at, random.nextInt(100) / 4.0, random.nextInt(9), null));
        }
        rows.add(RowFactory.create("last", at.plusSeconds(3_000), 0.0, 0, null));
        UnaryOperator<DataFrame> query = all -> all.withWatermark("ts", "1 minute")
                .groupBy(window(col("ts"), "30 seconds"), col("key"))
                .emit(Emit.atWatermark())
                .agg(max("level").as("level"), count(lit(1)).as("n"))
                .gapFill("window", "key")
                .interpolate("level")
                .toDF()
                .where(col("key").notEqual("last"));
        StreamFuzz.over(COLUMNS, rows)
                .arrivingUpTo(Duration.ofMinutes(1), "ts")
                .seeds(1, 2)
                .check(query);
    }

    @Test
    void partsOfWindowsAreNotFilled() {
        test.query(
                test.input(COLUMNS)
                        .toDF()
                        .withWatermark("ts", "0 seconds")
                        .groupBy(window(col("ts"), "1 minute"), col("key"))
                        .emit(Emit.atWatermark().lateWithin("1 minute").discarding())
                        .agg(sum("n").as("n"))
                        .gapFill("window", "key")
                        .toDF(),
                "append");
        assertEquals(
                "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run gapFill over emit(…).discarding(). What a part has"
                        + " is not what its window has: use emit(Emit.atWatermark()).",
                test.expectError("UNSUPPORTED_STREAMING_OPERATION"));
    }

    @Test
    void windowsThatChangeAreRefused() {
        DataFrame windows = test.input(COLUMNS).toDF().withWatermark("ts", "0 seconds");
        test.query(perMinute(windows).gapFill("window", "key").toDF(), "update");
        assertEquals(
                "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run gapFill over rows that can go again. Its function"
                        + " can't take back what it has done: use it below the operator whose rows change, or let each of"
                        + " them come once, when it is final, by outputMode(\"append\") or by emit(Emit.atWatermark()) of"
                        + " an aggregation.",
                test.expectError("UNSUPPORTED_STREAMING_OPERATION"));
    }

    private String refused(UnaryOperator<GapFill> gaps) {
        DataFrame rows = perMinute(table(row("a", "10:00:00", 1.0, 1)));
        return String.valueOf(assertThrows(
                        QueryException.class,
                        () -> gaps.apply(rows.gapFill("window", "key")).toDF())
                .getMessage());
    }

    @Test
    void whatCannotBeFilledIsRefused() {
        assertEquals(
                "[INVALID_GAP_FILL] interpolate(\"start\"): the column is timestamp, not a number. Use locf(…) or"
                        + " constant(…).",
                String.valueOf(assertThrows(
                                QueryException.class,
                                () -> perMinute(table(row("a", "10:00:00", 1.0, 1)))
                                        .withColumn("start", col("window.start"))
                                        .gapFill("window", "key")
                                        .interpolate("start")
                                        .toDF())
                        .getMessage()));
        assertEquals(
                "[INVALID_GAP_FILL] 'key' is the window or a key, which added rows have anyway.",
                refused(gaps -> gaps.locf("key")));
        assertEquals(
                "[INVALID_GAP_FILL] every(\"0 seconds\"): the interval must be longer than zero.",
                refused(gaps -> gaps.every("0 seconds")));
        assertEquals(
                "[INVALID_GAP_FILL] calendar(\"hour\"): the unit must be 'day', 'week', 'month', 'quarter' or 'year'.",
                refused(gaps -> gaps.calendar("hour")));
        assertEquals(
                "[INVALID_GAP_FILL] calendar(…): there is no time zone 'Nowhere'.",
                refused(gaps -> gaps.calendar("day", "Nowhere")));
        assertEquals(
                "[INVALID_GAP_FILL] gapFill(\"n\", …): the column is bigint, not a window. Give the column of window(…), a"
                        + " struct of start and end.",
                String.valueOf(assertThrows(
                                QueryException.class,
                                () -> perMinute(table(row("a", "10:00:00", 1.0, 1)))
                                        .gapFill("n", "key")
                                        .toDF())
                        .getMessage()));
    }

    @Test
    void aRowWithAWrongTimeDoesNotFillTheMemory() {
        DataFrame filled = test.session()
                .createDataFrame(
                        List.of(
                                row("a", "10:00:00", 1.0, 1),
                                RowFactory.create("a", Instant.parse("2106-01-31T10:00:00Z"), 1.0, 1, null)),
                        COLUMNS)
                .groupBy(window(col("ts"), "1 minute"), col("key"))
                .agg(lit(1).as("one"))
                .gapFill("window", "key")
                .toDF();
        assertEquals(
                "[GAP_TOO_LONG] gapFill: a key has no row for more than 1000000 windows before the one that"
                        + " begins at 2106-01-31T10:00:00Z. Leave such rows out, or such gaps open with"
                        + " maxGap(…).",
                String.valueOf(assertThrows(QueryException.class, filled::collectAsList)
                        .getMessage()));
    }
}
