package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.RowFactory;
import dev.headrace.streaming.StateOperatorProgress;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Outer, semi and anti joins of streams within a time, in append mode.
class JoinWithinTest {
    private static final Instant TEN = TwoStreams.TEN;
    private static final StructType ORDERS = TwoStreams.ORDERS;
    private static final StructType PAYMENTS = TwoStreams.PAYMENTS;

    private static DataFrame joined(DataFrame orders, DataFrame payments, String type, String within) {
        return orders.withWatermark("at", TwoStreams.LATENESS + " seconds")
                .join(
                        payments.withWatermark("paid", TwoStreams.LATENESS + " seconds"),
                        expr("id = order_id AND m % 3 <> 0 AND " + within),
                        type);
    }

    private static final String AFTER = "paid >= at AND paid <= at + INTERVAL 10 SECONDS";
    private static final String AROUND = "paid > at - INTERVAL 4 SECONDS AND at + INTERVAL 9 SECONDS >= paid";

    private static final String AFTERWARDS = "paid >= at + INTERVAL 20 SECONDS AND paid <= at + INTERVAL 40 SECONDS";
    private static final String BEFORE = "paid <= at - INTERVAL 20 SECONDS AND paid >= at - INTERVAL 40 SECONDS";

    @Test
    void aRowWithoutPartnerComesWhenNoneCanComeAnyMore() {
        try (StreamTest test = StreamTest.create()) {
            TestInput orders = test.input(ORDERS);
            TestInput payments = test.input(PAYMENTS);
            test.query(
                    joined(orders.toDF(), payments.toDF(), "left_outer", AFTER).select("id", "m"), "append");
            orders.add(1, TEN, 0).add(2, TEN, 0).add(3, null, 0);
            payments.add(1, TEN.plusSeconds(3), 7);
            test.process().expect(RowFactory.create(1, 7), RowFactory.create(3, null));
            orders.add(8, TEN.plusSeconds(16), 0);
            payments.add(9, TEN.plusSeconds(16), 1);
            test.process().expectNothing();
            orders.add(8, TEN.plusSeconds(17), 0);
            payments.add(9, TEN.plusSeconds(17), 1);
            test.process().expect(RowFactory.create(2, null));
            orders.add(4, null, 0);
            test.process().expect(RowFactory.create(4, null));
            assertTrue(
                    test.running().verify().matches(),
                    () -> test.running().verify().toString());
        }
    }

