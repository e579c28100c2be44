package dev.headrace.streaming;

import java.time.Duration;

/// How long values of a state live after they were written, by the batches' clock. Needs [TimeMode#ProcessingTime].
///
/// @param ttlDuration zero for ever
public record TTLConfig(Duration ttlDuration) {
    public static final TTLConfig NONE = new TTLConfig(Duration.ZERO);

    public static TTLConfig NONE() {
        return NONE;
    }
}
