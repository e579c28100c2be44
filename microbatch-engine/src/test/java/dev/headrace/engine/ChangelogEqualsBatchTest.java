package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Slice;
import dev.headrace.connector.ScanRequest;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.function.TimeWindow;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Direction;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.LogicalPlan.Aggregate.Aggregation;
import dev.headrace.plan.NullOrder;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.SortKey;
import dev.headrace.streaming.OutputMode;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever the batches, the splits and the restarts: the changes that a stream gives add up to the batch query's
/// result over all its rows, and none is taken back that was not given.
class ChangelogEqualsBatchTest {
    private static final StructType SCHEMA =
            new StructType().add("key", "string").add("amount", "bigint").add("ts", "timestamp");
    private static final long MINUTE = 60_000_000L;
    private static final int ROWS = 160;
    private static final int SEEDS = 3;

    @TempDir
    Path directory;

    /// A query over one stream, which it may read more than once.
    private record Query(String name, UnaryOperator<LogicalPlan> plan) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static BoundExpr column(LogicalPlan of, int ordinal) {
        return new BoundExpr.Column(
                ordinal,
                of.schema().field(ordinal).name(),
                of.schema().field(ordinal).dataType(),
                true);
    }

    private static Aggregation aggregation(LogicalPlan input, String function, boolean distinct, int... arguments) {
        List<BoundExpr> columns =
                IntStream.of(arguments).mapToObj(a -> column(input, a)).toList();
        AggregateCall call = FunctionRegistry.bindAggregate(function, columns, distinct);
        return new Aggregation(function, call);
    }

    private static LogicalPlan counts(LogicalPlan input) {
        return new LogicalPlan.Aggregate(
                input,
                List.of(new OutputColumn("key", column(input, 0))),
                List.of(aggregation(input, "count", false), aggregation(input, "sum", false, 1)));
    }

    private static LogicalPlan histogram(LogicalPlan input) {
        LogicalPlan counts = counts(input);
        return new LogicalPlan.Aggregate(
                counts,
                List.of(new OutputColumn("rows", column(counts, 1))),
                List.of(aggregation(counts, "count", false), aggregation(counts, "max", false, 0)));
    }

    private static LogicalPlan distinctPerKey(LogicalPlan input) {
        return new LogicalPlan.Aggregate(
                input,
                List.of(new OutputColumn("key", column(input, 0))),
                List.of(aggregation(input, "count", true, 1), aggregation(input, "sum", true, 1)));
    }

    private static LogicalPlan distinctInAll(LogicalPlan input) {
        return new LogicalPlan.Aggregate(input, List.of(), List.of(aggregation(input, "count", true, 1)));
    }

    private static LogicalPlan totalOfCounts(LogicalPlan input) {
        LogicalPlan counts = counts(input);
        return new LogicalPlan.Aggregate(
                counts, List.of(), List.of(aggregation(counts, "sum", false, 1), aggregation(counts, "min", false, 2)));
    }

    /// Aggregates that are kept up to date by adding what changes, with nulls and filters.
    private static LogicalPlan sumsOfCounts(LogicalPlan input) {
        LogicalPlan counts = counts(input);
        AggregateCall filtered = FunctionRegistry.bindAggregate("sum", List.of(column(counts, 2)), false);
        BoundExpr some =
                new BoundExpr.Compare(CompareOp.GREATER, column(counts, 1), new BoundExpr.Literal(Scalar.of(9L)));
        AggregateCall counted = FunctionRegistry.bindAggregate("count", List.of(column(counts, 2)), false);
        return new LogicalPlan.Aggregate(
                counts,
                List.of(new OutputColumn("rows", column(counts, 1))),
                List.of(
                        aggregation(counts, "count", false),
                        aggregation(counts, "count", false, 2),
                        aggregation(counts, "sum", false, 2),
                        aggregation(counts, "avg", false, 2),
                        new Aggregation(
                                "some",
                                new AggregateCall(filtered.function(), filtered.arguments(), false, Optional.of(some))),
                        new Aggregation(
                                "many",
                                new AggregateCall(counted.function(), counted.arguments(), false, Optional.of(some)))));
    }

