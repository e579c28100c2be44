package dev.headrace.testing;

import static dev.headrace.functions.col;
import static dev.headrace.functions.collect_list;
import static dev.headrace.functions.count;
import static dev.headrace.functions.countDistinct;
import static dev.headrace.functions.current_timestamp;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.first;
import static dev.headrace.functions.last;
import static dev.headrace.functions.max;
import static dev.headrace.functions.min;
import static dev.headrace.functions.monotonically_increasing_id;
import static dev.headrace.functions.row_number;
import static dev.headrace.functions.session_window;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Lookup;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.engine.Step;
import dev.headrace.expressions.Window;
import dev.headrace.streaming.Emit;
import dev.headrace.streaming.Pattern;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// Queries that are checked by [StreamFuzz], each with what it is sensitive to. [MutationCheck] runs them in class
/// loaders of their own, by their names.
public final class MutationQueries {
    private static final Instant TEN = Instant.parse("2026-01-31T10:00:00Z");

    /// Before the last row and behind all others. Conditions on event times are not moved below the watermark, so that
    /// the last row reaches it.
    private static final String END = "TIMESTAMP '2026-01-31 12:00:00'";

    private MutationQueries() {}

    /// @throws AssertionError if the stream does not give what the batch gives
    public static void check(String query) {
        switch (query) {
            case "windows" ->
                late(rows -> rows.groupBy(window(col("ts"), "10 seconds"), col("key"))
                        .agg(sum("amount")));
            case "ties" -> ties(rows -> rows.groupBy("ts", "key").count());
            case "distinct" -> late(rows -> rows.groupBy("key").agg(countDistinct("amount")));
            case "deduplicated" -> late(rows -> rows.select("key", "amount").dropDuplicates("key", "amount"));
            case "groups of groups" ->
                late(rows ->
                        rows.groupBy("key", "amount").count().groupBy("count").count());
            case "sums of groups" ->
                late(rows ->
                        rows.groupBy("key", "amount").count().groupBy("count").agg(sum("amount")));
            case "extremes of groups" ->
                late(rows -> sums(rows).agg(max("total"), max("ts"), min(expr("total + second(ts)"))));
            case "equal values" -> late(rows -> sums(rows).agg(expr("sum(total / 3.0D)"), max("total")));
            case "first values of groups" -> firstAndLast();
            case "changes held back" ->
                late(rows -> rows.groupBy(window(col("ts"), "10 seconds"), col("key"))
                        .agg(sum("amount").as("amount"))
                        .groupBy("window")
                        .emit(Emit.atWatermark().earlyEvery("1 second").retracting())
                        .agg(max("amount").as("most"))
                        // The last group waits for a watermark that does not come.
                        .where("most > 0"));
            case "as of table" -> late(MutationQueries::asOfTable);
            case "top of groups" ->
                late(rows -> rows.groupBy("key", "amount")
                        .count()
                        .orderBy(col("count").desc(), col("key"), col("amount"))
                        .limit(1));
            case "looked up" -> late(rows -> rows.joinLookup(NAMES, new Column[] {col("key")}, "left"));
            case "looked up groups" ->
                late(rows -> rows.groupBy("key").count().joinLookup(NAMES, new Column[] {col("key")}, "left"));
            case "looked up twice" -> lookedUpTwice();
            case "top of partitions" ->
                late(rows -> rows.withColumn(
                                "n",
                                row_number()
                                        .over(Window.partitionBy("key")
                                                .orderBy(col("amount").desc(), col("ts"), col("kind"))))
                        .where(col("n").lt(4)));
            case "panes" ->
                late(rows -> rows.groupBy(window(col("ts"), "10 seconds"), col("key"))
                        .emit(Emit.atWatermark().earlyEvery(2).retracting())
                        .agg(sum("amount").as("total"))
                        // The last group waits for a watermark that does not come.
                        .where("total > 0"));
            case "parts" ->
                late(rows -> rows.groupBy(window(col("ts"), "10 seconds"), col("key"))
                        .emit(Emit.atWatermark().earlyEvery(2).discarding())
                        .agg(sum("amount").as("amount"))
                        .groupBy("key")
                        .agg(sum("amount").as("total"))
                        // The last group waits for a watermark that does not come.
                        .where("total > 0"));
            case "late panes" -> latePanes();
            case "clocks" -> clocks();
            case "restarts" -> restarts();
            case "silence" -> silence();
            case "join" -> late(MutationQueries::joined);
            case "join of groups" ->
                late(rows ->
                        joined(rows.groupBy("key", "kind").agg(sum("amount").as("amount"))));
            case "full join" -> late(MutationQueries::fullJoined);
            case "final full join" -> lateFinal(MutationQueries::fullJoined);
            case "final windows" ->
                lateFinal(rows -> rows.groupBy(window(col("ts"), "10 seconds"), col("key"))
                        .agg(sum("amount"))
                        .where("window.start < " + END));
            case "as of" -> lateFinal(MutationQueries::asOf);
            case "as of groups" -> late(MutationQueries::asOfGroups);
            case "top" ->
                late(rows -> rows.select("amount", "key")
                        .orderBy(col("amount").desc(), col("key"))
                        .limit(5));
            case "numbered" ->
                late(rows -> rows.select(
                        col("key"),
                        col("amount"),
                        row_number()
                                .over(Window.partitionBy("key").orderBy("amount", "ts", "kind"))
                                .as("n")));
            case "shares" ->
                late(rows -> rows.selectExpr(
                        "key", "amount", "percent_rank() OVER (PARTITION BY key ORDER BY amount, ts, kind) AS share"));
            case "running windows" ->
                changing(
                        900,
                        "sum(v) OVER (PARTITION BY id % 2 ORDER BY id)",
                        "row_number() OVER (PARTITION BY id % 2 ORDER BY id)");
            case "windows of neighbours" ->
                changing(900, "lag(v, 9) OVER (ORDER BY v, id)", "lead(id) OVER (ORDER BY v, id)");
            case "windows of ranges" ->
                changing(900, "count(*) OVER (ORDER BY id RANGE BETWEEN 40 PRECEDING AND 3 FOLLOWING)");
            case "large windows" -> changing(40_000, "lag(v) OVER (ORDER BY id)");
            case "sessions" ->
                late(rows -> rows.groupBy(session_window(col("ts"), "2 seconds"), col("key"))
                        .agg(sum("amount")));
            case "sessions with ties" ->
                ties(rows -> rows.groupBy(session_window(col("ts"), "1 second"), col("key"))
                        .agg(count("amount")));
            case "patterns" -> ties(MutationQueries::matched);
            case "row balance" -> balance();
            default -> throw new IllegalArgumentException(query);
        }
    }

