package dev.headrace.streaming;

import java.util.Map;

/// What a batch has written to the sink.
///
/// @param numOutputRows how many rows were written, or -1 if the sink can't tell
/// @param metrics what else the sink tells, such as `files` and `bytes`
public record SinkProgress(String description, long numOutputRows, Map<String, String> metrics) {
    public SinkProgress {
        metrics = ProgressJson.sorted(metrics);
    }

    public String json() {
        return ProgressJson.write(ProgressJson.sink(this));
    }

    public String prettyJson() {
        return ProgressJson.writePretty(ProgressJson.sink(this));
    }

    @Override
    public String toString() {
        return prettyJson();
    }
}