    /// Values of rows that come and go, with counts and sums of all rows beside them.
    private static LogicalPlan distinctOfCounts(LogicalPlan input, boolean keyed) {
        LogicalPlan counts = counts(input);
        AggregateCall all = FunctionRegistry.bindAggregate("count", List.of(), false);
        BoundExpr some =
                new BoundExpr.Compare(CompareOp.GREATER, column(counts, 2), new BoundExpr.Literal(Scalar.of(50L)));
        return new LogicalPlan.Aggregate(
                counts,
                keyed ? List.of(new OutputColumn("rows", column(counts, 1))) : List.of(),
                List.of(
                        aggregation(counts, "count", true, 2),
                        aggregation(counts, "count", false, 2),
                        aggregation(counts, "sum", true, 2),
                        aggregation(counts, "sum", false, 2),
                        new Aggregation(
                                "some", new AggregateCall(all.function(), all.arguments(), false, Optional.of(some)))));
    }

    /// Groups over rows that come and go, of which only the keys are seen.
    private static LogicalPlan keysOfCounts(LogicalPlan input) {
        LogicalPlan counts = counts(input);
        return new LogicalPlan.Aggregate(counts, List.of(new OutputColumn("rows", column(counts, 1))), List.of());
    }

    private static LogicalPlan sumOfCountsInAll(LogicalPlan input) {
        LogicalPlan few = havingMany(input);
        return new LogicalPlan.Aggregate(
                few, List.of(), List.of(aggregation(few, "count", false), aggregation(few, "sum", false, 2)));
    }

    private static LogicalPlan havingMany(LogicalPlan input) {
        LogicalPlan counts = counts(input);
        return new LogicalPlan.Filter(
                counts,
                new BoundExpr.Compare(CompareOp.LESS, column(counts, 2), new BoundExpr.Literal(Scalar.of(200L))));
    }

    private static LogicalPlan small(LogicalPlan input) {
        return new LogicalPlan.Filter(
                input, new BoundExpr.Compare(CompareOp.LESS, column(input, 1), new BoundExpr.Literal(Scalar.of(0L))));
    }

    private static LogicalPlan join(LogicalPlan left, LogicalPlan right, JoinType type) {
        LogicalPlan both = new LogicalPlan.Join(left, right, JoinType.INNER, Optional.empty());
        BoundExpr keys = new BoundExpr.Compare(
                CompareOp.EQUAL, column(both, 0), column(both, left.schema().size()));
        return new LogicalPlan.Join(left, right, type, Optional.of(keys));
    }

    private static LogicalPlan top(LogicalPlan input) {
        List<SortKey> keys = new ArrayList<>();
        for (int i = 0; i < input.schema().size(); i++) {
            keys.add(new SortKey(column(input, i), Direction.DESC, NullOrder.LAST));
        }
        return new LogicalPlan.Limit(new LogicalPlan.Sort(input, keys), 5, 2);
    }

    private static LogicalPlan first(LogicalPlan input) {
        // Of equal rows it does not matter which, so each is one of the first five or none is.
        LogicalPlan keys = new LogicalPlan.Project(input, List.of(new OutputColumn("key", column(input, 0))));
        return new LogicalPlan.Aggregate(
                new LogicalPlan.Limit(keys, 5, 0), List.of(), List.of(aggregation(keys, "count", false)));
    }

    private static LogicalPlan topWithoutOffset(LogicalPlan input) {
        LogicalPlan.Limit limit = (LogicalPlan.Limit) top(input);
        return new LogicalPlan.Limit(limit.input(), limit.count(), 0);
    }

    private static LogicalPlan union(LogicalPlan input) {
        LogicalPlan counts = counts(input);
        return new LogicalPlan.Union(List.of(
                new LogicalPlan.Project(
                        counts,
                        List.of(new OutputColumn("key", column(counts, 0)), new OutputColumn("n", column(counts, 1)))),
                new LogicalPlan.Project(
                        input,
                        List.of(new OutputColumn("key", column(input, 0)), new OutputColumn("n", column(input, 1))))));
    }

