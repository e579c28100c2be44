package dev.headrace.engine;

import static dev.headrace.functions.expr;
import static dev.headrace.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.testing.StreamFuzz;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Window functions that look at a few rows around each one, or go on from the row before.
class OrderedWindowTest {
    private static final StructType COLUMNS = StructType.fromDDL("id int, k string, v int");

    private static List<Row> rows(Random random, int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int id = random.nextInt(count);
            rows.add(RowFactory.create(id, id % 11 == 0 ? null : "k" + id % 3, id % 13 == 0 ? null : id * 7 % 40));
        }
        return rows;
    }

    /// The rows of the ids that have come an odd number of times.
    private static DataFrame changing(DataFrame rows) {
        return rows.groupBy("id", "k", "v")
                .agg(expr("count(*) % 2").as("odd"))
                .where("odd = 1")
                .drop("odd");
    }

    private static DataFrame windowed(DataFrame rows, String functions, String over) {
        String[] all = functions.split("; ");
        return rows.selectExpr(IntStream.rangeClosed(0, all.length)
                .mapToObj(i -> i == 0 ? "*" : all[i - 1].replace("OVER w", "OVER (" + over) + " AS w" + i)
                .toArray(String[]::new));
    }

    private static long entries(StreamTest test, String metric) {
        return Arrays.stream(test.running().lastProgress().stateOperators())
                .filter(state -> state.operatorName().startsWith("window"))
                .mapToLong(state -> state.customMetrics().get(metric))
                .sum();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lag(v) OVER w); lead(id, 3, -1) OVER w)",
                "sum(v) OVER w ROWS BETWEEN 2 PRECEDING AND CURRENT ROW); max(id) OVER w ROWS BETWEEN 1 FOLLOWING AND 4 FOLLOWING)",
                "first_value(id) OVER w ROWS BETWEEN 70 PRECEDING AND 1 PRECEDING); lag(id, 0) OVER w)",
                "sum(v) OVER w); count(*) OVER w); avg(id) OVER w ROWS UNBOUNDED PRECEDING)",
                "row_number() OVER w); rank() OVER w); dense_rank() OVER w); lead(v) OVER w)",
                "min(k) OVER w); max(v) FILTER (WHERE id % 2 = 0) OVER w); stddev(v) OVER w); max_by(id, v) OVER w)",
                "sum(id) OVER w ROWS BETWEEN UNBOUNDED PRECEDING AND 3 FOLLOWING); lag(id, 5) OVER w)",
                "first_value(v) OVER w); last_value(v, true) OVER w); first_value(v, true) OVER w ROWS UNBOUNDED PRECEDING);"
                        + " last_value(id) OVER w)"
            })
    void theStreamGivesWhatTheBatchGives(String functions) {
        StreamFuzz.over(COLUMNS, rows(new Random(3), 300))
                .seeds(1, 1)
                .check(rows -> windowed(changing(rows), functions, "ORDER BY id % 5, v NULLS LAST, id"));
        StreamFuzz.over(COLUMNS, rows(new Random(4), 90))
                .seeds(1, 2)
                .check(rows -> windowed(rows.distinct(), functions, "PARTITION BY k ORDER BY v DESC, id"));
    }

    @Test
    void aChangeReadsItsNeighbours() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("id int, v int");
            test.query(
                    input.toDF()
                            .groupBy("id")
                            .agg(sum("v").as("v"))
                            .withColumn("before", expr("lag(id) OVER (PARTITION BY id % 2 ORDER BY v, id)"))
                            .withColumn("after", expr("lead(id) OVER (PARTITION BY id % 2 ORDER BY v, id)")),
                    "changelog");
            for (int id = 0; id < 20_000; id++) {
                input.add(id, id);
            }
            test.process();
            test.newRows();
            input.add(5_001, 8_001);
            test.process()
                    .expect(
                            RowFactory.create(4_999, 4_999L, 4_997, 5_001, "delete"),
                            RowFactory.create(5_001, 5_001L, 4_999, 5_003, "delete"),
                            RowFactory.create(5_003, 5_003L, 5_001, 5_005, "delete"),
                            RowFactory.create(13_001, 13_001L, 12_999, 13_003, "delete"),
                            RowFactory.create(13_003, 13_003L, 13_001, 13_005, "delete"),
                            RowFactory.create(4_999, 4_999L, 4_997, 5_003, "insert"),
                            RowFactory.create(5_003, 5_003L, 4_999, 5_005, "insert"),
                            RowFactory.create(13_001, 13_001L, 12_999, 5_001, "insert"),
                            RowFactory.create(5_001, 13_002L, 13_001, 13_003, "insert"),
                            RowFactory.create(13_003, 13_003L, 5_001, 13_005, "insert"));
            assertTrue(entries(test, "entriesRead") < 2_000, "read " + entries(test, "entriesRead"));
            assertTrue(entries(test, "entriesWritten") < 100, "written " + entries(test, "entriesWritten"));
            assertTrue(test.running().lastProgress().rowBalance().isEven());
        }
    }

    /// Peers have one result, and their order does not matter to it.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum(id) OVER w); rank() OVER w); dense_rank() OVER w); sum(id) OVER w RANGE BETWEEN CURRENT ROW AND CURRENT ROW)",
                "count(id) FILTER (WHERE id > 40) OVER w); bit_xor(id) OVER w)"
            })
    void rowsThatAreEqualInOrderHaveOneResult(String functions) {
        StreamFuzz.over(COLUMNS, rows(new Random(5), 400))
                .seeds(1, 2)
                .check(rows -> windowed(changing(rows), functions, "PARTITION BY k ORDER BY v"));
    }

    /// In a partition of a hundred times the rows.
    @Test
    void appendingCostsTheSameInALargePartition() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("k string, first int, last int");
            test.query(
                    windowed(
                            input.toDF().selectExpr("k", "explode(sequence(first, last)) AS id"),
                            "sum(id) OVER w); max(id) OVER w ROWS UNBOUNDED PRECEDING); row_number() OVER w); dense_rank()"
                                    + " OVER w); lag(id, 10) OVER w); avg(id) OVER w ROWS 20 PRECEDING); count(*) OVER w"
                                    + " RANGE BETWEEN 20 PRECEDING AND 3 FOLLOWING)",
                            "PARTITION BY k ORDER BY id"),
                    "changelog");
            input.add("small", 1, 1_000).add("large", 1, 100_000);
            test.process();
            test.newRows();
            // Three rows before have more in their range.
            input.add("small", 1_001, 1_005);
            assertEquals(5 + 2 * 3, test.process().newRows().size());
            assertFewEntries(test);
            input.add("large", 100_001, 100_005);
            assertEquals(5 + 2 * 3, test.process().newRows().size());
            assertFewEntries(test);
        }
    }

    private static void assertFewEntries(StreamTest test) {
        assertTrue(entries(test, "entriesRead") < 500, "read " + entries(test, "entriesRead"));
        assertTrue(entries(test, "entriesWritten") < 100, "written " + entries(test, "entriesWritten"));
    }

    /// Where a clock is set forward, and at the ends of months, frames do not begin in the order of their rows.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "INTERVAL 90 MINUTES PRECEDING AND CURRENT ROW",
                "INTERVAL 1 HOUR PRECEDING AND INTERVAL 2 HOURS FOLLOWING",
                "INTERVAL 1 DAY PRECEDING AND CURRENT ROW",
                "INTERVAL 1 MONTH PRECEDING AND INTERVAL 1 HOUR FOLLOWING",
                "INTERVAL 1 DAY FOLLOWING AND INTERVAL 1 MONTH FOLLOWING"
            })
    void framesByTimeAreThoseOfTheBatch(String frame) {
        Instant start = Instant.parse("2026-02-26T00:00:00Z");
        Random random = new Random(6);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            int minutes = 67 * Math.clamp(i + random.nextInt(40) - 20, 0, 700);
            rows.add(RowFactory.create(minutes, start.plusSeconds(60L * minutes)));
        }
        StreamFuzz.over(StructType.fromDDL("id int, ts timestamp"), rows)
                .seeds(1, 1)
                .check(given -> {
                    given.sparkSession().conf().set("spark.sql.session.timeZone", "Europe/Berlin");
                    return given.groupBy("id", "ts")
                            .agg(expr("count(*) % 3").as("n"))
                            .where("n > 0")
                            .withColumn("sum", expr("sum(id) OVER (ORDER BY ts RANGE BETWEEN " + frame + ")"))
                            .withColumn(
                                    "last",
                                    expr("max(n) OVER (PARTITION BY id % 2 ORDER BY ts DESC RANGE BETWEEN " + frame
                                            + ")"));
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lag(v, 2) OVER w)|2 neighbours",
                "sum(v) OVER w)|all rows before",
                "last_value(v) OVER w)|0 neighbours",
                "rank() OVER w); lead(v) OVER w)|all rows before and 1 neighbours",
                "max(v) OVER w RANGE BETWEEN 2 PRECEDING AND CURRENT ROW)|a range"
            })
    void thePlanSaysWhatIsRead(String functions, String over) {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input(COLUMNS);
            test.query(windowed(input.toDF(), functions, "PARTITION BY k ORDER BY v"), "changelog");
            input.add(1, "k", 1);
            String plan = printed(() -> test.process().running().explain());
            assertTrue(plan.contains("window functions over " + over + " by [key0], gives changes"), plan);
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

    @Test
    void runningSumsOfDoublesAreThoseOfTheBatch() {
        Random random = new Random(2);
        List<List<Row>> batches = new ArrayList<>();
        for (int batch = 0; batch < 12; batch++) {
            List<Row> rows = new ArrayList<>();
            for (int i = 0; i < 90; i++) {
                int id = batch * 50 + random.nextInt(100);
                rows.add(RowFactory.create(id, "k" + id % 2, (id % 17) / 3.0));
            }
            batches.add(rows);
        }
        assertThatOfTheBatch(
                "sum(v) OVER w); avg(v) OVER w ROWS UNBOUNDED PRECEDING); stddev(v) OVER w); corr(id, v) OVER w);"
                        + " sum(v) OVER w ROWS 40 PRECEDING)",
                "PARTITION BY k ORDER BY id",
                batches);
    }

    /// The error that sums carry is rounded as well, and a change reads some of the rows: of blocks of those, the last
    /// digits would be others.
    @Test
    void longFramesOfDoublesOfAllMagnitudesAreThoseOfTheBatch() {
        Random random = new Random(5);
        double[] magnitudes = {1e16, 1, 1e-3, -1e16};
        List<List<Row>> batches = new ArrayList<>();
        for (int batch = 0; batch < 6; batch++) {
            List<Row> rows = new ArrayList<>();
            for (int i = 0; i < (batch == 0 ? 8000 : 2); i++) {
                int id = batch == 0 ? 2 * i : random.nextInt(16_000);
                double magnitude = magnitudes[id / 2 % magnitudes.length];
                rows.add(RowFactory.create(id, "k", Math.abs(magnitude) > 1 ? magnitude : magnitude / (3 + id % 17)));
            }
            batches.add(rows);
        }
        assertThatOfTheBatch(
                "sum(v) OVER w ROWS 600 PRECEDING); avg(v) OVER w ROWS 600 PRECEDING);"
                        + " stddev(v) OVER w ROWS 600 PRECEDING); sum(v) OVER w)",
                "ORDER BY id",
                batches);
    }

    /// What goes is what came, to the last digit, and what stays is what the batch gives.
    private static void assertThatOfTheBatch(String functions, String over, List<List<Row>> batches) {
        StructType columns = StructType.fromDDL("id int, k string, v double");
        UnaryOperator<DataFrame> query = rows -> windowed(changing(rows), functions, over);
        Map<String, Integer> there = new TreeMap<>();
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input(columns);
            test.query(query.apply(input.toDF()), "changelog");
            for (List<Row> batch : batches) {
                batch.forEach(row -> add(input, row));
                test.process();
                for (Row row : test.newRows()) {
                    there.merge(
                            cells(row, row.size() - 1),
                            row.getString(row.size() - 1).equals("insert") ? 1 : -1,
                            Integer::sum);
                }
                there.values().removeIf(count -> count == 0);
            }
            List<Row> all = batches.stream().flatMap(List::stream).toList();
            Map<String, Integer> expected = new TreeMap<>();
            query.apply(test.session().createDataFrame(all, columns))
                    .collectAsList()
                    .forEach(row -> expected.merge(cells(row, row.size()), 1, Integer::sum));
            assertEquals(expected, there);
        }
    }

    private static String cells(Row row, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> String.valueOf(row.get(i)))
                .toList()
                .toString();
    }

    /// The index of a partition has several levels, and none when all has gone.
    @Test
    void largePartitionsGrowAndShrink() {
        Random random = new Random(9);
        int[] counts = new int[40_000];
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("first int, last int, n int");
            test.query(
                    windowed(
                            input.toDF()
                                    .selectExpr("n", "explode(sequence(first, last)) AS id")
                                    .groupBy("id")
                                    .agg(sum("n").as("n"))
                                    .where("n > 0"),
                            "lag(id, 2) OVER w); sum(n) OVER w); row_number() OVER w); max(n) OVER w RANGE 9 PRECEDING)",
                            "ORDER BY id"),
                    "changelog");
            add(input, counts, 20_000, 33_000, 1);
            test.process();
            // Before them, behind them, and between.
            add(input, counts, 10_000, 11_000, 1);
            add(input, counts, 33_001, 34_000, 1);
            for (int i = 0; i < 40; i++) {
                int first = random.nextInt(39_900);
                add(input, counts, first, first + random.nextInt(30), 1);
            }
            test.process();
            add(input, counts, 21_500, 31_000, -1);
            for (int i = 0; i < 40; i++) {
                int first = 20_000 + random.nextInt(1_400);
                add(input, counts, first, first + random.nextInt(30), -1);
            }
            test.process();
            add(input, counts, 22_000, 24_000, 2);
            test.process();
            assertTrue(test.running().verify().matches());
            int from = 0;
            for (int id = 1; id <= counts.length; id++) {
                if (id == counts.length || counts[id] != counts[from]) {
                    add(input, counts, from, id - 1, -counts[from]);
                    from = id;
                }
            }
            test.process();
            assertTrue(test.running().lastProgress().rowBalance().isEven());
            assertEquals(0, entries(test, "numRowsTotal"));
        }
    }

    private static void add(TestInput input, int[] counts, int first, int last, int n) {
        input.add(first, last, n);
        for (int id = first; id <= last; id++) {
            counts[id] += n;
        }
    }

    /// Of these no block can be split.
    @Test
    void rowsThatAreEqualInOrderStayTogether() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("id int, v int");
            test.query(
                    input.toDF()
                            .groupBy("id")
                            .agg(sum("v").as("v"))
                            .selectExpr("v", "lag(v) OVER (ORDER BY v) AS before"),
                    "changelog");
            for (int batch = 0; batch < 3; batch++) {
                for (int id = 0; id < 900; id++) {
                    input.add(id, (id + batch) % 4);
                }
                test.process();
            }
            assertTrue(test.running().verify().matches());
        }
    }

    /// Blocks are split, emptied and filled again.
    @Test
    void partitionsGrowAndShrink() {
        Random random = new Random(7);
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input(COLUMNS);
            test.query(
                    windowed(changing(input.toDF()), "lag(id, 2) OVER w)", "PARTITION BY k ORDER BY v, id"),
                    "changelog");
            List<Row> there = new ArrayList<>();
            for (int batch = 0; batch < 6; batch++) {
                boolean grows = batch < 3;
                for (int i = 0; i < 300; i++) {
                    if (grows || there.isEmpty()) {
                        int id = batch * 1_000 + i;
                        there.add(RowFactory.create(id, "k" + id % 2, random.nextInt(500)));
                        add(input, there.getLast());
                    } else {
                        add(input, there.remove(random.nextInt(there.size())));
                    }
                }
                test.process();
            }
            assertEquals(0, there.size());
            assertEquals(0, entries(test, "numRowsTotal"));
            assertTrue(test.running().verify().matches());
        }
    }

    private static void add(TestInput input, Row row) {
        input.add(row.get(0), row.get(1), row.get(2));
    }
}
