package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.session_window;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.Emit;
import dev.headrace.testing.StreamFuzz;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// When windows come out: early, on time and late; whole, in parts, or with what was there before taken back.
class EmitTest {
    private static final StructType COLUMNS = StructType.fromDDL("key string, ts timestamp, amount bigint");
    private static final Instant START = Instant.parse("2026-01-31T10:00:00Z");

    private StreamTest test;
    private TestInput input;

    @BeforeEach
    void open() {
        test = StreamTest.create();
        input = test.input(COLUMNS);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private static DataFrame sums(DataFrame rows, Emit emit) {
        return rows.withWatermark("ts", "0 seconds")
                .groupBy(window(col("ts"), "1 minute"), col("key"))
                .emit(emit)
                .agg(sum("amount").as("sum"));
    }

    private void query(Emit emit, String mode) {
        test.query(sums(input.toDF(), emit).select("window.start", "key", "sum"), mode);
    }

    private void add(String key, long second, long amount) {
        input.add(key, START.plusSeconds(second), amount);
    }

    private static Row result(String key, long minute, Object... values) {
        List<Object> cells = new ArrayList<>(List.of(Timestamp.from(START.plusSeconds(60 * minute)), key));
        cells.addAll(List.of(values));
        return RowFactory.create(cells.toArray());
    }

    @Test
    void sqlSaysItBehindTheGrouping() {
        input.toDF().withWatermark("ts", "0 seconds").createOrReplaceTempView("sales");
        test.query(test.session().sql("""
                        SELECT window.start, key, sum(amount) AS sum FROM sales
                        GROUP BY window(ts, '1 minute'), key
                        EMIT AT WATERMARK EARLY EVERY 3 ROWS
                        """), "update");
        add("a", 1, 1);
        add("a", 2, 2);
        add("b", 2, 100);
        test.process().expectNothing();
        add("a", 3, 4);
        test.process().expect(result("a", 0, 7L));
        add("c", 60, 0);
        test.process().expect(result("b", 0, 100L));
    }

    @Test
    void aWindowComesOutWhenItHasEnoughNewRows() {
        query(Emit.atWatermark().earlyEvery(3), "update");
        add("a", 1, 1);
        add("a", 2, 2);
        add("b", 2, 100);
        test.process().expectNothing();
        add("a", 3, 4);
        test.process().expect(result("a", 0, 7L));
        add("a", 4, 8);
        add("a", 5, 16);
        test.process().expectNothing();
        add("c", 60, 0);
        test.process().expect(result("a", 0, 31L), result("b", 0, 100L));
    }

    @Test
    void aWindowComesOutSoLongAfterARowThatHasNotBeenShown() {
        query(Emit.atWatermark().earlyEvery("10 seconds"), "update");
        add("a", 1, 1);
        test.process().expectNothing();
        test.advanceClock(Duration.ofSeconds(9));
        add("a", 2, 2);
        add("b", 2, 100);
        test.process().expectNothing();
        test.advanceClock(Duration.ofSeconds(1)).process().expect(result("a", 0, 3L));
        test.advanceClock(Duration.ofSeconds(9)).process().expect(result("b", 0, 100L));
        test.advanceClock(Duration.ofSeconds(60)).process().expectNothing();
        add("a", 3, 4);
        test.process().expectNothing();
        test.advanceClock(Duration.ofSeconds(10)).process().expect(result("a", 0, 7L));
        add("c", 61, 0);
        test.process().expectNothing();
    }

    @Test
    void aWindowThatHasBeenShownWholeDoesNotComeOnTimeAgain() {
        query(Emit.atWatermark().earlyEvery(1), "update");
        add("a", 1, 1);
        test.process().expect(result("a", 0, 1L));
        add("b", 61, 1);
        test.process().expect(result("b", 1, 1L));
    }

    @Test
    void rowsWithinTheLatenessGiveTheWindowAnewAndLaterOnesAreLate() {
        query(Emit.atWatermark().lateWithin("2 minutes"), "update");
        add("a", 1, 1);
        add("b", 130, 0);
        test.process().expect(result("a", 0, 1L));
        add("a", 2, 2);
        add("d", 3, 5);
        test.process().expect(result("a", 0, 3L), result("d", 0, 5L));
        add("b", 180, 0);
        test.process().expect(result("b", 2, 0L));
        add("a", 4, 100);
        test.process().expectNothing();
        assertEquals(1, test.running().lastProgress().stateOperators()[0].numRowsDroppedByWatermark());
    }

    @Test
    void partsHaveTheRowsSinceTheOneBefore() {
        query(Emit.atWatermark().earlyEvery(2).lateWithin("1 minute").discarding(), "append");
        add("a", 1, 1);
        add("a", 2, 2);
        test.process().expect(result("a", 0, 3L));
        add("a", 3, 4);
        test.process().expectNothing();
        add("b", 60, 0);
        test.process().expect(result("a", 0, 4L));
        add("a", 5, 8);
        test.process().expect(result("a", 0, 8L));
    }

    @Test
    void whatWasShownBeforeIsTakenBack() {
        query(Emit.atWatermark().earlyEvery(2).lateWithin("1 minute").retracting(), "changelog");
        add("a", 1, 1);
        add("a", 2, 2);
        test.process().expect(result("a", 0, 3L, "insert"));
        add("a", 3, 4);
        add("b", 60, 0);
        test.process().expect(result("a", 0, 3L, "delete"), result("a", 0, 7L, "insert"));
        add("a", 4, 8);
        test.process().expect(result("a", 0, 7L, "delete"), result("a", 0, 15L, "insert"));
    }

    @Test
    void groupsWithoutAnEndComeOutByRows() {
        test.query(
                input.toDF()
                        .groupBy("key")
                        .emit(Emit.every(2))
                        .agg(sum("amount").as("sum")),
                "update");
        add("a", 1, 1);
        add("b", 1, 1);
        test.process().expectNothing();
        add("a", 2, 2);
        test.process().expect(RowFactory.create("a", 3L));
        add("a", 2, 4);
        add("b", 2, 8);
        test.process().expect(RowFactory.create("b", 9L));
    }

    @Test
    void aBatchWithoutRowsGivesNoPart() {
        test.query(
                input.toDF()
                        .where("amount > 0")
                        .groupBy()
                        .emit(Emit.every("10 seconds").discarding())
                        .agg(sum("amount").as("sum")),
                "append");
        add("a", 1, 5);
        test.process().expectNothing();
        test.advanceClock(Duration.ofSeconds(10)).process().expect(RowFactory.create(5L));
        add("a", 2, 0);
        test.process().expectNothing();
        test.advanceClock(Duration.ofSeconds(10)).process().expectNothing();
        add("a", 3, 7);
        test.process().expectNothing();
        test.advanceClock(Duration.ofSeconds(10)).process().expect(RowFactory.create(7L));
    }

    @Test
    void aWindowComesOutOnceInUpdateModeToo() {
        query(Emit.atWatermark(), "update");
        add("a", 1, 1);
        test.process().expectNothing();
        add("a", 2, 2);
        test.process().expectNothing();
        add("a", 60, 0);
        test.process().expect(result("a", 0, 3L));
    }

    @Test
    void sessionsComeOutOnceInChangelogModeToo() {
        test.query(
                input.toDF()
                        .withWatermark("ts", "0 seconds")
                        .groupBy(session_window(col("ts"), "10 seconds"), col("key"))
                        .emit(Emit.atWatermark())
                        .agg(sum("amount").as("sum"))
                        .select("key", "sum"),
                "changelog");
        add("a", 1, 1);
        add("a", 5, 2);
        test.process().expectNothing();
        add("a", 60, 0);
        test.process().expect(RowFactory.create("a", 3L, "insert"));
    }

    @Test
    void aBatchQueryGivesTheFinalResults() {
        DataFrame rows = test.session()
                .createDataFrame(
                        List.of(RowFactory.create("a", START, 1L), RowFactory.create("a", START.plusSeconds(1), 2L)),
                        COLUMNS);
        assertEquals(
                List.of(3L),
                sums(rows, Emit.atWatermark().earlyEvery(1).discarding()).collectAsList().stream()
                        .map(row -> row.getLong(2))
                        .toList());
    }

    /// A way to fire, and how what comes out adds up to what a batch gives.
    private record Way(Emit emit, String mode) {
        @Override
        public String toString() {
            return emit + " in " + mode;
        }
    }

    static Stream<Way> ways() {
        return Stream.of(
                new Way(Emit.atWatermark(), "update"),
                new Way(Emit.atWatermark().earlyEvery(3), "update"),
                new Way(Emit.atWatermark().earlyEvery("5 seconds").lateWithin("1 minute"), "update"),
                new Way(Emit.atWatermark().earlyEvery(2).lateWithin("30 seconds"), "changelog"),
                new Way(Emit.atWatermark().earlyEvery("5 seconds").earlyEvery(4).retracting(), "changelog"),
                new Way(Emit.atWatermark().earlyEvery(2).discarding(), "append"),
                new Way(
                        Emit.atWatermark()
                                .earlyEvery("3 seconds")
                                .lateWithin("1 minute")
                                .discarding(),
                        "append"));
    }

    private static List<Row> rows(Random random) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            long second = 5L * i + random.nextInt(60);
            rows.add(RowFactory.create("k" + random.nextInt(3), START.plusSeconds(second), 1L + random.nextInt(100)));
        }
        // Its window ends, but it stays alone.
        rows.add(RowFactory.create("last", START.plusSeconds(3_000), 0L));
        return rows;
    }

    /// Runs a query over random batches, with crashes and a clock that moves; the rows come at most a minute late.
    private List<Row> run(List<Row> rows, Random random) {
        int at = 0;
        while (at < rows.size()) {
            int count = Math.min(rows.size() - at, 8 + random.nextInt(16));
            input.add(rows.subList(at, at + count));
            at += count;
            if (random.nextInt(4) == 0) {
                test.crashAfter(Step.values()[random.nextInt(Step.values().length)]);
            }
            test.advanceClock(Duration.ofSeconds(random.nextInt(8)));
            test.process();
        }
        test.advanceClock(Duration.ofMinutes(1)).process();
        return test.newRows();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatComesOutAddsUpToTheBatch(Way way) {
        Function<DataFrame, DataFrame> query = frame -> frame.withWatermark("ts", "1 minute")
                .groupBy(window(col("ts"), "1 minute", "30 seconds"), col("key"))
                .emit(way.emit())
                .agg(count(lit(1)).as("n"), sum("amount").as("sum"))
                .select(col("window.end").cast("string"), col("key"), col("n"), col("sum"));
        Random random = new Random(7);
        List<Row> rows = rows(random);
        test.query(query.apply(input.toDF()), way.mode());
        Map<String, List<Long>> actual = new TreeMap<>();
        for (Row row : run(rows, random)) {
            List<Long> values = List.of(row.getLong(2), row.getLong(3));
            String key = row.getString(0) + " " + row.getString(1);
            switch (way.mode()) {
                case "append" -> actual.merge(key, values, (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1)));
                case "changelog" -> {
                    if (row.getString(4).equals("insert")) {
                        assertEquals(null, actual.put(key, values));
                    } else {
                        assertEquals(values, actual.remove(key));
                    }
                }
                default -> actual.put(key, values);
            }
        }
        Map<String, List<Long>> expected = new TreeMap<>();
        query.apply(test.session().createDataFrame(rows, COLUMNS))
                .collectAsList()
                .forEach(row -> {
                    expected.put(row.getString(0) + " " + row.getString(1), List.of(row.getLong(2), row.getLong(3)));
                });
        expected.keySet().removeIf(key -> key.endsWith(" last"));
        actual.keySet().removeIf(key -> key.endsWith(" last"));
        assertEquals(expected, actual);
    }

    private void nets(UnaryOperator<DataFrame> query) {
        Random random = new Random(11);
        List<Row> rows = rows(random);
        test.query(query.apply(input.toDF()), "changelog");
        Map<String, Integer> net = new TreeMap<>();
        for (Row row : run(rows, random)) {
            int sign = row.getString(row.size() - 1).equals("insert") ? 1 : -1;
            net.merge(row.toString().replaceAll(",(insert|delete)]", "]"), sign, Integer::sum);
        }
        net.values().removeIf(count -> count == 0);
        Map<String, Integer> expected = new TreeMap<>();
        query.apply(test.session().createDataFrame(rows, COLUMNS))
                .collectAsList()
                .forEach(row -> expected.merge(row.toString(), 1, Integer::sum));
        assertEquals(expected, net);
    }

    @Test
    void whatIsComputedOverResultsThatAreTakenBackIsExact() {
        nets(rows -> rows.withWatermark("ts", "1 minute")
                .groupBy(window(col("ts"), "1 minute"), col("key"))
                .emit(Emit.atWatermark().earlyEvery(1).lateWithin("1 minute").retracting())
                .agg(sum("amount").as("sum"))
                .groupBy(col("sum").mod(lit(5)).as("rest"))
                .agg(count(lit(1)).as("n")));
    }

    @Test
    void distinctValuesAreCountedOnceInAllResults() {
        nets(rows -> rows.withWatermark("ts", "1 minute")
                .groupBy(window(col("ts"), "1 minute"))
                .emit(Emit.atWatermark().earlyEvery(1).retracting())
                .agg(expr("count(DISTINCT key)").as("keys"), sum("amount").as("sum")));
    }

    @Test
    void windowsOverWindowsWaitForLateResults() {
        DataFrame minutes =
                sums(input.toDF(), Emit.atWatermark().lateWithin("1 minute").discarding());
        test.query(
                minutes.groupBy(window(expr("window_time(window)"), "2 minutes"), col("key"))
                        .agg(sum("sum").as("sum"))
                        .select("window.start", "key", "sum"),
                "append");
        add("a", 1, 1);
        add("b", 130, 0);
        test.process().expectNothing();
        add("a", 70, 2);
        test.process().expectNothing();
        add("b", 180, 0);
        test.process().expect(result("a", 0, 3L));
    }

    private String refused(DataFrame rows, String mode) {
        test.query(rows, mode);
        return test.expectError("UNSUPPORTED_OUTPUT_MODE");
    }

    @Test
    void modesThatCannotTellWhatComesOutAreRefused() {
        Emit early = Emit.atWatermark().earlyEvery(10);
        assertEquals(
                "[UNSUPPORTED_OUTPUT_MODE] emit(…).accumulating() gives results that replace those before, which"
                        + " outputMode(\"append\") can't tell. Use outputMode(\"update\") or (\"changelog\"), or"
                        + " discarding(), whose results add up.",
                refused(sums(input.toDF(), early), "append"));
        assertEquals(
                "[UNSUPPORTED_OUTPUT_MODE] emit(…).retracting() takes results back, which outputMode(\"update\") can't"
                        + " tell. Use outputMode(\"changelog\"), or accumulating() with outputMode(\"update\").",
                refused(sums(input.toDF(), early.retracting()), "update"));
        assertEquals(
                "[UNSUPPORTED_OUTPUT_MODE] emit(…).discarding() gives results that add up, and in"
                        + " outputMode(\"update\") each replaces the one before. Use outputMode(\"append\"), or"
                        + " accumulating().",
                refused(sums(input.toDF(), early.discarding()), "update"));
        assertEquals(
                "[UNSUPPORTED_OUTPUT_MODE] outputMode(\"complete\") gives all groups in each batch, so emit(…) has"
                        + " nothing to say. Leave it out, or use outputMode(\"update\").",
                refused(sums(input.toDF(), early), "complete"));
    }

    private String unsupported(DataFrame rows) {
        test.query(rows, "changelog");
        return test.expectError("UNSUPPORTED_STREAMING_OPERATION");
    }

    @Test
    void whatWouldNotComeOutRightIsRefused() {
        Emit early = Emit.atWatermark().earlyEvery(10);
        DataFrame rows = input.toDF();
        assertEquals(
                "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run emit(…).accumulating() below another operator with"
                        + " state. Rows that several results have would count several times there: use retracting(),"
                        + " which takes each result back.",
                unsupported(sums(rows, early).groupBy("key").count()));
        assertEquals(
                "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run emit(at the watermark, late within 1 hour,"
                        + " accumulating) of groups without a watermarked key. They have no end that could be reached:"
                        + " call withWatermark(\"ts\", \"1 minute\") before, and group by window(col(\"ts\"), …); or use"
                        + " Emit.every(…), without lateWithin(…).",
                unsupported(rows.groupBy("key")
                        .emit(Emit.atWatermark().lateWithin("1 hour"))
                        .count()));
        assertEquals(
                "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run distinct aggregates with emit(…).discarding()."
                        + " Values of one result may come in the next again, so that results do not add up: use"
                        + " accumulating() or retracting().",
                unsupported(rows.groupBy("key")
                        .emit(Emit.every("1 minute").discarding())
                        .agg(expr("count(DISTINCT amount)"))));
    }

    @Test
    void resultsAtTheWatermarkNeedOneInAnyMode() {
        String message =
                "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run emit(Emit.atWatermark()) of groups without a"
                        + " watermarked key. They have no end that could be reached: call withWatermark(\"ts\", \"1 minute\")"
                        + " before, and group by window(col(\"ts\"), …) or by the event-time column; or leave emit(…) out.";
        DataFrame counts = input.toDF().groupBy("key").emit(Emit.atWatermark()).count();
        assertEquals(message, unsupportedInUpdateMode(counts));
        assertEquals(message, unsupported(counts));
    }

    private String unsupportedInUpdateMode(DataFrame rows) {
        test.query(rows, "update");
        return test.expectError("UNSUPPORTED_STREAMING_OPERATION");
    }

    @Test
    void whatOnlyChangesCanTellIsRefusedInOtherModes() {
        DataFrame sessions = sessions(Emit.atWatermark().earlyEvery(10));
        assertEquals(
                "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run emit(at the watermark, early every 10 rows,"
                        + " accumulating) of sessions in update mode. Sessions that have come out can still become one,"
                        + " which only changes can tell: use retracting() with outputMode(\"changelog\"), or"
                        + " Emit.atWatermark().",
                unsupportedInUpdateMode(sessions));
        assertEquals(
                "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run emit(at the watermark, early every 1 minute,"
                        + " discarding) of groups whose rows can go again in changelog mode. A group that has come out may"
                        + " be gone later, which only changes can tell: use retracting() with"
                        + " outputMode(\"changelog\"), or Emit.atWatermark().",
                unsupported(counts(Emit.every("1 minute").discarding())));
        assertEquals(
                "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run emit(at the watermark, early every 5 rows,"
                        + " accumulating) of groups whose rows can go again. A row that replaces another one is no new row"
                        + " that could be counted. Results of them can't go by the number of rows: use"
                        + " earlyEvery(\"10 seconds\"), by the clock.",
                unsupported(counts(Emit.every(5))));
    }

    /// How many keys have how many rows.
    private DataFrame counts(Emit emit) {
        return input.toDF()
                .groupBy("key")
                .count()
                .groupBy("count")
                .emit(emit)
                .agg(count("key").as("keys"));
    }

    private DataFrame sessions(Emit emit) {
        return input.toDF()
                .withWatermark("ts", "0 seconds")
                .groupBy(session_window(col("ts"), "10 seconds"), col("key"))
                .emit(emit)
                .agg(sum("amount").as("sum"))
                .select("key", "sum");
    }

    private static Row change(Object... values) {
        return RowFactory.create(values);
    }

    @Test
    void aSessionThatComesEarlyIsTakenBackWhenItGrows() {
        test.query(sessions(Emit.atWatermark().earlyEvery("10 seconds").retracting()), "changelog");
        add("a", 1, 1);
        test.process().expectNothing();
        test.advanceClock(Duration.ofSeconds(10)).process().expect(change("a", 1L, "insert"));
        add("a", 5, 2);
        test.process().expect(change("a", 1L, "delete"));
        add("a", 9, 4);
        test.process().expectNothing();
        test.advanceClock(Duration.ofSeconds(10)).process().expect(change("a", 7L, "insert"));
        add("b", 60, 0);
        test.process().expectNothing();
    }

    @Test
    void aSessionComesWhenItHasEnoughRowsAndWhenItIsFinal() {
        test.query(sessions(Emit.atWatermark().earlyEvery(3)), "changelog");
        add("a", 1, 1);
        add("a", 2, 2);
        add("b", 2, 100);
        test.process().expectNothing();
        add("a", 3, 4);
        test.process().expect(change("a", 7L, "insert"));
        add("c", 60, 0);
        test.process().expect(change("b", 100L, "insert"));
    }

    @Test
    void aSessionTakesRowsWithinTheLateness() {
        test.query(sessions(Emit.atWatermark().lateWithin("1 minute")), "changelog");
        add("a", 1, 1);
        add("b", 40, 0);
        test.process().expect(change("a", 1L, "insert"));
        add("a", 9, 2);
        test.process().expect(change("a", 1L, "delete"), change("a", 3L, "insert"));
        add("b", 200, 0);
        test.process().expect(change("b", 0L, "insert"));
        add("a", 3, 2);
        test.process().expectNothing();
    }

    @Test
    void aFilterOnSessionsChangesNothingAboutThem() {
        test.query(
                input.toDF()
                        .withWatermark("ts", "0 seconds")
                        .groupBy(session_window(col("ts"), "10 seconds"), col("key"))
                        .emit(Emit.atWatermark()
                                .earlyEvery(3)
                                .lateWithin("1 hour")
                                .retracting())
                        .agg(sum("amount").as("sum"))
                        .where("session_window.start < " + END + " AND key <> 'b'")
                        .select("key", "sum"),
                "changelog");
        add("a", 1, 1);
        add("a", 2, 2);
        add("b", 2, 100);
        test.process().expectNothing();
        add("a", 3, 4);
        test.process().expect(change("a", 7L, "insert"));
        add("end", 100_000, 0);
        add("end", 100_001, 0);
        add("end", 100_002, 0);
        test.process().expectNothing();
    }

    @Test
    void distinctAggregatesOverSessionsDoNotGoByRows() {
        DataFrame distinct = input.toDF()
                .withWatermark("ts", "0 seconds")
                .groupBy(session_window(col("ts"), "10 seconds"), col("key"))
                .emit(Emit.atWatermark().earlyEvery(3).retracting())
                .agg(expr("count(DISTINCT amount) AS n"));
        String message =
                "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run emit(at the watermark, early every 3 rows,"
                        + " retracting) of distinct aggregates over sessions. They are computed anew when a session changes."
                        + " Results of them can't go by the number of rows: use earlyEvery(\"10 seconds\"), by the clock.";
        assertEquals(message, unsupported(distinct));
        test.query(
                input.toDF()
                        .withWatermark("ts", "0 seconds")
                        .groupBy(session_window(col("ts"), "10 seconds"), col("key"))
                        .agg(expr("count(DISTINCT amount) AS n")),
                "append");
        assertEquals(
                "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run distinct aggregates over sessions that come out once."
                        + " Use outputMode(\"changelog\"), without emit(Emit.atWatermark()).",
                test.expectError("UNSUPPORTED_STREAMING_OPERATION"));
    }

    @Test
    void groupsOfGroupsChangeByTheClock() {
        test.query(counts(Emit.every("10 seconds").retracting()), "changelog");
        add("a", 1, 1);
        add("b", 1, 1);
        test.process().expectNothing();
        add("b", 2, 1);
        test.process().expectNothing();
        test.advanceClock(Duration.ofSeconds(10)).process().expect(change(1L, 1L, "insert"), change(2L, 1L, "insert"));
        // The group of one row has no key any more: its result goes at once, the other one's new result waits.
        add("a", 2, 1);
        test.process().expect(change(1L, 1L, "delete"));
        test.advanceClock(Duration.ofSeconds(10)).process().expect(change(2L, 1L, "delete"), change(2L, 2L, "insert"));
        add("a", 3, 1);
        add("b", 3, 1);
        test.process().expect(change(2L, 2L, "delete"));
    }

    @Test
    void whatComesAndGoesBetweenTwoResultsIsNotTold() {
        test.query(counts(Emit.every("10 seconds").retracting()), "changelog");
        add("a", 1, 1);
        test.process().expectNothing();
        add("a", 2, 1);
        test.process().expectNothing();
        test.advanceClock(Duration.ofSeconds(10)).process().expect(change(2L, 1L, "insert"));
        test.advanceClock(Duration.ofSeconds(60)).process().expectNothing();
    }

    private static final String END = "TIMESTAMP '2026-01-31 12:00:00'";

    /// Rows of some minutes, and one behind them all.
    private static StreamFuzz someRows() {
        Random random = new Random(3);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            rows.add(
                    RowFactory.create("k" + random.nextInt(5), START.plusSeconds(i * 3 / 2), (long) random.nextInt(9)));
        }
        rows.add(RowFactory.create("end", START.plusSeconds(100_000), 0L));
        return StreamFuzz.over(COLUMNS, rows)
                .arrivingUpTo(Duration.ofSeconds(6), "ts")
                .seeds(1, 6);
    }

    @Test
    void changesOfSessionsAddUpToTheBatch() {
        someRows()
                .check(rows -> rows.withWatermark("ts", "6 seconds")
                        .groupBy(session_window(col("ts"), "4 seconds"), col("key"))
                        .emit(Emit.atWatermark().earlyEvery(3).retracting())
                        .agg(sum("amount").as("total"))
                        // The last session waits for a watermark that does not come.
                        .where("total > 0"));
    }

    @Test
    void changesOfDistinctCountsOfSessionsAddUpToTheBatch() {
        someRows()
                .check(rows -> rows.withWatermark("ts", "6 seconds")
                        .groupBy(session_window(col("ts"), "4 seconds"), col("key"))
                        .emit(Emit.atWatermark().earlyEvery("1 second").retracting())
                        .agg(expr("count(DISTINCT amount)"))
                        .where("session_window.start < " + END));
    }

    @Test
    void changesOfWindowsOfWindowsAddUpToTheBatch() {
        someRows()
                .check(rows -> rows.withWatermark("ts", "6 seconds")
                        .groupBy(window(col("ts"), "10 seconds"), col("key"))
                        .agg(sum("amount").as("amount"))
                        .groupBy("window")
                        .emit(Emit.atWatermark()
                                .earlyEvery("1 second")
                                .lateWithin("1 minute")
                                .retracting())
                        .agg(expr("max(amount)"), expr("count(*)"))
                        .where("window.start < " + END));
    }

    @Test
    void finalWindowsOfWindowsComeOnceInChangelogMode() {
        someRows()
                .check(rows -> rows.withWatermark("ts", "6 seconds")
                        .groupBy(window(col("ts"), "10 seconds"), col("key"))
                        .agg(sum("amount").as("amount"))
                        .groupBy("window")
                        .emit(Emit.atWatermark())
                        .agg(expr("max(amount)"), expr("sum(amount)"))
                        .where("window.start < " + END));
    }

    @Test
    void whatIsNoEmissionIsRefused() {
        assertEquals(
                "[INVALID_EMIT] earlyEvery(0): expected at least one row.",
                assertThrows(QueryException.class, () -> Emit.every(0)).getMessage());
        assertEquals(
                "[INVALID_EMIT] earlyEvery(\"0 seconds\"): the interval must be longer than zero.",
                assertThrows(QueryException.class, () -> Emit.every("0 seconds"))
                        .getMessage());
        assertEquals(
                "[INVALID_EMIT] lateWithin(\"-1 hour\"): the lateness must be longer than zero.",
                assertThrows(QueryException.class, () -> Emit.atWatermark().lateWithin("-1 hour"))
                        .getMessage());
        assertEquals(
                "[UNSUPPORTED_OPERATION] emit(…) can only follow groupBy(…), once.",
                assertThrows(
                                QueryException.class,
                                () -> input.toDF().rollup(col("key")).emit(Emit.every(1)))
                        .getMessage());
    }

    @Test
    void explainSaysWhenWindowsComeOut() {
        query(Emit.atWatermark().earlyEvery("10 seconds").earlyEvery(1_000).lateWithin("1 hour"), "update");
        add("a", 1, 1);
        test.process();
        assertTrue(
                test.running()
                        .explainTiming()
                        .toString()
                        .contains(
                                "PaneAggregate keys [window, key], gives [sum] at the watermark, early every 10 seconds or"
                                        + " 1000 rows, late within 1 hour, accumulating\n"
                                        + "    gives each group, with rows that it has not given, in the first batch 10"
                                        + " seconds after a row by the clock, when 1000 rows have come, when the watermark"
                                        + " has reached its end, in the batches that read rows up to 1 hour behind that\n"
                                        + "    next when the watermark is at 2026-01-31T10:01:00Z"),
                test.running().explainTiming().toString());
    }

    @Test
    void aQueryThatHoldsResultsBackIsVerified() {
        query(Emit.atWatermark().earlyEvery(2).lateWithin("1 minute"), "update");
        add("a", 1, 1);
        add("a", 2, 2);
        test.process();
        add("a", 3, 4);
        add("b", 61, 5);
        test.process();
        assertTrue(test.running().verify().matches(), test.running().verify().toString());
        query(Emit.atWatermark().earlyEvery(2).lateWithin("1 minute").discarding(), "append");
        assertEquals(
                "[RESULT_IN_PARTS] The query gives its groups in parts, by emit(…).discarding(), and what adds them up is"
                        + " not known, so that they can't be compared with a batch's groups. Verify it with"
                        + " accumulating(), and single batches with replay(…).",
                assertThrows(QueryException.class, this::verifyParts).getMessage());
    }

    private void verifyParts() {
        try (StreamTest other = StreamTest.create()) {
            TestInput rows = other.input(COLUMNS);
            other.query(sums(rows.toDF(), Emit.atWatermark().earlyEvery(2).discarding()), "append");
            rows.add("a", START, 1L);
            other.process();
            other.running().verify();
        }
    }
}
