package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.session_window;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Encoder;
import dev.headrace.Encoders;
import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.SessionSettings;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamStart;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.exec.GroupRows;
import dev.headrace.exec.SessionRuntime;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.rules.Optimizer;
import dev.headrace.streaming.Emit;
import dev.headrace.streaming.GroupState;
import dev.headrace.streaming.GroupStateTimeout;
import dev.headrace.streaming.OutputMode;
import dev.headrace.streaming.Pattern;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A batch that fails tells why, and gives back its memory, wherever it fails; a query that is started again gives what
/// it would have given.
class FailedBatchesTest {
    private static final StructType COLUMNS = StructType.fromDDL("id bigint, key string, ts timestamp, amount bigint");
    private static final long START = 1_769_853_600_000_000L;
    private static final Column[] AGGREGATES = {
        expr("max(concat('text ', amount))").as("most"),
        expr("collect_list(amount)").as("all")
    };

    @TempDir
    Path directory;

    private static final long NEVER = Long.MAX_VALUE;

    private int attempts;

    /// Lets one allocation fail.
    private static final class Exhaustion implements AllocationListener {
        private long before = Long.MAX_VALUE;

        @Override
        public synchronized void onPreAllocation(long bytes) {
            if (before-- == 0) {
                throw new OutOfMemoryException("there is no more");
            }
        }

        synchronized void after(long allocations) {
            before = allocations;
        }

        /// What a test does to look at rows does not fail.
        synchronized void suspended(Runnable look) {
            long left = before;
            before = Long.MAX_VALUE;
            look.run();
            before = left;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = OutputMode.class,
            names = {"UPDATE", "COMPLETE", "CHANGELOG"})
    void groups(OutputMode mode) {
        assertGivesBack(mode, rows -> rows.groupBy("key").agg(sum("amount").as("sum"), AGGREGATES));
    }

    @Test
    void finalGroups() {
        assertGivesBack(
                OutputMode.APPEND,
                rows -> rows.withWatermark("ts", "1 second")
                        .groupBy(window(col("ts"), "20 seconds"), col("key"))
                        .agg(sum("amount").as("sum"), AGGREGATES));
    }

    @ParameterizedTest
    @EnumSource(
            value = OutputMode.class,
            names = {"UPDATE", "CHANGELOG"})
    void groupsThatComeOutSeveralTimes(OutputMode mode) {
        assertGivesBack(
                mode,
                rows -> rows.withWatermark("ts", "1 second")
                        .groupBy(window(col("ts"), "20 seconds"), col("key"))
                        .emit(Emit.atWatermark().earlyEvery(3))
                        .agg(sum("amount").as("sum"), AGGREGATES));
    }

