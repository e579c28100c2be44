package dev.headrace.engine.log;

import java.util.Optional;

/// What one source contributes to one batch: `[from, to)`, as JSON texts that only the source understands.
///
/// @param from where the batch begins; empty when the source has given no offset yet, and in batch 0 of a query that
///     Spark has begun, which does not say it: then the source's own start
/// @param to where the batch ends; empty when the source has given no offset yet
public record OffsetRange(Optional<String> from, Optional<String> to) {

    /// A source that has not given any offset.
    public static final OffsetRange NONE = new OffsetRange(Optional.empty(), Optional.empty());

    public OffsetRange {
        from.ifPresent(OffsetRange::requireJsonLine);
        to.ifPresent(OffsetRange::requireJsonLine);
    }

    public static OffsetRange of(String from, String to) {
        return new OffsetRange(Optional.of(from), Optional.of(to));
    }

    /// Whether the batch takes nothing from this source: both ends are the same text.
    public boolean isEmpty() {
        return from.equals(to);
    }

    private static void requireJsonLine(String offset) {
        if (offset.indexOf('\n') >= 0 || offset.indexOf('\r') >= 0 || !Json.isValue(offset)) {
            throw new IllegalArgumentException("An offset is one line of JSON, not '" + offset + "'.");
        }
    }
}
