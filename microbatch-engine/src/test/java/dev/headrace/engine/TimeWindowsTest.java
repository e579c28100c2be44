package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Slice;
import dev.headrace.connector.ScanRequest;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.plan.Analyzer;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.rules.Optimizer;
import dev.headrace.streaming.OutputMode;
import dev.headrace.streaming.StateOperatorProgress;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sliding and session windows over a stream: whatever the batches, the splits and the restarts, the batch result.
class TimeWindowsTest {
    private static final StructType SCHEMA = new StructType()
            .add("key", "string")
            .add("amount", "bigint")
            .add("gap", "string")
            .add("ts", "timestamp");
    private static final long SECOND = 1_000_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final int ROWS = 240;
    private static final int SEEDS = 4;

    @TempDir
    Path directory;

    /// @param slack how much later than a window's end it is final
    private record Query(String name, long slack, UnaryOperator<NamedPlan> plan) {
        @Override
        public String toString() {
            return name;
        }

        LogicalPlan over(LogicalPlan input) {
            NamedPlan source = switch (input) {
                case LogicalPlan.Scan scan -> new NamedPlan.Read(scan.table(), "memory");
                case LogicalPlan.LocalRelation(StructType schema, var rows) ->
                    new NamedPlan.LocalRelation(schema, rows);
                default -> throw new IllegalArgumentException(input.toString());
            };
            NamedPlan watermarked = new NamedPlan.WithWatermark(source, "ts", "1 minute");
            return Optimizer.optimize(
                    Analyzer.analyze(plan.apply(watermarked), Map.of()).plan(), ZoneOffset.UTC);
        }
    }

    private static NamedExpr column(String name) {
        return new NamedExpr.Name(List.of(name.split("\\.")), OptionalLong.empty());
    }

    private static NamedExpr text(String value) {
        return new NamedExpr.Literal(Scalar.of(value));
    }

    private static NamedExpr call(String function, NamedExpr... arguments) {
        return new NamedExpr.Call(function, List.of(arguments), false);
    }

    private static final NamedExpr COUNT = call("count", new NamedExpr.Star(List.of()));

    private static NamedPlan group(NamedPlan input, List<NamedExpr> keys, NamedExpr... aggregates) {
        List<NamedExpr> columns = new ArrayList<>(keys);
        columns.addAll(List.of(aggregates));
        return new NamedPlan.Aggregate(input, keys, columns);
    }

    private static final Query SLIDING = new Query(
            "sliding windows",
            0,
            input -> group(
                    input,
                    List.of(call("window", column("ts"), text("1 minute"), text("20 seconds")), column("key")),
                    COUNT,
                    call("sum", column("amount"))));

    private static final Query SESSIONS = new Query(
            "sessions",
            1,
            input -> group(
                    input,
                    List.of(call("session_window", column("ts"), text("15 seconds")), column("key")),
                    COUNT,
                    call("sum", column("amount")),
                    call("min", column("ts"))));

    private static final Query SESSIONS_OF_ALL = new Query(
            "sessions without a key",
            1,
            input -> group(input, List.of(call("session_window", column("ts"), text("2 seconds"))), COUNT));

    private static final Query DYNAMIC = new Query(
            "sessions with a gap for each row",
            1,
            input -> group(input, List.of(column("key"), call("session_window", column("ts"), column("gap"))), COUNT));

    private static final Query DISTINCT = new Query(
            "distinct amounts in sessions",
            1,
            input -> group(
                    input,
                    List.of(call("session_window", column("ts"), text("15 seconds")), column("key")),
                    new NamedExpr.Call("count", List.of(column("amount")), true)));

    private static NamedExpr later(String column, long seconds) {
        return call("+", column(column), new NamedExpr.Interval(0, 0, seconds * SECOND));
    }

