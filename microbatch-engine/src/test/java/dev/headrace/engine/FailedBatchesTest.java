package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.SessionSettings;
import dev.headrace.connector.StreamStart;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.exec.SessionRuntime;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.rules.Optimizer;
import dev.headrace.streaming.Emit;
import dev.headrace.streaming.OutputMode;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A batch that fails tells why, and gives back its memory, wherever it fails.
class FailedBatchesTest {
    private static final StructType COLUMNS = StructType.fromDDL("id bigint, key string, ts timestamp, amount bigint");
    private static final long START = 1_769_853_600_000_000L;
    private static final Column[] AGGREGATES = {
        expr("max(concat('text ', amount))").as("most"),
        expr("collect_list(amount)").as("all")
    };

    @TempDir
    Path directory;

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

    private void assertGivesBack(OutputMode mode, UnaryOperator<DataFrame> query) {
        try (Session session = Session.builder().master("local[1]").create()) {
            MemoryStream source = new MemoryStream(COLUMNS, 2);
            LogicalPlan plan =
                    Optimizer.optimize(Frames.plan(query.apply(Frames.of(session, source, "memory"))), ZoneOffset.UTC);
            source.add(rows(0, 150));
            source.add(rows(60, 240));
            source.limitBatches(150);
            long before = 0;
            while (fails(plan, mode, before)) {
                // The same is done again and again.
                before += 1 + before / 4;
            }
        }
    }

    private static List<List<Object>> rows(int from, int end) {
        List<List<Object>> rows = new ArrayList<>();
        for (long i = from; i < end; i++) {
            rows.add(List.of(i % 70, Slice.utf8("key " + i % 5), START + i * 1_000_000, i * 7919 % 101));
        }
        return rows;
    }

    /// @param before how many allocations don't fail
    /// @return false if there were no more than those
    private boolean fails(LogicalPlan plan, OutputMode mode, long before) {
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
                            new StreamStart.Target.ForeachBatch((_, _) -> {}),
                            new Trigger.AvailableNow(),
                            mode,
                            Optional.of(directory.resolve("checkpoint " + attempts++)),
                            Optional.empty(),
                            Optional.empty(),
                            _ -> {}));
            Optional<StreamingQueryException> failure = failureOf(query);
            String where = mode + ", allocation " + before;
            failure.ifPresent(failed -> {
                assertEquals(Optional.of("OUT_OF_MEMORY"), failed.code(), where + failed);
                assertEquals(List.of(), List.of(failed.getSuppressed()), where);
            });
            assertEquals(0, runtime.allocator().getAllocatedMemory(), where);
            return failure.isPresent();
        }
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
