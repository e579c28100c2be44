package dev.headrace.streaming;

/// The times of the batch that runs.
public interface TimerValues {
    /// The clock of the batch, in milliseconds since the epoch.
    long getCurrentProcessingTimeInMs();

    /// The watermark, in milliseconds since the epoch; 0 if there is none yet.
    long getCurrentWatermarkInMs();
}
