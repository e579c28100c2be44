package dev.headrace.connector;

/// How much a batch may take from a source.
public sealed interface ReadLimit {
    /// What the source's own options say, such as `maxOffsetsPerTrigger`, and about `most` besides, as
    /// [StreamingSource#size] counts, but at least the smallest part that the source can give.
    record Configured(long most) implements ReadLimit {
        private static final long BYTES_PER_ROW = 100;

        /// What a source that knows only bytes says with [StreamingSource#size].
        public static long sizeOf(long bytes) {
            return bytes / BYTES_PER_ROW;
        }

        /// `most` for a source that knows only bytes.
        public long mostBytes() {
            return most > Long.MAX_VALUE / BYTES_PER_ROW ? Long.MAX_VALUE : most * BYTES_PER_ROW;
        }

        /// The source's own options only.
        public Configured() {
            this(Long.MAX_VALUE);
        }
    }

    /// What the source's own options say, but nothing beyond `end` (trigger `AvailableNow`).
    ///
    /// @param end an offset that the source has given
    record UpTo(String end) implements ReadLimit {}

    /// Everything there is, whatever the options say (trigger `Once`).
    record Everything() implements ReadLimit {}
}
