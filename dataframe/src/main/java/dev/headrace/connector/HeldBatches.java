package dev.headrace.connector;

import java.util.OptionalLong;
import java.util.function.Function;

/// Which batch a sink holds last.
///
/// @param name under which the sink remembers it
/// @param before what it held under an earlier name when it was opened; that is the name of another output, which
///     writes on under it
/// @param lastBatch the last batch that is held under a name
public record HeldBatches(String name, OptionalLong before, Function<String, OptionalLong> lastBatch) {
    /// Asks for the last batch.
    public OptionalLong last() {
        OptionalLong own = lastBatch.apply(name);
        return own.isPresent() && own.getAsLong() >= before.orElse(-1) ? own : before;
    }
}
