package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.streaming.StateOperatorProgress;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Outer, semi and anti joins of streams within a time, in append mode.
class JoinWithinTest {
    private static final Instant TEN = Instant.parse("2026-01-31T10:00:00Z");
    private static final StructType ORDERS = StructType.fromDDL("id int, at timestamp, n int");
    private static final StructType PAYMENTS = StructType.fromDDL("order_id int, paid timestamp, m int");
    private static final int LATENESS = 6;

    private static DataFrame joined(DataFrame orders, DataFrame payments, String type, String within) {
        return orders.withWatermark("at", LATENESS + " seconds")
                .join(
                        payments.withWatermark("paid", LATENESS + " seconds"),
                        expr("id = order_id AND m % 3 <> 0 AND " + within),
                        type);
    }

    private static final String AFTER = "paid >= at AND paid <= at + INTERVAL 10 SECONDS";
    private static final String AROUND = "paid > at - INTERVAL 4 SECONDS AND at + INTERVAL 9 SECONDS >= paid";

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
            assertTrue(
                    test.running().verify().matches(),
                    () -> test.running().verify().toString());
        }
    }

    @Test
    void rowsThatCanNotMeetAreForgotten() {
        try (StreamTest test = StreamTest.create()) {
            TestInput orders = test.input(ORDERS);
            TestInput payments = test.input(PAYMENTS);
            test.query(
                    joined(orders.toDF(), payments.toDF(), "left_anti", AFTER).select("id"), "append");
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

    private static List<Row> random(Random random, boolean left) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Integer key = random.nextInt(12) == 0 ? null : (Integer) random.nextInt(5);
            Instant at = left && random.nextInt(15) == 0 ? null : TEN.plusSeconds(random.nextInt(70));
            rows.add(RowFactory.create(key, at, i));
        }
        return rows;
    }

    /// In the order of their times, each at most `LATENESS` late.
    private static List<Row> arriving(Random random, List<Row> rows) {
        record Arrival(Row row, long at) {}
        return rows.stream()
                .map(row -> new Arrival(
                        row,
                        Objects.requireNonNullElse(row.getInstant(1), TEN).toEpochMilli()
                                + random.nextInt(LATENESS * 1_000)))
                .sorted(Comparator.comparingLong(Arrival::at))
                .map(Arrival::row)
                .toList();
    }

    private static List<String> texts(List<Row> rows) {
        return rows.stream().map(Row::toString).sorted().toList();
    }

    /// Both inputs at the same pace, cut anyhow, with crashes; at last a row of each side so late that all is final.
    private static void check(long seed, BinaryOperator<DataFrame> query) {
        Random random = new Random(seed);
        List<Row> left = new ArrayList<>(random(random, true));
        List<Row> right = new ArrayList<>(random(random, false));
        List<Row> leftArriving = arriving(random, left);
        List<Row> rightArriving = arriving(random, right);
        Row last = RowFactory.create(-1, TEN.plusSeconds(100_000), 1);
        try (StreamTest test = StreamTest.create()) {
            TestInput orders = test.input(ORDERS);
            TestInput payments = test.input(PAYMENTS);
            test.query(query.apply(orders.toDF(), payments.toDF()), "append");
            int at = 0;
            while (at < 60) {
                int to = Math.min(60, at + 1 + random.nextInt(15));
                orders.add(leftArriving.subList(at, to));
                payments.add(rightArriving.subList(at, to));
                at = to;
                if (random.nextInt(3) == 0) {
                    test.crashAfter(Step.values()[random.nextInt(Step.values().length)]);
                }
                test.process();
            }
            orders.add(List.of(last));
            payments.add(List.of(last));
            test.process();
            // The last rows are partners.
            left.add(last);
            right.add(last);
            List<Row> expected = query.apply(
                            test.session().createDataFrame(left, ORDERS),
                            test.session().createDataFrame(right, PAYMENTS))
                    .collectAsList();
            assertEquals(texts(expected), texts(test.newRows()), "seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"left_outer", "right_outer", "left_semi", "left_anti", "inner"})
    void theStreamGivesWhatTheBatchGives(String type) {
        for (long seed = 1; seed <= 2; seed++) {
            String within = seed % 2 == 0 ? AROUND : AFTER;
            check(seed, (orders, payments) -> joined(orders, payments, type, within));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"left_outer", "inner"})
    void joinsGoIntoWindows(String type) {
        for (long seed = 1; seed <= 2; seed++) {
            check(
                    seed,
                    (orders, payments) -> joined(orders, payments, type, AFTER)
                            .groupBy(window(col("at"), "7 seconds"))
                            .agg(count("m").as("paid"), count(lit(1)).as("all"))
                            .where("window.start < '2026-02-01'"));
        }
    }
}
