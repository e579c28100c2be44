package dev.headrace.engine;

import static dev.headrace.engine.TwoStreams.ORDERS;
import static dev.headrace.engine.TwoStreams.PAYMENTS;
import static dev.headrace.engine.TwoStreams.TEN;
import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.streaming.StateOperatorProgress;
import dev.headrace.testing.StreamFuzz;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// As-of joins of streams with streams of versions, and with tables.
class TemporalJoinTest {
    private static DataFrame joined(
            DataFrame left, DataFrame right, String type, @Nullable Column tolerance, boolean exact) {
        return left.withWatermark("at", TwoStreams.LATENESS + " seconds")
                .joinAsOf(
                        right.withWatermark("paid", TwoStreams.LATENESS + " seconds"),
                        col("at"),
                        col("paid"),
                        expr("id = order_id AND m % 5 <> 0"),
                        type,
                        tolerance,
                        exact,
                        "backward");
    }

    private static DataFrame joined(DataFrame left, DataFrame right) {
        return joined(left, right, "left", null, true);
    }

    private static long kept(StreamTest test) {
        return Arrays.stream(test.running().lastProgress().stateOperators())
                .mapToLong(StateOperatorProgress::numRowsTotal)
                .sum();
    }

    @Test
    void aRowGetsTheVersionOfItsTimeOnceNoEarlierOneCanCome() {
        try (StreamTest test = StreamTest.create()) {
            TestInput orders = test.input(ORDERS);
            TestInput rates = test.input(PAYMENTS);
            test.query(joined(orders.toDF(), rates.toDF()).select("n", "m"), "append");
            rates.add(1, TEN, 11);
            orders.add(1, TEN.plusSeconds(5), 1).add(1, TEN.minusSeconds(1), 2).add(2, TEN, 3);
            test.process().expectNothing();
            rates.add(1, TEN.plusSeconds(4), 12).add(1, TEN.plusSeconds(8), 13);
            orders.add(9, TEN.plusSeconds(11), 4);
            test.process().expect(RowFactory.create(2, null), RowFactory.create(3, null));
            rates.add(9, TEN.plusSeconds(60), 14);
            orders.add(9, TEN.plusSeconds(60), 5);
            test.process().expect(RowFactory.create(1, 12), RowFactory.create(4, null));
            orders.add(1, TEN.plusSeconds(80), 6).add(9, TEN.plusSeconds(90), 7);
            rates.add(9, TEN.plusSeconds(90), 16);
            test.process().expect(RowFactory.create(5, 14), RowFactory.create(6, 13));
            assertTrue(
                    test.running().verify().matches(),
                    () -> test.running().verify().toString());
        }
    }

    @Test
    void ofOldVersionsTheNewestIsKept() {
        try (StreamTest test = StreamTest.create()) {
            TestInput orders = test.input(ORDERS);
            TestInput rates = test.input(PAYMENTS);
            test.query(joined(orders.toDF(), rates.toDF()).select("n", "m"), "append");
            for (int i = 0; i < 100; i++) {
                rates.add(i % 3, TEN.plusSeconds(i), 1 + 5 * i);
                orders.add(i % 3, TEN.plusSeconds(i), i);
            }
            test.process();
            rates.add(7, TEN.plusSeconds(1_000), 1);
            orders.add(7, TEN.plusSeconds(1_000), 1);
            test.process();
            assertTrue(kept(test) <= 2 * 3 + 2 * 2, "kept " + kept(test));
            test.newRows();
            orders.add(0, TEN.plusSeconds(1_001), 2).add(7, TEN.plusSeconds(2_000), 3);
            rates.add(7, TEN.plusSeconds(2_000), 1);
            test.process().expect(RowFactory.create(1, 1), RowFactory.create(2, 1 + 5 * 99));
        }
    }