    private static LogicalPlan distinctCounts(LogicalPlan input) {
        LogicalPlan counts = counts(input);
        LogicalPlan numbers = new LogicalPlan.Project(counts, List.of(new OutputColumn("rows", column(counts, 1))));
        return new LogicalPlan.Deduplicate(numbers, List.of(0), false);
    }

    static Stream<Arguments> queries() {
        List<Query> queries = new ArrayList<>(List.of(
                new Query("group by", ChangelogEqualsBatchTest::counts),
                new Query("group by a group's result", ChangelogEqualsBatchTest::histogram),
                new Query("distinct aggregates per key", ChangelogEqualsBatchTest::distinctPerKey),
                new Query("distinct aggregate in all", ChangelogEqualsBatchTest::distinctInAll),
                new Query("total of groups", ChangelogEqualsBatchTest::totalOfCounts),
                new Query("filter over groups", ChangelogEqualsBatchTest::havingMany),
                new Query("sums of counts", ChangelogEqualsBatchTest::sumsOfCounts),
                new Query("distinct values of counts", input -> distinctOfCounts(input, true)),
                new Query("distinct values of all counts", input -> distinctOfCounts(input, false)),
                new Query("keys of counts", ChangelogEqualsBatchTest::keysOfCounts),
                new Query("a sum of counts in all", ChangelogEqualsBatchTest::sumOfCountsInAll),
                new Query("top rows", ChangelogEqualsBatchTest::top),
                new Query("top rows without an offset", ChangelogEqualsBatchTest::topWithoutOffset),
                new Query("first rows", ChangelogEqualsBatchTest::first),
                new Query("top groups", input -> top(counts(input))),
                new Query("union of groups and rows", ChangelogEqualsBatchTest::union),
                new Query("distinct counts", ChangelogEqualsBatchTest::distinctCounts),
                new Query("join of groups", input -> join(counts(input), distinctPerKey(input), JoinType.INNER)),
                new Query("groups of a join", input -> counts(join(small(input), small(input), JoinType.INNER)))));
        for (JoinType type : JoinType.values()) {
            if (type != JoinType.CROSS) {
                queries.add(new Query(type + " join of rows", input -> join(input, small(input), type)));
                queries.add(
                        new Query(type + " join with groups", input -> join(small(input), havingMany(input), type)));
            }
        }
        return queries.stream().flatMap(query -> IntStream.range(0, SEEDS).mapToObj(seed -> Arguments.of(query, seed)));
    }

