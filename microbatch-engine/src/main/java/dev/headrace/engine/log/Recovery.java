package dev.headrace.engine.log;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a query does first, decided by nothing but its logs.
public sealed interface Recovery {

    /// The query has never planned a batch.
    record Start() implements Recovery {
        @Override
        public BatchId nextBatch() {
            return BatchId.FIRST;
        }
    }

    /// The batch was planned and may have run in part: it runs again, exactly as planned.
    ///
    /// @param latest the latest events before it, as in [CommittedBatch]
    record Replay(PlannedBatch batch, List<Map<String, LatestEvent>> latest) implements Recovery {
        Replay(PlannedBatch batch) {
            this(batch, List.of());
        }

        @Override
        public BatchId nextBatch() {
            return batch.id();
        }
    }

    /// All that was planned is committed.
    ///
    /// @param last the newest batch; the next one begins where it ends
    /// @param nextWatermarkMillis the watermark of the next batch, in milliseconds since the epoch; 0 when none
    /// @param latest the latest events up to it, as in [CommittedBatch]
    record Continue(PlannedBatch last, long nextWatermarkMillis, List<Map<String, LatestEvent>> latest)
            implements Recovery {
        Continue(PlannedBatch last, long nextWatermarkMillis) {
            this(last, nextWatermarkMillis, List.of());
        }

        @Override
        public BatchId nextBatch() {
            return last.id().next();
        }
    }

    /// The batch that runs first.
    BatchId nextBatch();

    /// @param checkpoint how a person finds the checkpoint, for the error's text
    /// @param planned the newest entry of the offset log
    /// @param committed the newest entry of the commit log
    /// @throws dev.headrace.errors.CheckpointException if no order of writing can have left such logs
    static Recovery from(String checkpoint, Optional<PlannedBatch> planned, Optional<CommittedBatch> committed) {
        long plannedBatches = planned.map(batch -> batch.id().value() + 1).orElse(0L);
        long committedBatches = committed.map(batch -> batch.id().value() + 1).orElse(0L);
        long open = plannedBatches - committedBatches;
        if (open != 0 && open != 1) {
            throw LogErrors.logsDisagree(checkpoint, planned.map(PlannedBatch::id), committed.map(CommittedBatch::id));
        }
        if (planned.isEmpty()) {
            return new Start();
        }
        if (open == 1) {
            return new Replay(
                    planned.get(), committed.map(CommittedBatch::latest).orElse(List.of()));
        }
        return new Continue(
                planned.get(),
                committed.orElseThrow().nextWatermarkMillis(),
                committed.orElseThrow().latest());
    }
}