    /// Window functions over the rows of ids that have come an odd number of times. Ids come nearly in order: so most
    /// batches leave those alone that came first.
    private static void changing(int count, String... functions) {
        Random random = new Random(4);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int id = Math.clamp(i + random.nextInt(40) - 20, 0, count);
            rows.add(RowFactory.create(id, id * 7 % count / 2));
        }
        StreamFuzz.over(StructType.fromDDL("id int, v int"), rows).seeds(1, 1).check(all -> {
            DataFrame result = all.groupBy("id", "v")
                    .agg(expr("count(*) % 2").as("odd"))
                    .where("odd = 1")
                    .drop("odd");
            for (int i = 0; i < functions.length; i++) {
                result = result.withColumn("w" + i, expr(functions[i]));
            }
            return result;
        });
    }

    private static DataFrame joined(DataFrame rows) {
        DataFrame a = rows.where("kind = 'A'").select(col("key"), col("amount").as("left"));
        DataFrame b = rows.where("kind = 'B'")
                .select(col("key").as("other"), col("amount").as("right"));
        return a.join(b, col("key").equalTo(col("other")));
    }

    private static DataFrame fullJoined(DataFrame rows) {
        return purchases(rows)
                .join(
                        prices(rows),
                        expr(
                                "key = other AND paid >= at - INTERVAL 2 SECONDS AND paid <= at + INTERVAL 3 SECONDS AND left <"
                                        + " right"),
                        "full")
                .where("coalesce(at, paid) < " + END);
    }

    private static DataFrame asOf(DataFrame rows) {
        return purchases(rows)
                .joinAsOf(prices(rows), col("at"), col("paid"), expr("key = other"), "left")
                .where("at < " + END);
    }

    private static DataFrame asOfGroups(DataFrame rows) {
        DataFrame totals = sums(rows.where("kind = 'B'")).selectExpr("key AS other", "ts AS paid", "total AS right");
        return rows.where("kind = 'A'").joinAsOf(totals, col("ts"), col("paid"), expr("key = other"), "left");
    }

    private static DataFrame sums(DataFrame rows) {
        return rows.groupBy("key", "ts").agg(sum("amount").as("total"));
    }

    /// The batch is written without the operator that the stream has: they would share its faults.
    private static DataFrame asOfTable(DataFrame rows) {
        List<Row> known = rows().stream()
                .map(row -> RowFactory.create(row.get(0), row.getInstant(1).plusSeconds(4), row.getInt(3)))
                .filter(row -> row.getInstant(1).getEpochSecond() % 3 == 0)
                .toList();
        DataFrame prices = rows.sparkSession()
                .createDataFrame(known, StructType.fromDDL("other string, since timestamp, price int"));
        if (rows.isStreaming()) {
            return rows.joinAsOf(prices, col("ts"), col("since"), expr("key = other"), "left")
                    .select("key", "ts", "kind", "amount", "price");
        }
        return rows.withColumn("id", monotonically_increasing_id())
                .join(prices, expr("key = other AND since <= ts"), "left")
                .groupBy("id", "key", "ts", "kind", "amount")
                .agg(expr("max(struct(since, price)).price").as("price"))
                .drop("id");
    }

    /// Rows come one by one, so that it is known which is the first and the last one.
    private static void firstAndLast() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("id bigint, amount bigint");
            test.query(
                    input.toDF().groupBy("id").agg(sum("amount").as("amount")).agg(first("amount"), last("amount")),
                    "changelog");
            for (long[] row : new long[][] {{1, 1}, {2, 20}, {3, 300}, {1, 1_000}}) {
                input.add(row[0], row[1]);
                test.process();
            }
            List<Row> given = test.newRows();
            Row newest = given.getLast();
            if (newest.getLong(0) != 20 || newest.getLong(1) != 1_001) {
                throw new AssertionError("the first is 20, and the last 1001, but came " + given);
            }
        }
    }

    /// The answers change between the two runs of a batch.
    private static void lookedUpTwice() {
        AtomicInteger calls = new AtomicInteger();
        Lookup changing = Lookup.of("changing", StructType.fromDDL("id int, answer int"), new String[] {"id"}, keys -> {
            int answer = calls.incrementAndGet();
            return keys.stream()
                    .map(key -> RowFactory.create(key.get(0), answer))
                    .toList();
        });
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("id int");
            test.query(
                    input.toDF().joinLookup(changing, "left").groupBy("answer").count(), "changelog");
            input.add(1);
            test.crashAfter(Step.SINK_COMMIT);
            test.process();
            List<Row> given = test.newRows();
            if (given.getFirst().getInt(0) != 1) {
                throw new AssertionError("the first answer was 1, but the second run gave " + given);
            }
        }
    }

    /// Rows come up to six seconds late, behind the watermark and within the lateness.
    private static void latePanes() {
        StreamFuzz.over(COLUMNS, rows())
                .arrivingUpTo(Duration.ofSeconds(6), "ts")
                .seeds(1, 3)
                .check(rows -> rows.withWatermark("ts", "1 second")
                        .groupBy(window(col("ts"), "2 seconds"), col("key"))
                        .emit(Emit.atWatermark().lateWithin("10 seconds").retracting())
                        .agg(sum("amount").as("total"))
                        .where("window.start < " + END));
    }

    /// A row that goes has the time that it came with.
    private static void clocks() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("id int");
            test.query(input.toDF().groupBy("id").count().withColumn("at", current_timestamp()), "changelog");
            for (int i = 0; i < 3; i++) {
                input.add(1);
                test.process().advanceClock(Duration.ofSeconds(1));
            }
            List<Row> given = test.newRows();
            Set<Object> there = new HashSet<>();
            for (Row row : given) {
                List<Object> values = List.of(row.get(1), row.get(2));
                if (row.getString(3).equals("insert") ? !there.add(values) : !there.remove(values)) {
                    throw new AssertionError("a row goes that has not come: " + given);
                }
            }
        }
    }

    private static final StructType TIMES = StructType.fromDDL("ts timestamp");

    private static DataFrame perMinute(TestInput one, TestInput other) {
        return one.toDF()
                .withWatermark("ts", "0 seconds")
                .union(other.toDF().withWatermark("ts", "0 seconds"))
                .groupBy(window(col("ts"), "1 minute"))
                .agg(count("ts").as("n"))
                .select("n");
    }

    /// Windows wait for the input that is behind, come out after a crash, and take no late rows.
    private static void restarts() {
        try (StreamTest test = StreamTest.create()) {
            TestInput ahead = test.input(TIMES);
            TestInput behind = test.input(TIMES);
            test.query(perMinute(ahead, behind), "append");
            ahead.add(TEN.plusSeconds(100));
            behind.add(TEN.plusSeconds(40));
            test.process();
            ahead.add(TEN.plusSeconds(200));
            test.process().expectNothing();
            behind.add(TEN.plusSeconds(190));
            test.crashAfter(Step.COMMIT).process().expect(RowFactory.create(1L), RowFactory.create(1L));
            behind.add(TEN.plusSeconds(5));
            test.process().expectNothing();
            ahead.add(TEN.plusSeconds(250));
            behind.add(TEN.plusSeconds(250));
            test.process().expect(RowFactory.create(2L));
        }
    }

    /// An input that has fallen silent is waited for until its time has passed, and no longer.
    private static void silence() {
        try (StreamTest test = StreamTest.create()) {
            test.session().conf().set("headrace.watermark.idleTimeout", "1 minute");
            TestInput ahead = test.input(TIMES);
            TestInput behind = test.input(TIMES);
            test.query(perMinute(ahead, behind), "append");
            behind.add(TEN.plusSeconds(40));
            test.process();
            ahead.add(TEN.plusSeconds(100));
            test.advanceClock(Duration.ofSeconds(59)).process().expectNothing();
            test.advanceClock(Duration.ofSeconds(1)).process().expect(RowFactory.create(1L));
        }
    }

    private static DataFrame purchases(DataFrame rows) {
        return rows.where("kind = 'A' OR ts > " + END).selectExpr("key", "ts AS at", "amount AS left");
    }

    private static DataFrame prices(DataFrame rows) {
        return rows.where("kind = 'B' OR ts > " + END).selectExpr("key AS other", "ts AS paid", "amount AS right");
    }

    private static final Lookup NAMES = Lookup.of(
            "names",
            StructType.fromDDL("id string, name string"),
            new String[] {"id"},
            keys -> keys.stream()
                    .map(key -> RowFactory.create(key.getString(0), "name of " + key.getString(0)))
                    .toList());

    private static DataFrame matched(DataFrame rows) {
        Pattern pattern = Pattern.begin("a")
                .where(col("kind").equalTo("A"))
                .followedBy("b")
                .where(col("amount").gt(col("a.amount")))
                .oneOrMore()
                .within("5 seconds");
        return rows.groupBy("key")
                .matchPattern(pattern, col("ts"), col("amount"))
                .select(
                        collect_list("a.amount").as("a"),
                        collect_list("b.amount").as("b"));
    }

    /// Runs without looking at the answer: the engine itself must see that rows don't add up.
    private static void balance() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input(COLUMNS);
            DataFrame rows = input.toDF().withWatermark("ts", "1 second");
            DataFrame counts = rows.groupBy(window(col("ts"), "10 seconds").as("w"), col("key"))
                    .count();
            test.query(
                    counts.join(
                            rows.dropDuplicates("key", "ts")
                                    .select(col("key").as("other"), col("ts").as("at")),
                            col("key").equalTo(col("other"))),
                    "changelog");
            List<Row> all = rows();
            for (Row row : all.subList(0, all.size() - 1)) {
                input.add(row.get(0), row.get(1), row.get(2), row.get(3));
            }
            test.process();
            input.add("k1", TEN, "A", 1).add("k1", TEN.plusSeconds(29), "A", 1);
            test.process();
        }
    }

    private static List<Row> rows() {
        Random random = new Random(11);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            rows.add(RowFactory.create(
                    "k" + random.nextInt(3),
                    TEN.plusSeconds(i / 3),
                    random.nextBoolean() ? "A" : "B",
                    random.nextInt(9)));
        }
        rows.add(RowFactory.create("end", TEN.plusSeconds(100_000), "Z", 0));
        return rows;
    }

    private static final StructType COLUMNS = StructType.fromDDL("key string, ts timestamp, kind string, amount int");

    /// Rows come in any order within six seconds.
    private static void late(UnaryOperator<DataFrame> query) {
        StreamFuzz.over(COLUMNS, rows())
                .arrivingUpTo(Duration.ofSeconds(6), "ts")
                .seeds(1, 3)
                .check(rows -> query.apply(rows.withWatermark("ts", "6 seconds")));
    }

    /// As [#late], but each row comes out once, when it is final; the last row makes all others so.
    private static void lateFinal(UnaryOperator<DataFrame> query) {
        StreamFuzz.over(COLUMNS, rows())
                .arrivingUpTo(Duration.ofSeconds(6), "ts")
                .outputMode("append")
                .seeds(1, 3)
                .check(rows -> query.apply(rows.withWatermark("ts", "6 seconds")));
    }

    /// Rows come in the order of their times, three of each, and the watermark does not wait.
    private static void ties(UnaryOperator<DataFrame> query) {
        StreamFuzz.over(COLUMNS, rows()).seeds(1, 4).check(rows -> query.apply(rows.withWatermark("ts", "0 seconds")));
    }
}
