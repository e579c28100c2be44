package dev.headrace.streaming;

import dev.headrace.Row;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What one batch of a streaming query has done, with Spark's names.
///
/// @param timestamp when the batch began, in UTC as `2026-01-31T10:00:00.000Z`
/// @param batchDuration milliseconds that the batch took
/// @param durationMs milliseconds by part of the batch: `latestOffset`, `walCommit`, `addBatch`, `triggerExecution` …
/// @param eventTime `min`, `max`, `avg` of the event time seen and the `watermark`, in UTC; empty without a watermark
/// @param stateOperatorList one per stateful operator
/// @param sourceList one per source
/// @param observedMetrics what [dev.headrace.DataFrame#observe] has computed over the batch's rows, by name
/// @param rowBalance what became of the batch's rows
public record StreamingQueryProgress(
        UUID id,
        UUID runId,
        @Nullable String name,
        String timestamp,
        long batchId,
        long batchDuration,
        Map<String, Long> durationMs,
        Map<String, String> eventTime,
        List<StateOperatorProgress> stateOperatorList,
        List<SourceProgress> sourceList,
        SinkProgress sink,
        Map<String, Row> observedMetrics,
        RowBalance rowBalance) {
    public StreamingQueryProgress {
        durationMs = ProgressJson.sorted(durationMs);
        eventTime = ProgressJson.sorted(eventTime);
        stateOperatorList = List.copyOf(stateOperatorList);
        sourceList = List.copyOf(sourceList);
        observedMetrics = ProgressJson.sorted(observedMetrics);
    }

    public StateOperatorProgress[] stateOperators() {
        return stateOperatorList.toArray(StateOperatorProgress[]::new);
    }

    public SourceProgress[] sources() {
        return sourceList.toArray(SourceProgress[]::new);
    }

    /// The rows that all sources together have given to the batch.
    public long numInputRows() {
        return sourceList.stream().mapToLong(SourceProgress::numInputRows).sum();
    }

    public double inputRowsPerSecond() {
        return sourceList.stream()
                .mapToDouble(SourceProgress::inputRowsPerSecond)
                .sum();
    }

    public double processedRowsPerSecond() {
        return sourceList.stream()
                .mapToDouble(SourceProgress::processedRowsPerSecond)
                .sum();
    }

    /// One line of JSON with Spark's field names.
    public String json() {
        return ProgressJson.write(ProgressJson.query(this));
    }

    public String prettyJson() {
        return ProgressJson.writePretty(ProgressJson.query(this));
    }

    @Override
    public String toString() {
        return prettyJson();
    }
}
