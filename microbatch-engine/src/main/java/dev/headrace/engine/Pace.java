package dev.headrace.engine;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.IntervalText;
import dev.headrace.streaming.Trigger;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/// How much a batch takes from each source, so that it ends in about the time that batches shall take: what has piled
/// up while a query was away is read in many batches of that length, and not in one.
///
/// A batch that took longer, or more than half of the memory, makes the next one smaller in proportion; one that was
/// quicker lets it grow, to four times of what it had. What a batch costs however few rows it has, such as a table that
/// is joined or a commit, is told apart by batches of different sizes: if that alone is too much, small batches would
/// not help, and the query would fall behind. Used by the thread of the trigger loop.
final class Pace {
    /// The setting that says how long batches shall take, as an interval; `0` for no limit.
    static final String TARGET = "headrace.stream.targetBatchTime";

    private static final String DEFAULT_TARGET = "10 seconds";

    /// The first batch, of which it is not known how long a row takes.
    private static final long FIRST = 200_000;

    /// The first batch that a run plans: what has come while the query was away needs so long in a JVM that has just
    /// started that something should come out before.
    private static final long FIRST_OF_RUN = 10_000;

    private static final long LEAST = 1_000;
    private static final double GROWTH = 4;

    /// What is aimed at, as part of the target, so that most batches stay below it.
    private static final double AIM = 0.8;

    private static final double MEMORY_SHARE = 0.5;

    /// From what part of its limit on a source counts as cut off: one that gives whole files has filled at least half
    /// of it when the next file, of about the same size, has no room.
    private static final double CUT = 0.5;

    /// From what part of its memory on a batch counts as one that would need as much with fewer rows.
    private static final double FULL = 0.9;

    private final double targetNanos;
    private final long[] most;
    private final Cost nanosOf = new Cost();
    private final Cost memoryOf = new Cost();
    private long rowsBefore = -1;
    private boolean asked;
    private boolean begun;
    private boolean cut;

    /// What batches have cost.
    private static final class Cost {
        /// From what part of the rows on two batches differ so much that they tell what rows cost.
        private static final double DIFFERENCE = 0.2;

        private double last;
        /// The part that is the same for each batch.
        private double fixed;

        /// @param before how many rows the batch before had; -1 if there was none
        void note(double cost, long rows, long before) {
            if (before >= 0 && Math.abs(rows - before) > DIFFERENCE * Math.max(rows, before)) {
                double ofRow = (cost - last) / (rows - before);
                if (ofRow > 0) {
                    fixed = Math.max(0, cost - ofRow * rows);
                } else if (rows < before) {
                    fixed = last;
                }
            }
            fixed = Math.min(fixed, cost);
            last = cost;
        }
    }

    private Pace(double targetNanos, int sources) {
        this.targetNanos = targetNanos;
        this.most = new long[sources];
        Arrays.fill(most, targetNanos == 0 ? Long.MAX_VALUE : FIRST);
    }

    /// @param conf the session's configuration
    /// @param trigger of the query: batches that run every minute may take a minute
    static Pace of(Map<String, String> conf, Trigger trigger, int sources) {
        double target = targetMicros(conf) * 1e3;
        if (target > 0 && trigger instanceof Trigger.ProcessingTime(Duration interval)) {
            target = Math.max(target, (double) interval.toNanos());
        }
        return new Pace(target, sources);
    }

    /// @throws QueryException `INVALID_CONF`
    static void check(Map<String, String> conf) {
        targetMicros(conf);
    }

    private static long targetMicros(Map<String, String> conf) {
        String text = conf.getOrDefault(TARGET, DEFAULT_TARGET).strip();
        if (text.equals("0")) {
            return 0;
        }
        long micros;
        try {
            micros = IntervalText.micros(text);
        } catch (QueryException notAnInterval) {
            throw invalid(text, notAnInterval);
        }
        if (micros < 0) {
            throw invalid(text, new IllegalArgumentException("it is negative"));
        }
        return micros;
    }

    private static QueryException invalid(String text, Throwable cause) {
        return new QueryException(
                "INVALID_CONF",
                "'" + TARGET + "' is '" + text + "'; expected an interval such as '5 seconds', about the time that a"
                        + " batch shall take, or 0 for no limit.",
                cause);
    }

    /// What the next batch may take from a source, as [dev.headrace.connector.StreamingSource#size] counts.
    long most(int source) {
        asked = true;
        return limit(source);
    }

    private long limit(int source) {
        return begun || targetNanos == 0 ? most[source] : Math.min(most[source], FIRST_OF_RUN);
    }

    /// Whether the last batch took all that it was allowed to: there is probably more, which needn't wait for the
    /// trigger's next time.
    boolean wasCut() {
        return cut;
    }

    /// Takes note of a batch.
    ///
    /// @param sizes what it had of each source; -1 if that is not known
    /// @param memoryShare which part of the session's memory it had at its peak
    void took(long[] sizes, long nanos, double memoryShare) {
        if (targetNanos == 0) {
            return;
        }
        cut = false;
        for (int i = 0; i < sizes.length; i++) {
            cut |= sizes[i] >= limit(i) * CUT;
        }
        // A batch that runs again was planned by the run before.
        begun = asked;
        long rows = Arrays.stream(sizes).filter(size -> size > 0).sum();
        if (rows == 0) {
            return;
        }
        nanosOf.note((double) nanos, rows, rowsBefore);
        memoryOf.note(memoryShare, rows, rowsBefore);
        rowsBefore = rows;
        // At least half of what a batch costs shall be its rows.
        double mostNanos = Math.max(targetNanos, 2 * nanosOf.fixed);
        double byTime = (mostNanos - nanosOf.fixed) * AIM / Math.max(1, nanos - nanosOf.fixed);
        boolean stays = memoryShare > MEMORY_SHARE && memoryOf.fixed > memoryShare * FULL;
        double byMemory = stays ? GROWTH : MEMORY_SHARE * AIM / Math.max(1e-9, memoryShare);
        double factor = Math.min(GROWTH, Math.min(byTime, byMemory));
        boolean tooLarge = nanos > mostNanos || memoryShare > MEMORY_SHARE && !stays;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] < 0) {
                continue;
            }
            long grown = (long) (sizes[i] * factor);
            long next = stays ? Math.min(grown, Math.max(FIRST, sizes[i])) : grown;
            most[i] = Math.max(LEAST, tooLarge ? next : Math.max(most[i], next));
        }
    }
}
