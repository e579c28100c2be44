package dev.headrace.delta;

import java.time.Duration;
import java.util.Optional;

/// How long a stream's files may be put together between two batches.
///
/// A tenth of the time, so that batches wait little; half of the time that would pass idly before the trigger's next
/// batch; and more, to half of all time, where so much is due that files would become ever more. What was not used is
/// kept for a moment, and what was used too much is not given later: one step, such as a commit, can't be cut. Used by
/// one thread.
final class CompactionBudget {
    private static final double SHARE = 0.1;
    private static final double LARGEST_SHARE = 0.5;
    private static final long MOST_KEPT = Duration.ofMillis(20).toNanos();

    /// However much is due.
    private static final long MOST_OF_ALL = Duration.ofMillis(500).toNanos();

    private final Optional<Duration> fixed;
    private long credit = MOST_KEPT;
    private long before;
    private long free;

    /// @param now in nanoseconds, since anything
    /// @param fixed for each time between two batches, whatever time has passed; absent for a share of the time
    CompactionBudget(long now, Optional<Duration> fixed) {
        this.before = now;
        this.fixed = fixed;
    }

    /// How many nanoseconds there are now.
    ///
    /// @param idle how long no batch would run anyway
    /// @param due how much there is to do: how often many files can be put together
    long begin(long now, Duration idle, int due) {
        int often = Math.max(1, due);
        double share = Math.min(LARGEST_SHARE, SHARE * often);
        credit = Math.min(Math.min(MOST_OF_ALL, MOST_KEPT * often), credit + (long) ((now - before) * share));
        free = idle.toNanos() / 2;
        before = now;
        return fixed.map(Duration::toNanos).orElse(Math.max(credit, free));
    }

    /// Says when it ended that began last.
    void end(long now) {
        credit -= Math.max(0, now - before - free);
        before = now;
    }
}
