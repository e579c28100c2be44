package dev.headrace.engine;

/// The durable steps of a batch, in their order, and what follows it: between any two of them a crash must do no harm.
public enum Step {
    /// `offsets/N` is written: the batch is what it is.
    PLAN,
    /// The state's changes become version N + 1.
    STATE_COMMIT,
    /// The rows become visible in the sink; of a query with several outputs, in one sink after the other.
    SINK_COMMIT,
    /// `commits/N` is written: the batch is done.
    COMMIT,
    /// The sinks look after what they have written, which is no part of the batch.
    MAINTAIN
}
