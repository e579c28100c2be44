package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.BinaryOperator;

/// Two streams of rows with times, which come out of order, for queries that join them.
final class TwoStreams {
    static final Instant TEN = Instant.parse("2026-01-31T10:00:00Z");
    static final StructType ORDERS = StructType.fromDDL("id int, at timestamp, n int");
    static final StructType PAYMENTS = StructType.fromDDL("order_id int, paid timestamp, m int");
    /// Seconds, for the watermarks.
    static final int LATENESS = 6;

    private TwoStreams() {}

    private static List<Row> random(Random random) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Integer key = random.nextInt(12) == 0 ? null : (Integer) random.nextInt(5);
            Instant at = random.nextInt(15) == 0 ? null : TEN.plusSeconds(random.nextInt(70));
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

    /// Checks that a query over two streams in append mode gives what it gives over all their rows at once.
    ///
    /// Both inputs at the same pace, cut anyhow, with crashes; at last a row of each side so late that all is final.
    static void check(long seed, BinaryOperator<DataFrame> query) {
        Random random = new Random(seed);
        List<Row> left = new ArrayList<>(random(random));
        List<Row> right = new ArrayList<>(random(random));
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
}
