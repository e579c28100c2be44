package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.countDistinct;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.max;
import static dev.headrace.functions.row_number;
import static dev.headrace.functions.session_window;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.expressions.Window;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Streams that do not come evenly: one key has most of the rows, hundreds come at once and then none, many at the same
/// instant and then none for hours, or none at all. They add up to what a batch gives.
class UnevenInputsTest {
    private static final StructType COLUMNS = StructType.fromDDL("id int, key string, ts timestamp, amount bigint");
    private static final Instant START = Instant.parse("2026-01-31T10:00:00Z");
    private static final Instant END = START.plusSeconds(1_000_000);
    private static final int ROWS = 1_200;

    private record Query(String name, UnaryOperator<DataFrame> rows) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static DataFrame watermarked(DataFrame rows) {
        return rows.withWatermark("ts", "5 seconds");
    }

    private static DataFrame totals(DataFrame rows) {
        return rows.groupBy("key")
                .agg(
                        count(lit(1)).as("n"),
                        sum("amount").as("total"),
                        countDistinct("amount").as("amounts"),
                        expr("min(amount)").as("least"),
                        expr("percentile(amount, 0.5)").as("median"));
    }

    static Stream<Query> queries() {
        return Stream.of(
                new Query("totals of keys", UnevenInputsTest::totals),
                new Query(
                        "how many keys are how large",
                        rows -> totals(rows)
                                .groupBy(expr("n div 10").as("size"))
                                .agg(count(lit(1)).as("keys"), max("total").as("largest"))),
                new Query(
                        "windows",
                        rows -> watermarked(rows)
                                .groupBy(window(col("ts"), "1 minute", "20 seconds"), col("key"))
                                .agg(
                                        sum("amount").as("total"),
                                        countDistinct("id").as("ids"))),
                new Query(
                        "sessions",
                        rows -> watermarked(rows)
                                .groupBy(session_window(col("ts"), "30 seconds"), col("key"))
                                .agg(sum("amount").as("total"), count(lit(1)).as("n"))),
                new Query(
                        "single amounts",
                        rows -> rows.dropDuplicates("key", "amount")
                                .groupBy("key")
                                .count()),
                new Query(
                        "largest of keys",
                        rows -> rows.withColumn(
                                        "rank",
                                        row_number()
                                                .over(Window.partitionBy("key")
                                                        .orderBy(col("amount").desc(), col("id"))))
                                .where("rank <= 3")),
                new Query(
                        "rows with the totals of their keys",
                        rows -> rows.where("id % 4 = 0")
                                .join(totals(rows).withColumnRenamed("key", "other"), expr("key = other"), "left")
                                .select("id", "key", "n", "median")),
                new Query(
                        "rows without any behind them",
                        rows -> rows.join(
                                rows.where("amount > 90").selectExpr("key AS other", "ts AS later"),
                                expr("key = other AND later > ts"),
                                "leftanti")));
    }

    /// Most rows are of one key, and some of none. Bursts of rows have the same time, and hours lie between them.
    private static List<Row> rows(Random random) {
        List<Row> rows = new ArrayList<>();
        Instant at = START;
        for (int id = 0; id < ROWS; id++) {
            if (random.nextInt(60) == 0) {
                at = at.plusSeconds(random.nextBoolean() ? 7_200 : 20);
            } else if (random.nextInt(20) == 0) {
                at = at.plusMillis(random.nextInt(3_000));
            }
            int kind = random.nextInt(100);
            String key = kind < 85 ? "hot" : kind < 90 ? null : "k" + random.nextInt(100);
            rows.add(RowFactory.create(id, key, at, (long) random.nextInt(100)));
        }
        return rows;
    }

    private static Row behindAll(int id) {
        return RowFactory.create(id, "end", END, 0L);
    }

    /// How many rows come at once: often none or one, sometimes hundreds.
    private static int burst(Random random) {
        return switch (random.nextInt(6)) {
            case 0, 1 -> 0;
            case 2, 3 -> 1 + random.nextInt(3);
            case 4 -> 10 + random.nextInt(30);
            default -> 200 + random.nextInt(400);
        };
    }