    @Test
    void aggregatesOfRowsThatGoAgain() {
        assertGivesBack(
                OutputMode.CHANGELOG,
                rows -> rows.groupBy("key", "id")
                        .agg(sum("amount").as("amount"))
                        .groupBy("key")
                        .agg(expr("max(concat('text ', amount))").as("most")));
        assertGivesBack(
                OutputMode.CHANGELOG,
                rows -> rows.groupBy("id")
                        .agg(sum("amount").as("amount"))
                        .agg(expr("max(concat('text ', amount))").as("most")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"inner", "left_outer", "full_outer", "left_anti"})
    void joins(String type) {
        assertGivesBack(
                OutputMode.APPEND,
                (rows, others) -> rows.withWatermark("ts", "1 second")
                        .join(
                                others.toDF("other", "name", "at", "price").withWatermark("at", "1 second"),
                                expr("key = name AND at >= ts AND at <= ts + INTERVAL 3 SECONDS"),
                                type));
    }

    @Test
    void joinsOfRowsThatGoAgain() {
        assertGivesBack(
                OutputMode.CHANGELOG,
                (rows, others) -> rows.groupBy("key")
                        .agg(sum("amount").as("sum"))
                        .join(
                                others.toDF("other", "name", "at", "price").filter("other < 9"),
                                expr("key = name"),
                                "left_outer"));
    }

    @ParameterizedTest
    @EnumSource(
            value = OutputMode.class,
            names = {"APPEND", "CHANGELOG"})
    void sessionWindows(OutputMode mode) {
        assertGivesBack(
                mode,
                rows -> rows.filter("amount > 40")
                        .withWatermark("ts", "1 second")
                        .groupBy(session_window(col("ts"), "5 seconds"), col("key"))
                        .agg(sum("amount").as("sum"), AGGREGATES));
    }

    @Test
    void rowsThatAreNew() {
        assertGivesBack(OutputMode.APPEND, rows -> rows.dropDuplicates("id", "key"));
        assertGivesBack(
                OutputMode.APPEND,
                rows -> rows.withWatermark("ts", "1 second").dropDuplicatesWithinWatermark("id", "key"));
        assertGivesBack(OutputMode.CHANGELOG, rows -> rows.select("key", "id").distinct());
    }

    @Test
    void firstRows() {
        assertGivesBack(
                OutputMode.CHANGELOG,
                rows -> rows.selectExpr("*", "row_number() OVER (PARTITION BY key ORDER BY amount, id) AS place")
                        .filter("place <= 3"));
        assertGivesBack(
                OutputMode.COMPLETE,
                rows -> rows.groupBy("key", "id")
                        .agg(sum("amount").as("sum"))
                        .orderBy("sum", "id", "key")
                        .limit(20));
    }

    @Test
    void gapsAndPatterns() {
        assertGivesBack(
                OutputMode.APPEND,
                rows -> rows.filter("amount > 60")
                        .withWatermark("ts", "1 second")
                        .groupBy(window(col("ts"), "3 seconds"), col("key"))
                        .agg(sum("amount").as("sum"))
                        .gapFill("window", "key")
                        .locf("sum")
                        .toDF());
        assertGivesBack(
                OutputMode.APPEND,
                rows -> rows.withWatermark("ts", "1 second")
                        .groupBy("key")
                        .matchPattern(
                                Pattern.begin("low")
                                        .where(col("amount").lt(20))
                                        .followedBy("high")
                                        .where(col("amount").gt(60))
                                        .within(Duration.ofSeconds(150)),
                                col("ts"))
                        .select(expr("low.id").as("low"), expr("high.id").as("high")));
    }

    @ParameterizedTest
    @EnumSource(
            value = OutputMode.class,
            names = {"APPEND", "UPDATE"})
    void functionsWithState(OutputMode mode) {
        assertGivesBack(
                mode,
                rows -> rows.withWatermark("ts", "1 second")
                        .as(Encoders.record(Event.class))
                        .groupByKey(Event::key, Encoders.STRING())
                        .flatMapGroupsWithState(
                                FailedBatchesTest::counted,
                                mode,
                                Encoders.STRING(),
                                Encoders.STRING(),
                                GroupStateTimeout.EventTimeTimeout)
                        .toDF());
    }

    public record Event(long id, String key, Instant ts, long amount) {}

    private static Iterator<String> counted(String key, Iterator<Event> events, GroupState<String> state) {
        String text = state.getOption().orElse("");
        while (events.hasNext()) {
            text = (text + "," + events.next().id()).substring(Math.max(0, text.length() - 100));
        }
        state.update(text);
        state.setTimeoutTimestamp(state.getCurrentWatermarkMs() + 10_000);
        return List.of(key + (state.hasTimedOut() ? " timed out " : ": ") + text)
                .iterator();
    }

    @Test
    void functionsOfAllRows() {
        assertGivesBack(OutputMode.CHANGELOG, (rows, others) -> {
            Encoder<Event> events = Encoders.record(Event.class);
            return rows.as(events)
                    .groupByKey(Event::key, Encoders.STRING())
                    .cogroup(
                            others.as(events).groupByKey(Event::key, Encoders.STRING()),
                            (key, left, right) -> List.of(key + total(left) + " and " + total(right))
                                    .iterator(),
                            Encoders.STRING())
                    .toDF();
        });
    }

    private static long total(Iterator<Event> events) {
        long total = 0;
        while (events.hasNext()) {
            total += events.next().amount();
        }
        return total;
    }

    private void assertGivesBack(OutputMode mode, UnaryOperator<DataFrame> query) {
        assertGivesBack(mode, (rows, _) -> query.apply(rows));
    }

    private void assertGivesBack(OutputMode mode, BinaryOperator<DataFrame> query) {
        try (Session session = Session.builder().master("local[1]").create()) {
            DataFrame rows = Frames.of(session, source(0, 150, 60, 240), "memory");
            DataFrame others = Frames.of(session, source(20, 90, 40, 230), "memory");
            LogicalPlan plan = Optimizer.optimize(Frames.plan(query.apply(rows, others)), ZoneOffset.UTC);
            Map<Long, List<String>> expected = new TreeMap<>();
            assertFalse(fails(plan, mode, NEVER, expected));
            assertFalse(expected.isEmpty());
            long before = 0;
            while (true) {
                Map<Long, List<String>> batches = new TreeMap<>();
                boolean failed = fails(plan, mode, before, batches);
                if (failed) {
                    attempts--;
                    assertFalse(fails(plan, mode, NEVER, batches));
                }
                assertEquals(expected, batches, mode + ", allocation " + before);
                if (!failed) {
                    break;
                }
                // The same is done again and again.
                before += 1 + before / 3;
            }
        }
    }

    private static MemoryStream source(int first, int firstEnd, int second, int secondEnd) {
        MemoryStream source = new MemoryStream(COLUMNS, 2);
        source.add(rows(first, firstEnd));
        source.add(rows(second, secondEnd));
        source.limitBatches(150);
        return source;
    }

    private static List<List<Object>> rows(int from, int end) {
        List<List<Object>> rows = new ArrayList<>();
        for (long i = from; i < end; i++) {
            rows.add(List.of(i % 70, Slice.utf8("key " + i % 5), START + i * 1_000_000, i * 7919 % 101));
        }
        return rows;
    }

    /// @param before how many allocations don't fail
    /// @param batches get the rows of those that are given
    /// @return false if there were no more than those
    private boolean fails(LogicalPlan plan, OutputMode mode, long before, Map<Long, List<String>> batches) {
        Exhaustion exhaustion = new Exhaustion();
        try (SessionRuntime runtime = new SessionRuntime(
                new RootAllocator(exhaustion, Long.MAX_VALUE),
                1L << 40,
                directory,
                new SessionSettings(ZoneOffset.UTC, 1),
                Clock.systemUTC(),
                Map.of())) {
            exhaustion.after(before);
            StreamingQuery query = new MicroBatchEngine()
                    .start(new StreamStart(
                            runtime,
                            Map.of(),
                            Optional.empty(),
                            plan,
                            plan,
                            new StreamStart.Target.ForeachBatch((table, batch) -> exhaustion.suspended(() -> {
                                List<String> rows = texts(table);
                                if (!rows.isEmpty()) {
                                    batches.put(batch, rows);
                                }
                            })),
                            new Trigger.AvailableNow(),
                            mode,
                            Optional.of(directory.resolve("checkpoint " + attempts++)),
                            Optional.empty(),
                            Optional.empty(),
                            _ -> {}));
            Optional<StreamingQueryException> failure = failureOf(query);
            String where = mode + ", allocation " + before;
            failure.ifPresent(failed -> {
                if (before == NEVER) {
                    throw new AssertionError(where, failed);
                }
                assertEquals(Optional.of("OUT_OF_MEMORY"), failed.code(), () -> where + failed);
                assertEquals(List.of(), List.of(failed.getSuppressed()), where);
            });
            assertEquals(0, runtime.allocator().getAllocatedMemory(), where);
            return failure.isPresent();
        }
    }

    private static List<String> texts(BatchTable table) {
        List<String> texts = new ArrayList<>();
        try (BufferAllocator memory = new RootAllocator()) {
            for (Split split : table.scan(ScanRequest.all(table.schema())).splits()) {
                try (ChunkReader reader = split.open(memory)) {
                    for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                        try (Chunk rows = chunk) {
                            GroupRows.rows(rows).forEach(row -> texts.add(row.toString()));
                        }
                    }
                }
            }
        }
        texts.sort(null);
        return texts;
    }

    private static Optional<StreamingQueryException> failureOf(StreamingQuery query) {
        try {
            query.awaitTermination();
            return Optional.empty();
        } catch (StreamingQueryException failed) {
            return Optional.of(failed);
        }
    }
}
