package dev.headrace.delta;

import dev.headrace.connector.DiscardedBatch;
import dev.headrace.connector.HeldBatches;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.StreamWriteRequest;
import dev.headrace.connector.StreamingSink;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.SetTransaction;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/// The sink of a streaming query: each batch is one commit that also says which batch of which query it is.
///
/// A batch that the table holds already is taken in and thrown away. A batch without rows makes no commit, but for the
/// one that creates the table, and in complete mode. Used by the thread of the trigger loop.
final class DeltaStreamingSink implements StreamingSink {
    private final TableTarget target;
    private final StreamWriteRequest query;
    private final HeldBatches held;
    private OptionalLong lastCommitted;
    private final Compactor compactor;

    /// @param compactor of the table
    DeltaStreamingSink(TableTarget target, StreamWriteRequest query, Compactor compactor) {
        this.target = target;
        this.query = query;
        this.compactor = compactor;
        this.held = query.sinkId().held(target::lastTransaction);
        this.lastCommitted = held.last();
    }

    @Override
    public OptionalLong lastCommitted() {
        target.reload();
        lastCommitted = held.last();
        return lastCommitted;
    }

    @Override
    public SinkBatch begin(long batchId) {
        if (lastCommitted.isPresent() && batchId <= lastCommitted.getAsLong()) {
            return new DiscardedBatch();
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(
                "outputMode", query.outputMode() == StreamWriteRequest.OutputKind.COMPLETE ? "Complete" : "Append");
        parameters.put("queryId", query.queryId());
        parameters.put("epochId", Long.toString(batchId));
        CommitInfo info = Operations.info("STREAMING UPDATE", parameters, target);
        TableWrite write =
                target.begin(Optional.of(new SetTransaction(query.sinkId().value(), batchId, target.now())), info);
        // In complete mode each batch takes all files out.
        return query.outputMode() == StreamWriteRequest.OutputKind.COMPLETE
                ? write
                : new CompactedWrite(write, target.request().kind(), compactor);
    }

    @Override
    public void maintain(Duration idle, BooleanSupplier stopping) {
        compactor.work(idle, stopping);
    }

    @Override
    public void close() {
        try (target) {
            compactor.close();
        }
    }
}
