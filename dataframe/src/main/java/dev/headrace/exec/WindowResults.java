package dev.headrace.exec;

import dev.headrace.plan.WindowCall;
import dev.headrace.plan.WindowFunction;
import org.apache.arrow.vector.FieldVector;

/// The results of one window function, while the sorted rows go by piece by piece. Used by one thread.
interface WindowResults extends AutoCloseable {
    /// How far results can be given.
    ///
    /// @param rows from the first row without a result to the last one that is there
    /// @return the first of them whose result depends on rows that are not there yet; their end if there is none
    int knownUpTo(WindowRows rows);

    /// Writes the results of the rows that are looked at, which follow those of the call before, from place 0 on. All
    /// of them are known.
    void write(WindowRows rows, FieldVector target);

    /// The first row that is needed for those behind the rows that [#write] was called with last.
    int neededFrom(WindowRows rows);

    @Override
    void close();

    /// @param call over columns
    static WindowResults of(WindowCall call, RunContext run) {
        return switch (call.function()) {
            case WindowFunction.Rank rank -> new WindowRanks(rank.kind());
            case WindowFunction.Ntile ntile -> new WindowBuckets(ntile.buckets());
            case WindowFunction.Offset offset -> new WindowOffset(offset, run);
            case WindowFunction.Nth nth -> new WindowNth(nth, call.frame(), run);
            case WindowFunction.Session session -> new WindowSessions(session);
            case WindowFunction.Aggregate(var aggregate) -> new WindowAggregation(aggregate, call.frame(), run);
        };
    }
}
