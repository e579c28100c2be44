package dev.headrace.streaming;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.Firing;

/// When the groups of a stream come out, and what each result of a group has; for
/// [dev.headrace.RelationalGroupedDataset#emit].
///
/// ```java
/// Emit.atWatermark().earlyEvery("10 seconds").earlyEvery(1000).lateWithin("1 hour").accumulating()
/// ```
///
/// A group has a result on time, when the watermark reaches the end of its window; early ones before it, and late ones
/// behind it, if they are asked for. A result comes only when there are rows that none has shown. Immutable.
public final class Emit {
    private final Firing firing;

    private Emit(Firing firing) {
        this.firing = firing;
    }

    /// A result when the watermark has reached the end of the group's window, and no other.
    public static Emit atWatermark() {
        return new Emit(Firing.atWatermark());
    }

    /// For groups that have no end, early results alone; else as [#atWatermark] with [#earlyEvery].
    ///
    /// @throws QueryException `INVALID_INTERVAL`
    public static Emit every(String interval) {
        return atWatermark().earlyEvery(interval);
    }

    /// @throws QueryException `INVALID_EMIT` if there are less than one
    public static Emit every(long rows) {
        return atWatermark().earlyEvery(rows);
    }

    /// Also a result so long after a group's first row that none has shown, by the batches' clock: in the first batch
    /// at or after that time. With a number of rows as well, whichever comes first.
    ///
    /// @param interval such as `10 seconds`
    /// @throws QueryException `INVALID_INTERVAL`; `INVALID_EMIT` if it is not longer than zero
    public Emit earlyEvery(String interval) {
        return new Emit(firing.earlyEvery(interval));
    }

    /// Also a result in the batch in which so many rows have come that none has shown.
    ///
    /// @throws QueryException `INVALID_EMIT` if there are less than one
    public Emit earlyEvery(long rows) {
        return new Emit(firing.earlyEvery(rows));
    }

    /// Rows that come behind their window's end, by no more than this, are no late rows: each batch that has some gives
    /// a result of the window anew. The state of a window is kept for so long.
    ///
    /// @param lateness such as `1 hour`
    /// @throws QueryException `INVALID_INTERVAL`; `INVALID_EMIT` if it is not longer than zero
    public Emit lateWithin(String lateness) {
        return new Emit(firing.lateWithin(lateness));
    }

    /// Each result has all rows of the group so far, and replaces the one before: for sinks that know the key, in
    /// output mode update. The default.
    public Emit accumulating() {
        return new Emit(firing.with(Firing.Panes.ACCUMULATING));
    }

    /// Each result has the rows since the one before, so that they add up: for output mode append.
    public Emit discarding() {
        return new Emit(firing.with(Firing.Panes.DISCARDING));
    }

    /// Each result has all rows of the group so far, and the one before is taken back: for output mode changelog, and
    /// for what is computed over the results, which stays exact.
    public Emit retracting() {
        return new Emit(firing.with(Firing.Panes.RETRACTING));
    }

    /// What the planner goes by.
    public Firing firing() {
        return firing;
    }

    @Override
    public String toString() {
        return firing.toString();
    }
}
