package dev.headrace.connector;

/// How much a batch may take from a source.
public sealed interface ReadLimit {
    /// What the source's own options say, such as `maxOffsetsPerTrigger`.
    record Configured() implements ReadLimit {}

    /// Everything there is, whatever the options say (trigger `Once`).
    record Everything() implements ReadLimit {}
}
