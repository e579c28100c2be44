package dev.headrace.engine.stateful;

import java.util.Optional;

/// The event times that one `withWatermark` has seen in the batch that is running. Thread-safe.
public final class EventTimeStats {
    private final long delayMicros;
    private long min = Long.MAX_VALUE;
    private long max = Long.MIN_VALUE;
    private double sum;
    private long count;

    /// @param min,max microseconds
    public record Seen(long min, long max, long average) {}

    EventTimeStats(long delayMicros) {
        this.delayMicros = delayMicros;
    }

    public long delayMicros() {
        return delayMicros;
    }

    synchronized void add(long batchMin, long batchMax, double batchSum, long batchCount) {
        min = Math.min(min, batchMin);
        max = Math.max(max, batchMax);
        sum += batchSum;
        count += batchCount;
    }

    /// What was seen, in microseconds; empty if there were no rows.
    public synchronized Optional<Seen> seen() {
        return count == 0 ? Optional.empty() : Optional.of(new Seen(min, max, (long) (sum / count)));
    }

    /// Forgets the batch.
    public synchronized void reset() {
        min = Long.MAX_VALUE;
        max = Long.MIN_VALUE;
        sum = 0;
        count = 0;
    }
}
