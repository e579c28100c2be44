package dev.headrace.connector;

/// How much a batch may take from a source.
///
/// Where there is a `most`, it is counted as [StreamingSource#size] counts, and a source gives the smallest part that
/// it can give even if that is more.
public sealed interface ReadLimit {
    /// What the source's own options say, such as `maxOffsetsPerTrigger`, and about `most` besides.
    record Configured(long most) implements ReadLimit {
        /// The source's own options only.
        public Configured() {
            this(Long.MAX_VALUE);
        }
    }

    /// The same, but nothing beyond `end` (trigger `AvailableNow`).
    ///
    /// @param end an offset that the source has given
    record UpTo(String end, long most) implements ReadLimit {
        /// The source's own options only.
        public UpTo(String end) {
            this(end, Long.MAX_VALUE);
        }
    }

    /// Everything there is, whatever the options say (trigger `Once`).
    record Everything() implements ReadLimit {}

    /// What a row is taken for where only bytes are known.
    long BYTES_PER_ROW = 100;

    /// What a source that knows only bytes says with [StreamingSource#size].
    static long sizeOf(long bytes) {
        return bytes / BYTES_PER_ROW;
    }

    /// A `most` in bytes.
    static long bytesOf(long most) {
        return most > Long.MAX_VALUE / BYTES_PER_ROW ? Long.MAX_VALUE : most * BYTES_PER_ROW;
    }
}
