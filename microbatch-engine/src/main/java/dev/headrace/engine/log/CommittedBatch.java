package dev.headrace.engine.log;

/// A batch whose rows are in the sink and whose state is stored.
///
/// @param id the batch
/// @param nextWatermarkMillis the watermark of the batch after it, in milliseconds since the epoch; 0 when none
public record CommittedBatch(BatchId id, long nextWatermarkMillis) {}
