package dev.headrace.engine;

import static dev.headrace.functions.calendar_window;
import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.session_window;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.testing.StreamFuzz;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Streams over the nights in which clocks are set forward and back.
class DaylightSavingTest {
    private static final StructType COLUMNS = StructType.fromDDL("key string, ts timestamp, amount bigint");
    private static final String ZONE = "spark.sql.session.timeZone";

    /// Rows of two days before an instant and two days behind it.
    private static List<Row> around(Instant transition) {
        Random random = new Random(transition.getEpochSecond());
        List<Row> rows = new ArrayList<>();
        Instant at = transition.minus(Duration.ofDays(2));
        while (at.isBefore(transition.plus(Duration.ofDays(2)))) {
            rows.add(RowFactory.create("k" + random.nextInt(2), at, (long) random.nextInt(100)));
            at = at.plusSeconds(random.nextInt(3_600));
        }
        return rows;
    }

    /// Where an hour is left out, one comes twice, half of one does, and where midnight is left out or comes twice.
    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2026-03-29T01:00:00Z",
        "Europe/Berlin, 2026-10-25T01:00:00Z",
        "America/New_York, 2026-11-01T06:00:00Z",
        "Australia/Lord_Howe, 2026-04-04T15:00:00Z",
        "Asia/Beirut, 2026-03-28T22:00:00Z",
        "Asia/Beirut, 2026-10-24T21:00:00Z"
    })
    void daysAndWeeksOfAZoneAreThoseOfTheBatch(String zone, Instant transition) {
        StreamFuzz fuzz = StreamFuzz.over(COLUMNS, around(transition)).arrivingUpTo(Duration.ofHours(3), "ts");
        fuzz.seeds(1, 3)
                .check(rows -> rows.withWatermark("ts", "3 hours")
                        .groupBy(calendar_window(col("ts"), "day", zone), col("key"))
                        .agg(sum("amount").as("sum"), count(lit(1)).as("n")));
        fuzz.seeds(4, 2)
                .outputMode("append")
                .check(rows -> rows.withWatermark("ts", "3 hours")
                        .groupBy(calendar_window(col("ts"), "day", zone))
                        .agg(sum("amount").as("sum"))
                        // The days that have not ended by the last watermark have not come out.
                        .where(col("calendar_window.end")
                                .leq(expr("TIMESTAMP '" + transition.plus(Duration.ofHours(42)) + "'"))));
    }

    /// A day's hours by the clock on the wall, of which the doubled one has the rows of both, and what lies in windows
    /// of instants and in sessions over them.
    @ParameterizedTest
    @CsvSource({"Europe/Berlin, 2026-03-29T01:00:00Z", "Europe/Berlin, 2026-10-25T01:00:00Z"})
    void hoursOnTheWallAreThoseOfTheBatch(String zone, Instant transition) {
        List<UnaryOperator<DataFrame>> queries = List.of(
                rows -> rows.groupBy(expr("date_format(ts, 'yyyy-MM-dd HH')").as("hour"))
                        .agg(sum("amount"), count(lit(1))),
                rows -> rows.groupBy(expr("date_trunc('hour', ts)").as("hour"), expr("hour(ts)"))
                        .agg(sum("amount"), expr("count(DISTINCT key)")),
                rows -> rows.withWatermark("ts", "1 hour")
                        .groupBy(calendar_window(col("ts"), "day"), col("key"))
                        .agg(sum("amount")),
                rows -> rows.withWatermark("ts", "1 hour")
                        .groupBy(
                                window(col("ts"), "1 hour"),
                                expr("CAST(ts AS date)").as("day"))
                        .agg(sum("amount")),
                rows -> rows.withWatermark("ts", "1 hour")
                        .groupBy(session_window(col("ts"), "30 minutes"), col("key"))
                        .agg(expr("min(CAST(ts AS string))"), expr("max(CAST(ts AS string))")),
                rows -> rows.where("hour(ts) = 2 AND ts < '2026-10-26 02:30:00'")
                        .groupBy("key")
                        .agg(sum("amount"), count(lit(1))));
        List<Row> rows = around(transition);
        for (UnaryOperator<DataFrame> query : queries) {
            try (StreamTest test = StreamTest.create()) {
                test.session().conf().set(ZONE, zone);
                TestInput input = test.input(COLUMNS);
                test.query(query.apply(input.toDF()), "changelog");
                for (int at = 0; at < rows.size(); at += 12) {
                    input.add(rows.subList(at, Math.min(rows.size(), at + 12)));
                    test.process();
                }
                assertEquals(counts(query.apply(test.session().createDataFrame(rows, COLUMNS))), net(test));
            }
        }
    }

    private static Map<String, Integer> counts(DataFrame rows) {
        Map<String, Integer> counts = new TreeMap<>();
        rows.collectAsList().forEach(row -> counts.merge(row.toString(), 1, Integer::sum));
        return counts;
    }

    private static Map<String, Integer> net(StreamTest test) {
        Map<String, Integer> net = new TreeMap<>();
        for (Row row : test.newRows()) {
            String text = row.toString();
            int change = text.lastIndexOf(',');
            net.merge(text.substring(0, change) + "]", text.endsWith(",insert]") ? 1 : -1, Integer::sum);
        }
        net.values().removeIf(count -> count == 0);
        return net;
    }

    private static Instant berlin(int day, int hour, int minute) {
        return Instant.parse(String.format("2026-10-%02dT%02d:%02d:00Z", day, hour, minute));
    }

    /// From two to three o'clock clocks show each minute twice in that night: 00:00Z to 02:00Z.
    @ParameterizedTest
    @EnumSource(names = "MAINTAIN", mode = EnumSource.Mode.EXCLUDE)
    void theDayOfTheDoubledHourHasAllItsRowsWhereverItCrashesInIt(Step step) {
        try (StreamTest test = StreamTest.create()) {
            test.session().conf().set(ZONE, "Europe/Berlin");
            TestInput input = test.input(COLUMNS);
            test.query(
                    input.toDF()
                            .withWatermark("ts", "10 minutes")
                            .groupBy(calendar_window(col("ts"), "day"))
                            .agg(sum("amount").as("sum"))
                            .selectExpr(
                                    "CAST(calendar_window.start AS string)",
                                    "CAST(calendar_window.end AS string)",
                                    "sum"),
                    "append");
            input.add("k", berlin(24, 22, 0), 1L).add("k", berlin(25, 0, 30), 2L);
            test.crashBefore(step).process().expectNothing();
            // The clock shows less than for the row before.
            input.add("k", berlin(25, 1, 10), 4L);
            test.crashAfter(step).process().expectNothing();
            input.add("k", berlin(25, 1, 5), 8L).add("k", berlin(25, 22, 59), 16L);
            test.crashBefore(step).crashAfter(step).process().expectNothing();
            input.add("k", berlin(25, 23, 10), 32L);
            test.process().expect(RowFactory.create("2026-10-25 00:00:00", "2026-10-26 00:00:00", 31L));
        }
    }

    /// Its constants, its hours and its state would be of two zones.
    @Test
    void aQueryDoesNotGoOnInAnotherZone() {
        try (StreamTest test = StreamTest.create()) {
            test.session().conf().set(ZONE, "Europe/Berlin");
            TestInput input = test.input(COLUMNS);
            UnaryOperator<DataFrame> query = rows -> rows.where("ts >= '2026-10-25 02:30:00'")
                    .groupBy(expr("date_format(ts, 'yyyy-MM-dd HH')").as("hour"))
                    .agg(sum("amount").as("sum"));
            test.query(query.apply(input.toDF()), "update");
            input.add("k", berlin(25, 0, 29), 1L)
                    .add("k", berlin(25, 0, 30), 2L)
                    .add("k", berlin(25, 1, 10), 4L);
            test.process().expect(RowFactory.create("2026-10-25 02", 6L));
            test.session().conf().set(ZONE, "Asia/Tokyo");
            test.query(query.apply(input.toDF()), "update");
            input.add("k", berlin(25, 0, 31), 8L);
            assertEquals(
                    "[TIME_ZONE_CHANGED] The query has had the time zone 'Europe/Berlin' since its first batch, and the"
                            + " session's is 'Asia/Tokyo' now. Hours, days and times without a zone would not be those of"
                            + " the earlier batches. Set 'spark.sql.session.timeZone' to 'Europe/Berlin', or start with a"
                            + " new checkpoint.",
                    test.expectError("TIME_ZONE_CHANGED"));
            test.session().conf().set(ZONE, "Europe/Berlin");
            test.query(query.apply(input.toDF()), "update");
            test.process().expect(RowFactory.create("2026-10-25 02", 14L));
        }
    }

    @Test
    void anotherNameOfTheSameZoneIsTheSame() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input(COLUMNS);
            test.query(input.toDF().select("key"), "append");
            input.add("k", berlin(25, 0, 0), 1L);
            test.process().expect(RowFactory.create("k"));
            test.session().conf().set(ZONE, "Etc/UTC");
            input.add("l", berlin(25, 0, 0), 1L);
            test.process().expect(RowFactory.create("l"));
        }
    }
}