    private static List<List<Object>> rows(Random random) {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            List<Object> row = new ArrayList<>();
            row.add(random.nextInt(10) == 0 ? null : Slice.utf8("k" + random.nextInt(12)));
            row.add(random.nextInt(10) == 0 ? null : random.nextLong(-30, 30));
            row.add(1_000 * MINUTE + i * 3_000_000L - random.nextLong(MINUTE));
            rows.add(row);
        }
        return rows;
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("queries")
    void theChangesAddUpToTheBatchResult(Query query, int seed) throws Exception {
        Random random = new Random(seed);
        List<List<Object>> rows = rows(random);
        Map<String, Integer> result = new TreeMap<>();
        try (StreamHarness stream = stream(query.plan(), OutputMode.CHANGELOG, rows, random)) {
            for (List<Object> row : stream.allRows()) {
                String type = row.getLast().toString();
                int change = type.equals("insert") ? 1 : -1;
                assertTrue(change == 1 || type.equals("delete"), type);
                String key = row.subList(0, row.size() - 1).toString();
                int count = result.merge(key, change, Integer::sum);
                assertTrue(count >= 0, key + " was taken back without having been given");
            }
        }
        result.values().removeIf(count -> count == 0);
        assertEquals(bag(StreamHarness.batch(query.plan(), SCHEMA, rows)), result);
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("aggregations")
    void completeModeGivesTheBatchResult(Query query, int seed) throws Exception {
        Random random = new Random(seed);
        List<List<Object>> rows = rows(random);
        try (StreamHarness stream = stream(query.plan(), OutputMode.COMPLETE, rows, random)) {
            assertEquals(bag(StreamHarness.batch(query.plan(), SCHEMA, rows)), bag(stream.lastBatch()));
        }
    }

    static Stream<Arguments> aggregations() {
        return Stream.of(
                        new Query("distinct aggregates per key", ChangelogEqualsBatchTest::distinctPerKey),
                        new Query(
                                "groups of a join", input -> counts(join(small(input), small(input), JoinType.INNER))),
                        new Query(
                                "groups of an outer join",
                                input -> counts(join(input, small(input), JoinType.LEFT_OUTER))),
                        new Query("union of groups and rows", ChangelogEqualsBatchTest::union))
                .flatMap(query -> IntStream.range(0, SEEDS).mapToObj(seed -> Arguments.of(query, seed)));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void appendModeGivesADistinctCountOfEachFinalWindowOnce(int seed) throws Exception {
        Random random = new Random(seed);
        List<List<Object>> rows = rows(random);
        UnaryOperator<LogicalPlan> query = input -> {
            LogicalPlan watermarked = new LogicalPlan.Watermark(input, 2, MINUTE);
            return new LogicalPlan.Aggregate(
                    watermarked,
                    List.of(new OutputColumn("window", TimeWindow.tumbling(column(input, 2), MINUTE, 0))),
                    List.of(aggregation(input, "count", true, 0), aggregation(input, "count", false)));
        };
        long watermark = rows.stream().mapToLong(row -> (Long) row.get(2)).max().orElseThrow() - MINUTE;
        List<List<Object>> expected = StreamHarness.batch(query, SCHEMA, rows).stream()
                .filter(row -> (Long) ((List<?>) row.getFirst()).get(1) <= watermark / 1_000 * 1_000)
                .toList();
        try (StreamHarness stream = stream(query, OutputMode.APPEND, rows, random)) {
            assertEquals(bag(expected), bag(stream.allRows()));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void appendModeGivesAnAggregationOfFinalWindowsOnce(int seed) throws Exception {
        Random random = new Random(seed);
        List<List<Object>> rows = rows(random);
        UnaryOperator<LogicalPlan> query = input -> {
            LogicalPlan watermarked = new LogicalPlan.Watermark(input, 2, MINUTE);
            LogicalPlan perKey = new LogicalPlan.Aggregate(
                    watermarked,
                    List.of(
                            new OutputColumn("window", TimeWindow.tumbling(column(input, 2), MINUTE, 0)),
                            new OutputColumn("key", column(input, 0))),
                    List.of(aggregation(input, "count", false)));
            return new LogicalPlan.Aggregate(
                    perKey,
                    List.of(new OutputColumn("window", column(perKey, 0))),
                    List.of(aggregation(perKey, "count", false), aggregation(perKey, "max", false, 2)));
        };
        long watermark = rows.stream().mapToLong(row -> (Long) row.get(2)).max().orElseThrow() - MINUTE;
        List<List<Object>> expected = StreamHarness.batch(query, SCHEMA, rows).stream()
                .filter(row -> (Long) ((List<?>) row.getFirst()).get(1) <= watermark / 1_000 * 1_000)
                .toList();
        try (StreamHarness stream = stream(query, OutputMode.APPEND, rows, random)) {
            assertEquals(bag(expected), bag(stream.allRows()));
        }
    }

    static Stream<Integer> seeds() {
        return IntStream.range(0, 4).boxed();
    }

    /// Runs the query over random slices of the rows, with random restarts.
    private StreamHarness stream(
            UnaryOperator<LogicalPlan> query, OutputMode mode, List<List<Object>> rows, Random random)
            throws Exception {
        MemoryStream source = new MemoryStream(SCHEMA, 1 + random.nextInt(4));
        StreamHarness stream =
                new StreamHarness(query.apply(new LogicalPlan.Scan(source, ScanRequest.all(SCHEMA))), mode, directory);
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
