package dev.headrace.engine;

import dev.headrace.engine.stateful.EventTimeStats;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a query's watermark moves on.
final class Watermarks {
    private static final String POLICY = "spark.sql.streaming.multipleWatermarkPolicy";

    private Watermarks() {}

    /// The watermark after a batch: the latest event time seen less the delay, never earlier than before. With several
    /// `withWatermark`s the earliest of theirs counts, or the latest, if the policy `max` is set; one that saw no rows
    /// holds the watermark where it is, unless the policy is `max`.
    ///
    /// @param currentMillis the batch's watermark; 0 when none
    static long next(long currentMillis, List<EventTimeStats> eventTimes, Map<String, String> conf) {
        boolean max = conf.getOrDefault(POLICY, "min").equalsIgnoreCase("max");
        long combined = max ? Long.MIN_VALUE : Long.MAX_VALUE;
        for (EventTimeStats stats : eventTimes) {
            Optional<EventTimeStats.Seen> seen = stats.seen();
            long own = seen.isPresent() ? Math.floorDiv(seen.get().max() - stats.delayMicros(), 1_000) : currentMillis;
            combined = max ? Math.max(combined, own) : Math.min(combined, own);
        }
        return eventTimes.isEmpty() ? currentMillis : Math.max(currentMillis, combined);
    }
}
