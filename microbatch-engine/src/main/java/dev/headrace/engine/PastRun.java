package dev.headrace.engine;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.StreamStart;
import dev.headrace.engine.log.BatchId;
import dev.headrace.engine.log.CheckpointHistory;
import dev.headrace.engine.log.PlannedBatch;
import dev.headrace.engine.stateful.OperatorState;
import dev.headrace.errors.QueryException;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.state.StateBackend;
import dev.headrace.state.StateReader;
import dev.headrace.state.StateVersion;
import dev.headrace.state.VersionedState;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Batches of a query's past, run again in a copy of its checkpoint, so that nothing is changed and the query may run
/// meanwhile.
final class PastRun implements AutoCloseable {
    private static final int SHOWN_ENTRIES = 20;

    private final StreamStart request;
    private final Path checkpoint;
    private final CheckpointHistory history;
    private final CheckpointCopy copy;
    private final QueryPipeline pipeline;
    private long lateRows;

    private PastRun(
            StreamStart request,
            Path checkpoint,
            CheckpointHistory history,
            CheckpointCopy copy,
            QueryPipeline pipeline) {
        this.request = request;
        this.checkpoint = checkpoint;
        this.history = history;
        this.copy = copy;
        this.pipeline = pipeline;
    }

    /// @param request the query as it was, or with changed code
    static PastRun open(StreamStart request, Path checkpoint, CheckpointHistory history) {
        CheckpointCopy copy = CheckpointCopy.of(checkpoint);
        try {
            return new PastRun(request, checkpoint, history, copy, QueryPipeline.open(request, copy.directory()));
        } catch (Throwable failed) {
            copy.close();
            throw failed;
        }
    }

    /// The schema of each result.
    List<StructType> schemas() {
        return pipeline.schemas();
    }

    /// The late rows of all batches that were run.
    long lateRows() {
        return lateRows;
    }

    /// Runs a batch on the state that it began with.
    ///
    /// @return the rows of each result
    /// @throws QueryException `BATCH_NOT_RETAINED`
    List<List<List<@Nullable Object>>> run(BatchId id) {
        PlannedBatch batch = planned(history, id);
        SourceCheck.sameNumber(batch, pipeline.sources().size());
        long emitted = id.equals(BatchId.FIRST)
                ? 0
                : history.planned(new BatchId(id.value() - 1))
                        .map(PlannedBatch::watermarkMillis)
                        .orElse(0L);
        ZoneId zone = zone(request, batch);
        try (BufferAllocator memory = pipeline.newBatchMemory(batch)) {
            List<List<List<@Nullable Object>>> rows = rows(batch, emitted, zone, memory);
            lateRows += pipeline.states().stream()
                    .mapToLong(OperatorState::lateRows)
                    .sum();
            pipeline.commitState();
            return rows;
        } catch (Throwable failed) {
            pipeline.abort();
            throw failed;
        }
    }

    private List<List<List<@Nullable Object>>> rows(
            PlannedBatch batch, long emittedMillis, ZoneId zone, BufferAllocator memory) {
        List<ChunkCollector> collectors =
                schemas().stream().map(_ -> new ChunkCollector()).toList();
        try {
            pipeline.run(batch, history.query(), emittedMillis, zone, memory, new Cancellation(), collectors);
            return collectors.stream()
                    .map(collector -> RowBag.takeRows(collector.take()))
                    .toList();
        } finally {
            Closing.all(collectors);
        }
    }

    /// The session time zone that the query runs with.
    static ZoneId zone(StreamStart request, PlannedBatch batch) {
        return QuerySettings.of(request.runtime().settings().zone())
                .over(batch.settings())
                .zone();
    }

