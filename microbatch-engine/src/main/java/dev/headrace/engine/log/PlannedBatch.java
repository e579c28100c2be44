package dev.headrace.engine.log;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// All that a batch depends on, fixed before it runs, so that it can be run again with the same result.
///
/// @param id the batch
/// @param sources what each source contributes, by its position in the query; at least one
/// @param watermarkMillis the event-time watermark that the batch runs with, in milliseconds since the epoch; 0 when
///     none
/// @param timestampMillis the batch's clock, in milliseconds since the epoch
/// @param settings settings that must not change within a query; iterates in the order of the keys
public record PlannedBatch(
        BatchId id,
        List<OffsetRange> sources,
        long watermarkMillis,
        long timestampMillis,
        Map<String, String> settings) {

    public PlannedBatch {
        sources = List.copyOf(sources);
        SortedMap<String, String> sorted = new TreeMap<>(settings);
        settings = Collections.unmodifiableSortedMap(sorted);
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("Batch " + id + " has no source.");
        }
    }
}