    /// Pairs of rows of a key, the second up to 30 seconds later.
    private static final Query INTERVAL_JOIN = new Query(
            "interval join",
            0,
            input -> new NamedPlan.Project(
                    new NamedPlan.Join(
                            new NamedPlan.SubqueryAlias(input, "l"),
                            new NamedPlan.SubqueryAlias(input, "r"),
                            JoinType.INNER,
                            Optional.of(call(
                                    "and",
                                    call("=", column("l.key"), column("r.key")),
                                    call(
                                            "and",
                                            call(">", column("r.ts"), column("l.ts")),
                                            call("<=", column("r.ts"), later("l.ts", 30))))),
                            List.of()),
                    List.of(column("l.key"), column("l.ts"), column("r.ts"), column("r.amount"))));

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {0, 1, 2, 3})
    void aJoinWithinATimeForgetsRowsThatNothingCanGoWithAnyMore(int seed) throws Exception {
        Random random = new Random(seed);
        List<List<Object>> rows = rows(random);
        List<List<Object>> expected = StreamHarness.batch(INTERVAL_JOIN::over, SCHEMA, rows);
        assertTrue(expected.size() > 100, "too few pairs to tell anything: " + expected.size());
        try (StreamHarness stream = stream(INTERVAL_JOIN, OutputMode.APPEND, rows, random)) {
            assertEquals(bag(expected), bag(stream.allRows()));
            long kept = stream.query().lastProgress().stateOperatorList().stream()
                    .mapToLong(StateOperatorProgress::numRowsTotal)
                    .sum();
            // Each side keeps at most what came in the last minute and a half, some 30 rows, and an entry for each key.
            assertTrue(kept < 90, "kept " + kept + " of " + 2 * ROWS);
        }
    }

    private static final Query AGAIN = new Query(
            "windows of sessions",
            0,
            input -> group(
                    group(
                            input,
                            List.of(call("session_window", column("ts"), text("15 seconds")), column("key")),
                            COUNT),
                    List.of(call("window", call("window_time", column("session_window")), text("1 minute"))),
                    COUNT));

    static Stream<Arguments> appended() {
        return seeds(Stream.of(SLIDING, SESSIONS, SESSIONS_OF_ALL, DYNAMIC));
    }

    static Stream<Arguments> all() {
        return seeds(Stream.of(SLIDING, SESSIONS, SESSIONS_OF_ALL, DYNAMIC, DISTINCT, AGAIN));
    }

    private static Stream<Arguments> seeds(Stream<Query> queries) {
        return queries.flatMap(query -> IntStream.range(0, SEEDS).mapToObj(seed -> Arguments.of(query, seed)));
    }

    /// Rows whose event times come at most a minute out of order.
    private static List<List<Object>> rows(Random random) {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            List<Object> row = new ArrayList<>();
            row.add(random.nextInt(10) == 0 ? null : Slice.utf8("k" + random.nextInt(6)));
            row.add(random.nextInt(10) == 0 ? null : random.nextLong(-30, 30));
            row.add(
                    random.nextInt(10) == 0
                            ? null
                            : Slice.utf8(random.nextInt(6) == 0 ? "0 seconds" : random.nextInt(30) + " seconds"));
            // Whole seconds, so that sessions often touch.
            row.add(random.nextInt(20) == 0 ? null : 1_000 * MINUTE + i * 3 * SECOND - random.nextInt(60) * SECOND);
            rows.add(row);
        }
        return rows;
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("appended")
    void appendModeGivesEachFinalWindowOnce(Query query, int seed) throws Exception {
        Random random = new Random(seed);
        List<List<Object>> rows = rows(random);
        long watermark = rows.stream()
                        .filter(row -> row.get(3) != null)
                        .mapToLong(row -> (Long) row.get(3))
                        .max()
                        .orElseThrow()
                - MINUTE;
        List<List<Object>> expected = StreamHarness.batch(query::over, SCHEMA, rows).stream()
                .filter(row -> windowEnd(row) + query.slack() <= watermark)
                .toList();
        assertTrue(expected.size() > 5, "too few windows to tell anything: " + expected.size());
        try (StreamHarness stream = stream(query, OutputMode.APPEND, rows, random)) {
            assertEquals(bag(expected), bag(stream.allRows()));
        }
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("all")
    void theChangesAddUpToTheBatchResult(Query query, int seed) throws Exception {
        Random random = new Random(seed);
        List<List<Object>> rows = rows(random);
        Map<String, Integer> result = new TreeMap<>();
        try (StreamHarness stream = stream(query, OutputMode.CHANGELOG, rows, random)) {
            for (List<Object> row : stream.allRows()) {
                int change = row.getLast().toString().equals("insert") ? 1 : -1;
                String key = row.subList(0, row.size() - 1).toString();
                int count = result.merge(key, change, Integer::sum);
                assertTrue(count >= 0, key + " was taken back without having been given");
            }
        }
        result.values().removeIf(count -> count == 0);
        assertEquals(bag(StreamHarness.batch(query::over, SCHEMA, rows)), result);
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("all")
    void completeModeGivesTheBatchResult(Query query, int seed) throws Exception {
        Random random = new Random(seed);
        List<List<Object>> rows = rows(random);
        try (StreamHarness stream = stream(query, OutputMode.COMPLETE, rows, random)) {
            assertEquals(bag(StreamHarness.batch(query::over, SCHEMA, rows)), bag(stream.lastBatch()));
        }
    }

    private static long windowEnd(List<Object> row) {
        Object window = row.stream().filter(List.class::isInstance).findFirst().orElseThrow();
        return (Long) ((List<?>) window).get(1);
    }

    /// Runs the query over random slices of the rows, with random restarts.
    private StreamHarness stream(Query query, OutputMode mode, List<List<Object>> rows, Random random)
            throws Exception {
        MemoryStream source = new MemoryStream(SCHEMA, 1 + random.nextInt(4));
        StreamHarness stream =
                new StreamHarness(query.over(new LogicalPlan.Scan(source, ScanRequest.all(SCHEMA))), mode, directory);
        stream.start();
        int next = 0;
        while (next < rows.size()) {
            int count = Math.min(rows.size() - next, 1 + random.nextInt(50));
            source.add(rows.subList(next, next + count));
            next += count;
            if (random.nextInt(4) == 0) {
                stream.stop();
                stream.start();
            } else {
                stream.query().processAllAvailable();
            }
        }
        stream.query().processAllAvailable();
        return stream.stop();
    }

    private static Map<String, Integer> bag(List<List<Object>> rows) {
        Map<String, Integer> bag = new TreeMap<>();
        rows.forEach(row -> bag.merge(row.toString(), 1, Integer::sum));
        return bag;
    }
}
