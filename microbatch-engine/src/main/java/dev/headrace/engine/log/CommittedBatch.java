package dev.headrace.engine.log;

import java.util.List;
import java.util.Map;

/// A batch whose rows are in the sink and whose state is stored.
///
/// @param id the batch
/// @param nextWatermarkMillis the watermark of the batch after it, in milliseconds since the epoch; 0 when none
/// @param latest for each `withWatermark` of the query, the latest event of each part of its input; empty if the log
///     does not tell
public record CommittedBatch(BatchId id, long nextWatermarkMillis, List<Map<String, LatestEvent>> latest) {
    public CommittedBatch {
        latest = latest.stream().map(Map::copyOf).toList();
    }

    CommittedBatch(BatchId id, long nextWatermarkMillis) {
        this(id, nextWatermarkMillis, List.of());
    }
}