    @Test
    void lateRowsOfBothSidesAreCountedAndTheBalanceHolds() {
        try (StreamTest test = StreamTest.create()) {
            TestInput orders = test.input(ORDERS);
            TestInput rates = test.input(PAYMENTS);
            test.query(joined(orders.toDF(), rates.toDF()).select("n", "m"), "append");
            orders.add(1, TEN.plusSeconds(100), 1).add(1, null, 8);
            rates.add(1, TEN.plusSeconds(100), 1).add(1, null, 2);
            test.process().expect(RowFactory.create(8, null));
            orders.add(1, TEN, 2).add(1, TEN.plusSeconds(94), 3);
            rates.add(1, TEN, 2).add(1, TEN.plusSeconds(94), 3);
            test.process().expectNothing();
            long late = Arrays.stream(test.running().lastProgress().stateOperators())
                    .mapToLong(StateOperatorProgress::numRowsDroppedByWatermark)
                    .sum();
            assertEquals(2, late);
            assertTrue(test.running().lastProgress().rowBalance().isEven());
        }
    }

    @ParameterizedTest
    @CsvSource({"left,true,", "inner,false,", "left,true,INTERVAL 7 SECONDS", "inner,true,INTERVAL 3 SECONDS"})
    void theStreamGivesWhatTheBatchGives(String type, boolean exact, @Nullable String tolerance) {
        TwoStreams.check(
                type.length() + (exact ? 10 : 20),
                (orders, rates) -> joined(orders, rates, type, tolerance == null ? null : expr(tolerance), exact)
                        .where("at < '2026-02-01' OR at IS NULL"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"left", "inner"})
    void joinsGoIntoWindowsAndFurtherJoins(String type) {
        TwoStreams.check(
                1,
                (orders, rates) -> joined(orders, rates, type, null, true)
                        .groupBy(window(col("at"), "7 seconds"))
                        .agg(sum("m").as("m"), count(lit(1)).as("all"))
                        .where("window.start < '2026-02-01'"));
        TwoStreams.check(
                2,
                (orders, rates) -> joined(orders, rates, type, null, true)
                        .withColumnRenamed("id", "i")
                        .drop("order_id", "paid")
                        .joinAsOf(
                                rates.withWatermark("paid", TwoStreams.LATENESS + " seconds")
                                        .select("order_id", "paid", "m"),
                                col("at"),
                                col("paid"),
                                expr("i = order_id + 1"),
                                "left")
                        .where("at < '2026-02-01' OR at IS NULL"));
    }

    @Test
    void aTableIsSearchedInEachBatch() {
        try (StreamTest test = StreamTest.create()) {
            TestInput orders = test.input(ORDERS);
            DataFrame rates = test.session()
                    .createDataFrame(
                            List.of(RowFactory.create(1, TEN, 11), RowFactory.create(1, TEN.plusSeconds(5), 12)),
                            PAYMENTS);
            test.query(
                    orders.toDF()
                            .joinAsOf(rates, col("at"), col("paid"), expr("id = order_id"), "left")
                            .select("n", "m"),
                    "append");
            orders.add(1, TEN.plusSeconds(1), 1).add(1, TEN.plusSeconds(7), 2).add(2, TEN, 3);
            test.process().expect(RowFactory.create(1, 11), RowFactory.create(2, 12), RowFactory.create(3, null));
        }
    }

    @Test
    void countsThatChangeAreJoinedWithATable() {
        try (StreamTest test = StreamTest.create()) {
            TestInput orders = test.input(ORDERS);
            DataFrame levels = test.session().range(0, 10, 2).toDF("level");
            test.query(
                    orders.toDF()
                            .groupBy("id")
                            .agg(count(lit(1)).as("orders"))
                            .joinAsOf(levels, col("orders"), col("level"), (Column) null, "left"),
                    "changelog");
            orders.add(1, TEN, 1);
            test.process().expect(RowFactory.create(1, 1L, 0L, "insert"));
            orders.add(1, TEN, 2);
            test.process().expect(RowFactory.create(1, 1L, 0L, "delete"), RowFactory.create(1, 2L, 2L, "insert"));
        }
    }

    @Test
    void explainShowsTheJoinAndWhenItsRowsCome() {
        try (StreamTest test = StreamTest.create()) {
            DataFrame join =
                    joined(test.input(ORDERS).toDF(), test.input(PAYMENTS).toDF());
            test.query(join, "append");
            test.process();
            String plan = printed(() -> test.running().explain());
            assertTrue(
                    plan.contains(
                            "Temporal join by [key0], gives final results: AsOfJoin LEFT_OUTER on [id] = [order_id],"
                                    + " at backward paid"),
                    plan);
            String timing = printed(() -> test.running().explain("timing"));
            assertTrue(timing.contains("gives each left row once, when the watermark has passed its time"), timing);
        }
    }

    private static String printed(Runnable action) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void assertRefused(String message, DataFrame rows, String mode, StreamTest test) {
        AssertionError failed =
                assertThrows(AssertionError.class, () -> test.query(rows, mode).process());
        assertEquals(
                "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run " + message,
                String.valueOf(failed.getCause().getMessage()));
    }

    @Test
    void whatStreamsCantBeJoinedIsSaid() {
        try (StreamTest test = StreamTest.create()) {
            DataFrame orders = test.input(ORDERS).toDF();
            DataFrame rates = test.input(PAYMENTS).toDF();
            assertRefused(
                    "an as-of join of two streams without event times in append mode. Both times must be columns with"
                            + " withWatermark(\"ts\", \"1 minute\"): the watermark tells when no row can come any more"
                            + " that a row would have to be joined with. Or use outputMode(\"changelog\"): then rows are"
                            + " joined at once, and again when a nearer one comes.",
                    orders.joinAsOf(rates, col("at"), col("paid"), expr("id = order_id"), "inner"),
                    "append",
                    test);
            assertRefused(
                    "an as-of join of two streams that looks forward in append mode. A nearer row may come later, so rows"
                            + " of the result can go again: use outputMode(\"changelog\"), or >= or >, direction"
                            + " \"backward\".",
                    orders.joinAsOf(
                            rates, col("at"), col("paid"), expr("id = order_id"), "inner", null, true, "forward"),
                    "append",
                    test);
            assertRefused(
                    "an as-of join whose right side alone is a stream. A nearer row may come in a later batch: let the"
                            + " stream be the left side, or make both sides streams.",
                    test.session().range(3).joinAsOf(rates, col("id"), col("m"), (Column) null, "inner"),
                    "changelog",
                    test);
        }
    }

    /// Without watermarks nothing is late, and nothing is forgotten.
    @Test
    void aRowIsJoinedAnewWhenANearerVersionComes() {
        try (StreamTest test = StreamTest.create()) {
            TestInput orders = test.input(ORDERS);
            TestInput rates = test.input(PAYMENTS);
            test.query(
                    orders.toDF()
                            .joinAsOf(rates.toDF(), col("at"), col("paid"), expr("id = order_id"), "left")
                            .select("n", "m"),
                    "changelog");
            orders.add(1, TEN.plusSeconds(100), 1);
            test.process().expect(RowFactory.create(1, null, "insert"));
            rates.add(1, TEN, 11).add(2, TEN, 12);
            test.process().expect(RowFactory.create(1, null, "delete"), RowFactory.create(1, 11, "insert"));
            rates.add(1, TEN.plusSeconds(50), 13).add(1, TEN.plusSeconds(101), 14);
            orders.add(1, TEN.plusSeconds(2), 2).add(3, TEN, 3);
            test.process()
                    .expect(
                            RowFactory.create(1, 11, "delete"), RowFactory.create(1, 13, "insert"),
                            RowFactory.create(2, 11, "insert"), RowFactory.create(3, null, "insert"));
        }
    }

    /// Totals that change on the left, the newest version of each key and time on the right.
    @ParameterizedTest
    @CsvSource({"left,backward,true", "inner,backward,false", "left,forward,true", "inner,nearest,true"})
    void sidesThatChangeAreJoinedAnew(String type, String direction, boolean leftChanges) {
        Random random = new Random(5);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            rows.add(RowFactory.create(
                    random.nextInt(4) == 0 ? null : random.nextInt(3), (long) random.nextInt(12), i % 2, i));
        }
        StreamFuzz.over(StructType.fromDDL("k int, t bigint, side int, n int"), rows)
                .seeds(1, 6)
                .check(all -> {
                    DataFrame left = all.where("side = 0");
                    DataFrame totals =
                            leftChanges ? left.groupBy("k", "t").agg(sum("n").as("n")) : left.select("k", "t", "n");
                    DataFrame versions = all.where("side = 1")
                            .groupBy(col("k").as("vk"), col("t").as("since"))
                            .agg(expr("count(*)").as("c"), expr("max(n)").as("m"))
                            .where("c % 3 <> 2");
                    return totals.joinAsOf(
                            versions, col("t"), col("since"), expr("k = vk"), type, null, true, direction);
                });
    }
}
