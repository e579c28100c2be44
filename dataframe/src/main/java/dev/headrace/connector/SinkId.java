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

    /// What a sink holds, which is being opened: none of the query's outputs has written in this run.
    ///
    /// @param lastBatch the last batch that is held under a name
    public HeldBatches held(Function<String, OptionalLong> lastBatch) {
        OptionalLong before = earlier.isPresent() ? lastBatch.apply(earlier.get()) : OptionalLong.empty();
        return new HeldBatches(value, before, lastBatch);
    }

    @Override
    public String toString() {
        return value;
    }
}
