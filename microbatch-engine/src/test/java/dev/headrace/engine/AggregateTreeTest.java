package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.collect_list;
import static dev.headrace.functions.count;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.first;
import static dev.headrace.functions.last;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.max;
import static dev.headrace.functions.min;
import static dev.headrace.functions.sort_array;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Aggregates over rows that go again which can't take a row back: by a tree of partial results per group.
class AggregateTreeTest {
    private static final Instant TEN = Instant.parse("2026-01-31T10:00:00Z");
    private static final StructType COLUMNS =
            StructType.fromDDL("id bigint, key string, ts timestamp, amount bigint, price double");

    /// Each row's id has several rows, of which the sum counts: so values come and go.
    private static List<Row> rows(int count, int ids, int keys, int amounts) {
        Random random = new Random(5);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long id = random.nextInt(ids);
            Object amount = random.nextInt(10) == 0 ? null : (Object) (long) random.nextInt(amounts);
            rows.add(RowFactory.create(
                    id,
                    "k" + id % keys,
                    TEN.plusSeconds(i / 4),
                    amount,
                    (random.nextInt(amounts) - amounts / 2) / 8.0));
        }
        return rows;
    }

    private static DataFrame byId(DataFrame rows) {
        return rows.groupBy("key", "id")
                .agg(sum("amount").as("amount"), sum("price").as("price"));
    }

    private static final Column[] EXTREMES = {
        max("amount").as("max"),
        min("price").as("least"),
        sum("price").as("sum"),
        expr("avg(price)").as("avg"),
        expr("stddev(amount)").as("deviation"),
        expr("bool_or(amount > 60)").as("any"),
        expr("max_by(id, price * 1000000 + id)").as("by"),
        expr("count(*)").as("count"),
        expr("max(amount) FILTER (WHERE price > 0)").as("some"),
        expr("approx_count_distinct(amount)").as("about")
    };

    private static DataFrame extremes(DataFrame rows) {
        return byId(rows).groupBy("key").agg(min("amount").as("min"), EXTREMES);
    }

    @Test
    void smallGroupsAreThoseOfTheBatch() {
        StreamFuzz.over(COLUMNS, rows(150, 20, 4, 9)).seeds(1, 6).check(AggregateTreeTest::extremes);
    }

    @Test
    void groupsOfManyValuesAreThoseOfTheBatch() {
        StreamFuzz.over(COLUMNS, rows(3_000, 1_500, 2, 1_000)).seeds(1, 6).check(AggregateTreeTest::extremes);
    }

    @Test
    void valuesThatManyRowsHaveCountForEach() {
        StreamFuzz.over(COLUMNS, rows(2_000, 1_000, 2, 2))
                .seeds(1, 4)
                .check(rows -> byId(rows).groupBy("key").agg(sum("price"), expr("kurtosis(amount)"), max("price")));
    }

    /// By a tree, from all rows of the groups, and from a count of each value.
    @ParameterizedTest
    @ValueSource(strings = {"max(amount)", "percentile(amount, 0.5)", "max(DISTINCT amount)", "sum(amount)"})
    void theResultOfNoRowsComesOnce(String function) {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input(COLUMNS);
            test.query(
                    byId(input.toDF())
                            .where("amount > 10")
                            .agg(expr(function).cast("int").as("of")),
                    "changelog");
            input.add(1L, "k1", TEN, 1L, 0.0);
            test.process().expect(RowFactory.create(null, "insert"));
            input.add(1L, "k1", TEN, 2L, 0.0);
            test.process().expectNothing();
            input.add(2L, "k1", TEN, 20L, 0.0);
            test.process().expect(RowFactory.create(null, "delete"), RowFactory.create(20, "insert"));
            assertTrue(test.running().lastProgress().rowBalance().isEven());
            assertTrue(test.running().verify().matches());
        }
    }

    @Test
    void aResultWithoutKeysIsThatOfTheBatch() {
        StreamFuzz.over(COLUMNS, rows(900, 400, 2, 500))
                .seeds(1, 4)
                .check(rows -> byId(rows).agg(max("amount"), sum("price"), min("price")));
    }

    @Test
    void finalWindowsOfWindowsAreThoseOfTheBatch() {
        StreamFuzz.over(COLUMNS, rows(600, 90, 3, 200))
                .outputMode("append")
                .arrivingUpTo(Duration.ofSeconds(6), "ts")
                .seeds(1, 4)
                .check(rows -> rows.withWatermark("ts", "6 seconds")
                        .groupBy(window(col("ts"), "10 seconds"), col("id"))
                        .agg(sum("price").as("price"))
                        .groupBy("window")
                        .agg(max("price"), min("id"))
                        .where("window.end <= TIMESTAMP '2026-01-31 10:02:00'"));
    }

    @Test
    void groupsThatBecomeEmptyAreForgotten() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("id bigint, amount bigint");
            test.query(
                    input.toDF()
                            .groupBy("id")
                            .agg(sum("amount").as("amount"))
                            .groupBy(expr("amount > 0").as("positive"))
                            .agg(max("id")),
                    "changelog");
            input.add(test.session().range(500).select(col("id"), lit(1L)).collectAsList());
            test.process().expect(RowFactory.create(true, 499L, "insert"));
            long nodes = state(test, "aggregateTree").numRowsTotal();
            input.add(test.session().range(500).select(col("id"), lit(-1L)).collectAsList());
            test.process().expect(RowFactory.create(true, 499L, "delete"), RowFactory.create(false, 499L, "insert"));
            input.add(test.session().range(500).select(col("id"), lit(1L)).collectAsList());
            test.process().expect(RowFactory.create(false, 499L, "delete"), RowFactory.create(true, 499L, "insert"));
            assertEquals(nodes, state(test, "aggregateTree").numRowsTotal());
        }
    }

    @Test
    void firstIsWhatHasBeenThereLongestAndLastWhatCameLast() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("id bigint, amount bigint");
            test.query(
                    input.toDF()
                            .groupBy("id")
                            .agg(sum("amount").as("amount"))
                            .agg(first("amount"), last("amount"), first("amount", true)),
                    "changelog");
            input.add(1L, null);
            test.process().expect(RowFactory.create(null, null, null, "insert"));
            input.add(2L, 20L);
            test.process()
                    .expect(RowFactory.create(null, null, null, "delete"), RowFactory.create(null, 20L, 20L, "insert"));
            input.add(3L, 30L);
            test.process()
                    .expect(RowFactory.create(null, 20L, 20L, "delete"), RowFactory.create(null, 30L, 20L, "insert"));
            input.add(1L, 10L);
            test.process()
                    .expect(RowFactory.create(null, 30L, 20L, "delete"), RowFactory.create(20L, 10L, 20L, "insert"));
        }
    }

    /// What a change costs grows with the logarithm of its group's size: here by a level of the tree or two.
    @Test
    void aChangeReadsAndWritesAsMuchInALargeGroup() {
        long small = entriesOfTenChanges(1_000);
        long large = entriesOfTenChanges(30_000);
        assertTrue(small < 10 * 60, "small group: " + small);
        assertTrue(large < 10 * 120, "large group: " + large);
    }

    private static long entriesOfTenChanges(int size) {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("id bigint, amount double");
            test.query(
                    input.toDF()
                            .groupBy("id")
                            .agg(max("amount").as("amount"))
                            .agg(min("amount"), max("amount"), sum("amount")),
                    "changelog");
            input.add(test.session()
                    .range(size)
                    .select(col("id"), col("id").multiply(lit(0.5)))
                    .collectAsList());
            test.process().newRows();
            for (long id = 0; id < 10; id++) {
                input.add(id * 7, size + id + 0.25);
            }
            test.process();
            assertEquals(size + 9.25, test.newRows().getLast().getDouble(1));
            return Arrays.stream(test.running().lastProgress().stateOperators())
                    .mapToLong(state -> state.customMetrics().get("entriesRead")
                            + state.customMetrics().get("entriesWritten"))
                    .sum();
        }
    }

    @Test
    void distinctValuesAreThoseOfTheBatch() {
        StreamFuzz.over(COLUMNS, rows(1_500, 700, 2, 90))
                .seeds(1, 4)
                .check(rows -> byId(rows)
                        .groupBy("key")
                        .agg(
                                expr("max(DISTINCT price)"),
                                expr("avg(DISTINCT price)"),
                                expr("count(DISTINCT price)"),
                                count("price"),
                                min("amount")));
    }

    /// Lists are as long as their groups, so they are made of all rows.
    @Test
    void listsAreComputedFromAllRows() {
        StreamFuzz.over(COLUMNS, rows(300, 60, 3, 50))
                .seeds(1, 3)
                .check(rows -> byId(rows)
                        .groupBy("key")
                        .agg(
                                sort_array(collect_list("amount")),
                                expr("sort_array(collect_set(amount))"),
                                expr("percentile(price, 0.5)"),
                                max("amount")));
    }

    private static StateOperatorProgress state(StreamTest test, String name) {
        return Arrays.stream(test.running().lastProgress().stateOperators())
                .filter(state -> state.operatorName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