    private static void add(Map<String, Integer> counts, Row row, int columns, int sign) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            cells.add(String.valueOf(row.get(i)));
        }
        if (!cells.contains("end")) {
            counts.merge(cells.toString(), sign, (a, b) -> a + b == 0 ? null : a + b);
        }
    }

    /// What the changes of a stream add up to whose rows come in bursts.
    private static void check(Query query, List<Row> rows, IntSupplier sizes) {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input(COLUMNS);
            test.query(query.rows().apply(input.toDF()), "changelog");
            int at = 0;
            while (at < rows.size()) {
                int count = Math.min(rows.size() - at, sizes.getAsInt());
                input.add(rows.subList(at, at + count));
                at += count;
                test.process();
            }
            input.add(List.of(behindAll(ROWS)));
            test.process();
            List<Row> all = new ArrayList<>(rows);
            all.add(behindAll(ROWS));
            Map<String, Integer> expected = new TreeMap<>();
            query.rows()
                    .apply(test.session().createDataFrame(all, COLUMNS))
                    .collectAsList()
                    .forEach(row -> add(expected, row, row.size(), 1));
            Map<String, Integer> actual = new TreeMap<>();
            test.newRows()
                    .forEach(row -> add(
                            actual,
                            row,
                            row.size() - 1,
                            row.getString(row.size() - 1).equals("insert") ? 1 : -1));
            assertEquals(expected, actual);
        }
    }

    @ParameterizedTest
    @MethodSource("queries")
    void whatComesInBurstsAddsUpToTheBatch(Query query) {
        Random random = new Random(23);
        check(query, rows(random), () -> burst(random));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void oneRowInEachBatchAddsUpToTheBatch(Query query) {
        check(query, rows(new Random(29)).subList(0, 20), () -> 1);
    }

    private static DataFrame none(DataFrame rows) {
        return rows.where("amount < 0");
    }

    private static Query ofCountsOfNothing(String aggregate) {
        return new Query(
                aggregate + " of nothing",
                rows -> none(rows).groupBy("key").count().agg(expr(aggregate), count(lit(1))));
    }

    /// A side of a join, a branch of a union or all of it has no rows, in no batch.
    static Stream<Query> withEmptyInputs() {
        UnaryOperator<DataFrame> others = rows -> none(rows).selectExpr("key AS other", "id AS number", "ts AS at");
        return Stream.concat(
                Stream.of("inner", "left", "right", "full", "leftsemi", "leftanti")
                        .map(type -> new Query(
                                type + " join with nothing",
                                rows -> rows.join(others.apply(rows), expr("key = other"), type))),
                Stream.of(
                        new Query(
                                "a count of nothing",
                                rows -> none(rows)
                                        .agg(
                                                count(lit(1)).as("n"),
                                                sum("amount").as("total"))),
                        new Query(
                                "counts of the groups of nothing",
                                rows -> none(rows).groupBy("key").count()),
                        ofCountsOfNothing("max(count)"),
                        ofCountsOfNothing("sum(count)"),
                        ofCountsOfNothing("count(DISTINCT count)"),
                        new Query(
                                "windows of nothing",
                                rows -> watermarked(none(rows))
                                        .groupBy(window(col("ts"), "1 minute"))
                                        .count()),
                        new Query(
                                "first of nothing",
                                rows -> none(rows).orderBy("amount", "id").limit(3)),
                        new Query(
                                "union with nothing",
                                rows -> rows.union(none(rows)).groupBy("key").count()),
                        new Query(
                                "rows with a count of nothing",
                                rows -> rows.select("id", "key")
                                        .crossJoin(none(rows).agg(count(lit(1)).as("n"))))));
    }

    @ParameterizedTest
    @MethodSource("withEmptyInputs")
    void nothingAddsUpToTheBatch(Query query) {
        Random random = new Random(31);
        check(query, rows(random).subList(0, 40), () -> random.nextInt(12));
    }
}
