package dev.headrace.connector;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// A stream that can be read again: the same range gives the same rows in the same order, as long as the source retains
/// them.
///
/// Offsets are JSON texts that only the source understands; the engine writes them to the log. Used by the thread of
/// the query's trigger loop; only the splits it plans are read by other threads.
public interface StreamingSource extends AutoCloseable {
    /// Where a new query begins.
    String initialOffset();

    /// The furthest offset that a batch beginning at `start` may reach within the limit; `start` itself when nothing is
    /// new or the limit says to wait.
    ///
    /// @param batchTimestampMillis the clock of the batch, for limits in time
    /// @throws dev.headrace.errors.UnavailableException if the source can't be reached now; asking again is safe
    String latestOffset(String start, ReadLimit limit, long batchTimestampMillis);

    /// The splits that together are exactly `(start, end]` in this source's terms, that is, everything after `start` up
    /// to and including what `end` covers.
    ///
    /// @throws dev.headrace.errors.DataException if some of it is gone for good and the source may not go on without it
    List<Split> plan(String start, String end);

    /// Begins to bring near what has come behind `end` while the batch that ends there is being committed, and returns
    /// at once. May be left out.
    default void prefetch(String end) {}

    /// Told when everything up to `end` has been committed; the source may forget it.
    default void commit(String end) {}

    /// What was found to be gone while the splits of a batch were planned and read, of a source that goes on without
    /// it; forgotten with the answer.
    default List<Gap> takeGaps() {
        return List.of();
    }

    /// Whether its splits are of parts (see [Split#part]), which it can tell the rows of.
    default boolean hasParts() {
        return false;
    }

    /// The parts (see [Split#part]) that an offset tells of; none if it has no parts.
    default Set<String> parts(String offset) {
        return Set.of();
    }

    /// The parts (see [Split#part]) that are known to hold rows after `end`, as of the last call of [#latestOffset].
    default Set<String> unread(String end) {
        return Set.of();
    }

    /// Whether there is anything after `end`, also if no batch would be given it yet.
    default boolean hasMore(String end, long batchTimestampMillis) {
        // As little as there may be: a source that is far behind would have to go through all that is left.
        return !end.equals(latestOffset(end, new ReadLimit.Configured(1), batchTimestampMillis));
    }

    /// How many rows lie in `(start, end]`, exactly, if the source knows; else -1.
    default long rowCount(String start, String end) {
        return -1;
    }

    /// About how much lies in `(start, end]`, for [ReadLimit.Configured]: in rows, or in hundreds of bytes where only
    /// bytes are known. -1 if nothing is known or the range isn't the newest; such a source takes what its own options
    /// say.
    default long size(String start, String end) {
        return rowCount(start, end);
    }

    /// What a query's progress shows for this source after a batch that ended at `end`, such as lag.
    default Map<String, String> metrics(String end) {
        return Map.of();
    }

    @Override
    void close();
}
