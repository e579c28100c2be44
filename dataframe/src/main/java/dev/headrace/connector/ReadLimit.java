package dev.headrace.connector;

/// How much a batch may take from a source.
public sealed interface ReadLimit {
    /// What the source's own options say, such as `maxOffsetsPerTrigger`.
    record Configured() implements ReadLimit {}

    /// What the source's own options say, but nothing beyond `end` (trigger `AvailableNow`).
    ///
    /// @param end an offset that the source has given
    record UpTo(String end) implements ReadLimit {}

    /// Everything there is, whatever the options say (trigger `Once`).
    record Everything() implements ReadLimit {}
}
