package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.chunk.Slice;
import dev.headrace.connector.ScanRequest;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.function.TimeWindow;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Direction;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.NullOrder;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.SortKey;
import dev.headrace.streaming.OutputMode;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever the batches, the splits and the restarts: a stream's result is the batch query's over all its rows.
class BatchEqualsStreamTest {
    private static final StructType SCHEMA = new StructType()
            .add("key", "string")
            .add("amount", "bigint")
            .add("price", "double")
            .add("ts", "timestamp");
    private static final long MINUTE = 60_000_000L;
    private static final int ROWS = 300;

    @TempDir
    Path directory;

    private static BoundExpr column(int ordinal) {
        return new BoundExpr.Column(
                ordinal, SCHEMA.field(ordinal).name(), SCHEMA.field(ordinal).dataType(), true);
    }

    private static LogicalPlan.Aggregate.Aggregation aggregation(String function, int argument) {
        AggregateCall call =
                FunctionRegistry.bindAggregate(function, argument < 0 ? List.of() : List.of(column(argument)), false);
        return new LogicalPlan.Aggregate.Aggregation(function + argument, call);
    }

    private static LogicalPlan byKey(LogicalPlan input) {
        return new LogicalPlan.Aggregate(
                input,
                List.of(new OutputColumn("key", column(0))),
                List.of(
                        aggregation("count", -1),
                        aggregation("count", 1),
                        aggregation("sum", 1),
                        aggregation("avg", 2),
                        aggregation("min", 1),
                        aggregation("max", 0),
                        aggregation("min", 3)));
    }

    private static LogicalPlan byWindow(LogicalPlan input) {
        LogicalPlan watermarked = new LogicalPlan.Watermark(input, 3, MINUTE);
        return new LogicalPlan.Aggregate(
                watermarked,
                List.of(
                        new OutputColumn("window", TimeWindow.tumbling(column(3), MINUTE, 0)),
                        new OutputColumn("key", column(0))),
                List.of(aggregation("count", -1), aggregation("sum", 1), aggregation("max", 1)));
    }

    /// Rows whose event times come at most a minute out of order.
    private static List<List<Object>> rows(Random random) {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            List<Object> row = new ArrayList<>();
            row.add(random.nextInt(10) == 0 ? null : Slice.utf8("k" + random.nextInt(8)));
            row.add(random.nextInt(10) == 0 ? null : random.nextLong(-1000, 1000));
            row.add(random.nextInt(10) == 0 ? null : random.nextInt(100) / 4.0);
            row.add(1_000 * MINUTE + i * 3_000_000L - random.nextLong(MINUTE));
            rows.add(row);
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void completeModeGivesTheBatchResultAfterEachRestart(long seed) throws Exception {
        Random random = new Random(seed);
        List<List<Object>> rows = rows(random);
        StreamHarness stream = stream(BatchEqualsStreamTest::byKey, OutputMode.COMPLETE, rows, random);
        try (stream) {
            assertSameRows(StreamHarness.batch(BatchEqualsStreamTest::byKey, SCHEMA, rows), stream.lastBatch());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void completeModeAggregatesAndSortsWhatAnAggregationGives(long seed) throws Exception {
        Random random = new Random(seed);
        List<List<Object>> rows = rows(random);
        UnaryOperator<LogicalPlan> query = input -> new LogicalPlan.Sort(
                new LogicalPlan.Aggregate(
                        byKey(input),
                        List.of(new OutputColumn(
                                "rows", new BoundExpr.Column(1, "count-1", DataTypes.LongType, false))),
                        List.of(new LogicalPlan.Aggregate.Aggregation(
                                "keys", FunctionRegistry.bindAggregate("count", List.of(), false)))),
                List.of(new SortKey(
                        new BoundExpr.Column(0, "rows", DataTypes.LongType, false), Direction.DESC, NullOrder.LAST)));
        try (StreamHarness stream = stream(query, OutputMode.COMPLETE, rows, random)) {
            assertEquals(StreamHarness.batch(query, SCHEMA, rows), stream.lastBatch());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void updateModeGivesTheBatchResultWhenTheLastRowOfAKeyCounts(long seed) throws Exception {
        Random random = new Random(seed);
        List<List<Object>> rows = rows(random);
        try (StreamHarness stream = stream(BatchEqualsStreamTest::byKey, OutputMode.UPDATE, rows, random)) {
            Map<Object, List<Object>> latest = new LinkedHashMap<>();
            stream.allRows().forEach(row -> latest.put(row.getFirst(), row));
            assertSameRows(
                    StreamHarness.batch(BatchEqualsStreamTest::byKey, SCHEMA, rows), List.copyOf(latest.values()));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void appendModeGivesEachFinalWindowOnceAsTheBatchQueryDoes(long seed) throws Exception {
        Random random = new Random(seed);
        List<List<Object>> rows = rows(random);
        try (StreamHarness stream = stream(BatchEqualsStreamTest::byWindow, OutputMode.APPEND, rows, random)) {
            long watermark =
                    rows.stream().mapToLong(row -> (Long) row.get(3)).max().orElseThrow() - MINUTE;
            List<List<Object>> expected = StreamHarness.batch(BatchEqualsStreamTest::byWindow, SCHEMA, rows).stream()
                    .filter(row -> (Long) ((List<?>) row.getFirst()).get(1) <= watermark / 1_000 * 1_000)
                    .toList();
            assertSameRows(expected, stream.allRows());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void deduplicationLetsEachKeyThroughOnce(long seed) throws Exception {
        Random random = new Random(seed);
        List<List<Object>> rows = rows(random);
        UnaryOperator<LogicalPlan> query = input -> new LogicalPlan.Deduplicate(
                new LogicalPlan.Project(
                        input, List.of(new OutputColumn("key", column(0)), new OutputColumn("price", column(2)))),
                List.of(0, 1),
                false);
        try (StreamHarness stream = stream(query, OutputMode.APPEND, rows, random)) {
            assertSameRows(StreamHarness.batch(query, SCHEMA, rows), stream.allRows());
        }
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
            int count = Math.min(rows.size() - next, random.nextInt(60));
            source.add(rows.subList(next, next + count));
            next += count;
            source.limitBatches(1 + random.nextInt(40));
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

    private static void assertSameRows(List<List<Object>> expected, List<List<Object>> actual) {
        assertEquals(expected.size(), actual.size());
        TreeSet<String> difference = new TreeSet<>(Comparator.naturalOrder());
        expected.forEach(row -> difference.add(row.toString()));
        actual.forEach(row -> difference.remove(row.toString()));
        assertEquals(new TreeSet<String>(), difference);
    }
}
