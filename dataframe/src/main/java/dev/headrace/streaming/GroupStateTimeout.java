package dev.headrace.streaming;

/// By which clock the state of a key times out, for `mapGroupsWithState` and `flatMapGroupsWithState`.
public enum GroupStateTimeout {
    NoTimeout,
    /// By the clock of the batches.
    ProcessingTimeTimeout,
    /// By the watermark.
    EventTimeTimeout;

    public static GroupStateTimeout NoTimeout() {
        return NoTimeout;
    }

    public static GroupStateTimeout ProcessingTimeTimeout() {
        return ProcessingTimeTimeout;
    }

    public static GroupStateTimeout EventTimeTimeout() {
        return EventTimeTimeout;
    }
}