    @Test
    void rowsOfAnyTypeWait() {
        try (StreamTest test = StreamTest.create()) {
            TestInput orders = test.input(StructType.fromDDL("id int, at timestamp, gift boolean, tags array<string>"));
            TestInput payments = test.input(PAYMENTS);
            test.query(
                    joined(orders.toDF(), payments.toDF(), "inner", AFTER).select("id", "gift", "tags", "m"), "append");
            orders.add(1, TEN, true, List.of("a", "b")).add(2, TEN, null, null);
            test.process().expectNothing();
            payments.add(1, TEN.plusSeconds(3), 7).add(2, TEN.plusSeconds(3), 1);
            test.process()
                    .expect(RowFactory.create(1, true, List.of("a", "b"), 7), RowFactory.create(2, null, null, 1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"left outer", "right outer", "full outer", "left anti"})
    void withoutABoundAppendModeSaysWhatIsMissing(String type) {
        try (StreamTest test = StreamTest.create()) {
            DataFrame orders = test.input(ORDERS).toDF();
            DataFrame payments = test.input(PAYMENTS).toDF();
            test.query(joined(orders, payments, type.replace(' ', '_'), "m > 0"), "append");
            String said = test.expectError("UNSUPPORTED_OUTPUT_MODE");
            assertTrue(
                    said.endsWith(
                            " A " + type + " join of streams works in append mode if both sides have a watermark and"
                                    + " the condition bounds the time between them, as in r.ts BETWEEN l.ts AND l.ts + INTERVAL 1"
                                    + " HOUR."),
                    said);
        }
    }

    @Test
    void rowsOfBothSidesWaitInAFullJoin() {
        try (StreamTest test = StreamTest.create()) {
            TestInput orders = test.input(ORDERS);
            TestInput payments = test.input(PAYMENTS);
            test.query(
                    joined(orders.toDF(), payments.toDF(), "full_outer", AFTER).select("id", "order_id", "m"),
                    "append");
            orders.add(1, TEN, 0).add(2, TEN, 0).add(3, null, 0);
            payments.add(1, TEN.plusSeconds(3), 7).add(4, TEN.plusSeconds(3), 1).add(null, TEN.plusSeconds(3), 2);
            test.process().expect(RowFactory.create(1, 1, 7), RowFactory.create(3, null, null));
            orders.add(8, TEN.plusSeconds(17), 0);
            payments.add(9, TEN.plusSeconds(17), 1);
            // A payment goes with earlier orders, so it waits for the watermark to pass its own time.
            test.process()
                    .expect(
                            RowFactory.create(2, null, null),
                            RowFactory.create(null, 4, 1),
                            RowFactory.create(null, null, 2));
            assertTrue(
                    test.running().verify().matches(),
                    () -> test.running().verify().toString());
            orders.add(4, TEN.plusSeconds(3), 0).add(9, TEN.plusSeconds(12), 0);
            test.process().expect(RowFactory.create(9, 9, 1));
            assertEquals(
                    1,
                    Arrays.stream(test.running().lastProgress().stateOperators())
                            .mapToLong(StateOperatorProgress::numRowsDroppedByWatermark)
                            .sum(),
                    "an order of which its payment has been told that it does not come");
        }
    }

    /// Files have no nulls in columns that can't be null.
    @Test
    void columnsOfBothSidesCanBeNullInTheResultOfAFullJoin(@TempDir Path directory) throws Exception {
        try (StreamTest test = StreamTest.create()) {
            TestInput orders = test.input(ORDERS);
            TestInput payments = test.input(PAYMENTS);
            StreamingQuery query = joined(
                            orders.toDF().withColumn("ordered", lit(1)),
                            payments.toDF().withColumn("payment", lit(2)),
                            "full_outer",
                            AFTER)
                    .writeStream()
                    .format("parquet")
                    .option("path", directory.resolve("out").toString())
                    .option(
                            "checkpointLocation",
                            directory.resolve("checkpoint").toString())
                    .start();
            orders.add(2, TEN, 0);
            payments.add(4, TEN.plusSeconds(3), 1);
            query.processAllAvailable();
            orders.add(8, TEN.plusSeconds(17), 0);
            payments.add(9, TEN.plusSeconds(17), 1);
            query.processAllAvailable();
            query.stop();
            assertEquals(
                    "[[null,2], [1,null]]",
                    test.session()
                            .read()
                            .parquet(directory.resolve("out").toString())
                            .select("ordered", "payment")
                            .orderBy("ordered")
                            .collectAsList()
                            .toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"left_anti", "full_outer"})
    void rowsThatCanNotMeetAreForgotten(String type) {
        try (StreamTest test = StreamTest.create()) {
            TestInput orders = test.input(ORDERS);
            TestInput payments = test.input(PAYMENTS);
            DataFrame joined = joined(orders.toDF(), payments.toDF(), type, AFTER);
            test.query(
                    type.equals("full_outer") ? joined.where("id IS NULL OR m IS NULL") : joined.select("id"),
                    "append");
            for (int i = 0; i < 100; i++) {
                orders.add(i, TEN.plusSeconds(i), 0);
                payments.add(i, TEN.plusSeconds(i + 1), 1);
            }
            test.process().expectNothing();
            orders.add(500, TEN.plusSeconds(1_000), 0);
            payments.add(500, TEN.plusSeconds(1_000), 1);
            test.process().expectNothing();
            long kept = Arrays.stream(test.running().lastProgress().stateOperators())
                    .mapToLong(StateOperatorProgress::numRowsTotal)
                    .sum();
            assertTrue(kept < 10, "kept " + kept);
        }
    }

    @ParameterizedTest
    @CsvSource({"inner, 0", "left_outer, 1", "left_anti, 1", "full_outer, 2"})
    void rowsWithoutKeyThatNobodyWaitsForAreNotKept(String type, long kept) {
        try (StreamTest test = StreamTest.create()) {
            TestInput orders = test.input(ORDERS);
            TestInput payments = test.input(PAYMENTS);
            test.query(joined(orders.toDF(), payments.toDF(), type, AFTER).select("id"), "append");
            orders.add(null, TEN, 0);
            payments.add(null, TEN, 1);
            test.process().expectNothing();
            assertEquals(
                    kept,
                    Arrays.stream(test.running().lastProgress().stateOperators())
                            .mapToLong(StateOperatorProgress::numRowsTotal)
                            .sum());
        }
    }

    /// Payments come at least so long after their orders, so the time of an order that a payment goes with is past when
    /// the payment comes; and the other way round.
    @ParameterizedTest
    @CsvSource({
        "inner, AFTERWARDS",
        "left_outer, AFTERWARDS",
        "left_outer, BEFORE",
        "left_anti, BEFORE",
        "inner, BEFORE",
        "right_outer, AFTERWARDS",
        "full_outer, AFTERWARDS",
        "full_outer, BEFORE"
    })
    void rowsWhosePartnersTimesArePastWhenTheyCome(String type, String within) {
        for (long seed = 1; seed <= 2; seed++) {
            TwoStreams.check(
                    seed,
                    (orders, payments) -> joined(orders, payments, type, within.equals("BEFORE") ? BEFORE : AFTERWARDS)
                            .where(
                                    switch (type) {
                                        case "right_outer" -> "paid < '2026-02-01' OR paid IS NULL";
                                        case "full_outer" ->
                                            "coalesce(at, paid, TIMESTAMP '2026-01-31') < '2026-02-01'";
                                        default -> "at < '2026-02-01' OR at IS NULL";
                                    }));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"left_outer", "right_outer", "full_outer", "left_semi", "left_anti", "inner"})
    void theStreamGivesWhatTheBatchGives(String type) {
        for (long seed = 1; seed <= 2; seed++) {
            String within = seed % 2 == 0 ? AROUND : AFTER;
            TwoStreams.check(seed, (orders, payments) -> joined(orders, payments, type, within));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"left_outer", "full_outer", "inner"})
    void joinsGoIntoWindows(String type) {
        for (long seed = 1; seed <= 2; seed++) {
            TwoStreams.check(
                    seed,
                    (orders, payments) -> joined(orders, payments, type, AFTER)
                            .groupBy(window(col("at"), "7 seconds"))
                            .agg(count("m").as("paid"), count(lit(1)).as("all"))
                            .where("window.start < '2026-02-01' OR window IS NULL"));
        }
    }
}
