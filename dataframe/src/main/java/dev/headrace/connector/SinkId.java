package dev.headrace.connector;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/// The name under which a sink remembers which batch it holds. Of a query's outputs each has one of its own, so two of
/// them may go to one database, table or cluster.
///
/// @param value stays the same over restarts: the query's id for its first output
/// @param earlier under which this sink may hold batches from before the outputs of its query had names of their own
public record SinkId(String value, Optional<String> earlier) {
    /// The first output's.
    public static SinkId of(String queryId) {
        return new SinkId(queryId, Optional.empty());
    }

    /// The last batch that a sink holds.
    ///
    /// @param lastBatch the last batch that it holds under a name
    public OptionalLong last(Function<String, OptionalLong> lastBatch) {
        OptionalLong last = lastBatch.apply(value);
        return last.isPresent() || earlier.isEmpty() ? last : lastBatch.apply(earlier.get());
    }

    @Override
    public String toString() {
        return value;
    }
}
