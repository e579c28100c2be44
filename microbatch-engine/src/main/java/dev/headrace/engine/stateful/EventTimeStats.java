package dev.headrace.engine.stateful;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The event times that one `withWatermark` has seen in the batch that is running. Thread-safe.
public final class EventTimeStats {
    private final String column;
    private final long delayMicros;
    private final Set<Integer> sources;
    private final Map<String, Long> latest = new TreeMap<>();
    private long min = Long.MAX_VALUE;
    private long max = Long.MIN_VALUE;
    private double sum;
    private long count;

    /// @param min,max microseconds
    public record Seen(long min, long max, long average) {}

    /// @param sources the streams whose rows come here, by their position in the query
    public EventTimeStats(String column, long delayMicros, Set<Integer> sources) {
        this.column = column;
        this.delayMicros = delayMicros;
        this.sources = sources;
    }

    /// The name of the event-time column.
    public String column() {
        return column;
    }

    public long delayMicros() {
        return delayMicros;
    }

    public Set<Integer> sources() {
        return sources;
    }

    public synchronized void add(String part, long batchMin, long batchMax, double batchSum, long batchCount) {
        latest.merge(part, batchMax, Math::max);
        min = Math.min(min, batchMin);
        max = Math.max(max, batchMax);
        sum += batchSum;
        count += batchCount;
    }

    /// What was seen, in microseconds; empty if there were no rows.
    public synchronized Optional<Seen> seen() {
        return count == 0 ? Optional.empty() : Optional.of(new Seen(min, max, (long) (sum / count)));
    }

    /// The latest event time that was seen of each part of the input, in microseconds.
    public synchronized Map<String, Long> latest() {
        return Map.copyOf(latest);
    }

    /// Forgets the batch.
    public synchronized void reset() {
        latest.clear();
        min = Long.MAX_VALUE;
        max = Long.MIN_VALUE;
        sum = 0;
        count = 0;
    }
}
