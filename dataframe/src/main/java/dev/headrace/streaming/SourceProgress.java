package dev.headrace.streaming;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a batch has read from one source.
///
/// @param description such as `KafkaV2[Subscribe[orders]]`
/// @param startOffset where the batch began, as JSON; null if it was the source's first
/// @param endOffset where the batch ended, as JSON
/// @param latestOffset the furthest offset that the source had when it was last asked, as JSON
/// @param metrics what else the source tells, such as lag
public record SourceProgress(
        String description,
        @Nullable String startOffset,
        @Nullable String endOffset,
        @Nullable String latestOffset,
        long numInputRows,
        double inputRowsPerSecond,
        double processedRowsPerSecond,
        Map<String, String> metrics) {
    public SourceProgress {
        metrics = ProgressJson.sorted(metrics);
    }

    public String json() {
        return ProgressJson.write(ProgressJson.source(this));
    }

    public String prettyJson() {
        return ProgressJson.writePretty(ProgressJson.source(this));
    }

    @Override
    public String toString() {
        return prettyJson();
    }
}
