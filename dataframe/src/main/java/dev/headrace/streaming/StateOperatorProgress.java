package dev.headrace.streaming;

import java.util.Map;

/// What a batch has done to the state of one stateful operator.
///
/// @param operatorName such as `stateStoreSave` or `dedupe`
/// @param numRowsTotal the rows that the state holds after the batch
/// @param numRowsDroppedByWatermark the late rows that were dropped
/// @param customMetrics what else the state backend tells
public record StateOperatorProgress(
        String operatorName,
        long numRowsTotal,
        long numRowsUpdated,
        long allUpdatesTimeMs,
        long numRowsRemoved,
        long allRemovalsTimeMs,
        long commitTimeMs,
        long memoryUsedBytes,
        long numRowsDroppedByWatermark,
        long numShufflePartitions,
        long numStateStoreInstances,
        Map<String, Long> customMetrics) {
    public StateOperatorProgress {
        customMetrics = ProgressJson.sorted(customMetrics);
    }

    public String json() {
        return ProgressJson.write(ProgressJson.stateOperator(this));
    }

    public String prettyJson() {
        return ProgressJson.writePretty(ProgressJson.stateOperator(this));
    }

    @Override
    public String toString() {
        return prettyJson();
    }
}
