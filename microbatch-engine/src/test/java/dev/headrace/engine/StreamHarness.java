package dev.headrace.engine;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.SessionSettings;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamStart;
import dev.headrace.exec.BatchQuery;
import dev.headrace.exec.SessionRuntime;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.streaming.OutputMode;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryListener;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Runs a streaming query in a test and keeps what its batches give, by batch.
final class StreamHarness implements AutoCloseable {
    private final SessionRuntime runtime =
            new SessionRuntime(new SessionSettings(ZoneOffset.UTC, 2), Long.MAX_VALUE, Clock.systemUTC(), Map.of());
    private final LogicalPlan plan;
    private final OutputMode mode;
    private final Path checkpoint;
    private final Map<Long, List<List<Object>>> batches = new TreeMap<>();
    private final List<StreamingQueryListener.Event> events = new ArrayList<>();
    private StreamingQuery query;

    StreamHarness(LogicalPlan plan, OutputMode mode, Path checkpoint) {
        this.plan = plan;
        this.mode = mode;
        this.checkpoint = checkpoint;
    }

    StreamHarness start() {
        return start(new Trigger.AsFastAsPossible());
    }

    StreamHarness start(Trigger trigger) {
        query = new MicroBatchEngine()
                .start(new StreamStart(
                        runtime,
                        Map.of(),
                        Optional.empty(),
                        plan,
                        plan,
                        new StreamStart.Target.ForeachBatch(this::collect),
                        trigger,
                        mode,
                        Optional.of(checkpoint),
                        Optional.empty(),
                        Optional.empty(),
                        events::add));
        return this;
    }

    /// Starts the query, runs it until it has processed everything, and stops it.
    StreamHarness runUntilCaughtUp() throws TimeoutException {
        start();
        query.processAllAvailable();
        return stop();
    }

    StreamHarness stop() throws TimeoutException {
        query.stop();
        query.exception().ifPresent(e -> {
            throw e;
        });
        return this;
    }

    StreamingQuery query() {
        return query;
    }

    List<StreamingQueryListener.Event> events() {
        return events;
    }

    private synchronized void collect(BatchTable table, long batch) {
        List<List<Object>> rows = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator()) {
            for (Split split : table.scan(ScanRequest.all(table.schema())).splits()) {
                try (ChunkReader reader = split.open(allocator)) {
                    for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                        try (Chunk rowsOfChunk = chunk) {
                            rows.addAll(rows(rowsOfChunk));
                        }
                    }
                }
            }
        }
        batches.put(batch, rows);
    }

    /// What the batch query gives over these rows.
    static List<List<Object>> batch(UnaryOperator<LogicalPlan> query, StructType schema, List<List<Object>> rows) {
        List<List<Object>> result = new ArrayList<>();
        try (SessionRuntime runtime = new SessionRuntime(
                new SessionSettings(ZoneOffset.UTC, 2), Long.MAX_VALUE, Clock.systemUTC(), Map.of())) {
            LogicalPlan plan = query.apply(new LogicalPlan.LocalRelation(schema, rows));
            try (ChunkReader reader = BatchQuery.plan(plan, runtime).run()) {
                for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                    try (Chunk rowsOfChunk = chunk) {
                        result.addAll(rows(rowsOfChunk));
                    }
                }
            }
        }
        return result;
    }

    private static List<List<Object>> rows(Chunk chunk) {
        List<List<Object>> rows = new ArrayList<>();
        for (int row = 0; row < chunk.rowCount(); row++) {
            List<Object> values = new ArrayList<>();
            for (int column = 0; column < chunk.columnCount(); column++) {
                values.add(Cell.detach(Cell.read(chunk.column(column), row)));
            }
            rows.add(values);
        }
        return rows;
    }

    /// The rows of each batch; a batch that ran twice counts once.
    synchronized Map<Long, List<List<Object>>> batches() {
        return new TreeMap<>(batches);
    }

    synchronized List<List<Object>> allRows() {
        List<List<Object>> all = new ArrayList<>();
        batches.values().forEach(all::addAll);
        return all;
    }

    synchronized List<List<Object>> lastBatch() {
        return batches.isEmpty() ? List.of() : new ArrayList<>(batches.values()).getLast();
    }

    @Override
    public void close() {
        runtime.close();
    }
}