    static PlannedBatch planned(CheckpointHistory history, BatchId id) {
        boolean committed = history.lastCommitted()
                .filter(last -> id.value() <= last.value())
                .isPresent();
        return history.planned(id)
                .filter(_ -> committed)
                .orElseThrow(() -> new QueryException(
                        "BATCH_NOT_RETAINED",
                        "Batch " + id + " can't be run again: the log holds "
                                + history.lastCommitted()
                                        .map(last -> "the committed batches "
                                                + history.oldest().orElse(last) + " to " + last)
                                        .orElse("no committed batch")
                                + ". How many are kept is said by '" + TriggerLoop.RETAIN + "'."));
    }

    /// How the state that the batch has left here, where it was run last, differs from the one that it left in the
    /// checkpoint.
    List<String> stateDifferences(BatchId id) {
        List<String> differences = new ArrayList<>();
        StateBackend backend = StateBackends.of(request.conf());
        for (int i = 0; i < pipeline.states().size(); i++) {
            Path recorded = checkpoint.resolve(QueryPipeline.stateDirectory(i));
            Path again = copy.directory().resolve(QueryPipeline.stateDirectory(i));
            if (!backend.sameChange(recorded, again, new StateVersion(id.value()))) {
                compare(i, backend, id, differences);
            }
        }
        return differences;
    }

    private void compare(int index, StateBackend backend, BatchId id, List<String> differences) {
        OperatorState state = pipeline.states().get(index);
        StateVersion version = new StateVersion(id.value() + 1);
        Map<List<@Nullable Object>, List<@Nullable Object>> again = entries(state.store(), version);
        Map<List<@Nullable Object>, List<@Nullable Object>> recorded;
        Path directory = copy.again(QueryPipeline.stateDirectory(index));
        try (BufferAllocator memory = request.runtime().allocator().newChildAllocator("state", 0, Long.MAX_VALUE);
                VersionedState store = backend.openAny(directory, state.schema(), memory)) {
            recorded = entries(store, version);
        }
        ZoneId zone = request.runtime().settings().zone();
        StructType keys = state.schema().key();
        StructType values = state.schema().value();
        String operator = "operator " + index + " (" + state.name() + "), key ";
        List<String> found = new ArrayList<>();
        for (Map.Entry<List<@Nullable Object>, List<@Nullable Object>> entry : recorded.entrySet()) {
            List<@Nullable Object> now = again.remove(entry.getKey());
            String text = operator + RowBag.text(entry.getKey(), keys, zone) + ": "
                    + RowBag.text(entry.getValue(), values, zone) + " on disk, ";
            if (now == null) {
                found.add(text + "absent when run again");
            } else if (!RowBag.almostEqual(entry.getValue(), now)) {
                found.add(text + RowBag.text(now, values, zone) + " when run again");
            }
        }
        for (Map.Entry<List<@Nullable Object>, List<@Nullable Object>> entry : again.entrySet()) {
            found.add(operator + RowBag.text(entry.getKey(), keys, zone) + ": absent on disk, "
                    + RowBag.text(entry.getValue(), values, zone) + " when run again");
        }
        differences.addAll(found.subList(0, Math.min(SHOWN_ENTRIES, found.size())));
        if (found.size() > SHOWN_ENTRIES) {
            differences.add("operator " + index + " (" + state.name() + "): " + (found.size() - SHOWN_ENTRIES)
                    + " more entries are different");
        }
    }

    private static Map<List<@Nullable Object>, List<@Nullable Object>> entries(
            VersionedState store, StateVersion version) {
        int keyColumns = store.schema().key().size();
        Map<List<@Nullable Object>, List<@Nullable Object>> entries = new LinkedHashMap<>();
        try (StateReader reader = store.read(version);
                ChunkReader chunks = reader.scan()) {
            for (Chunk chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
                try (Chunk entriesOfChunk = chunk) {
                    for (List<@Nullable Object> row : RowBag.rows(entriesOfChunk)) {
                        entries.put(row.subList(0, keyColumns), row.subList(keyColumns, row.size()));
                    }
                }
            }
        }
        return entries;
    }

    @Override
    public void close() {
        Closing.all(List.of(pipeline, copy));
    }
}
