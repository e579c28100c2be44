package dev.headrace.streaming;

/// What a streaming query is doing now.
///
/// @param message for people, such as `Waiting for data to arrive`
/// @param isDataAvailable whether there was data to process when the sources were last asked
/// @param isTriggerActive whether a batch is running now; false while the query waits for its trigger
public record StreamingQueryStatus(String message, boolean isDataAvailable, boolean isTriggerActive) {

    public String json() {
        return ProgressJson.write(ProgressJson.status(this));
    }

    public String prettyJson() {
        return ProgressJson.writePretty(ProgressJson.status(this));
    }

    @Override
    public String toString() {
        return prettyJson();
    }
}
