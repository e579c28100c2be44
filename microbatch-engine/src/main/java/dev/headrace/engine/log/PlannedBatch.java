package dev.headrace.engine.log;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// All that a batch depends on, fixed before it runs, so that it can be run again with the same result.
///
/// @param id the batch
/// @param sources what each source contributes, by its position in the query; at least one
/// @param watermarkMillis the event-time watermark that the batch runs with, in milliseconds since the epoch; 0 when
///     none
/// @param timestampMillis the batch's clock, in milliseconds since the epoch
/// @param tables the versions of the tables that the query reads anew from time to time, where they tell, in the order
///     of planning
/// @param shedding for each declaration of load shedding, in the order of planning, whether the batch sheds
/// @param settings settings that must not change within a query; iterates in the order of the keys
public record PlannedBatch(
        BatchId id,
        List<OffsetRange> sources,
        long watermarkMillis,
        long timestampMillis,
        List<Optional<String>> tables,
        List<Optional<Shed>> shedding,
        Map<String, String> settings) {

    public PlannedBatch {
        sources = List.copyOf(sources);
        tables = List.copyOf(tables);
        shedding = List.copyOf(shedding);
        SortedMap<String, String> sorted = new TreeMap<>(settings);
        settings = Collections.unmodifiableSortedMap(sorted);
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("Batch " + id + " has no source.");
        }
    }

    /// A batch that reads no such tables and sheds nothing.
    public PlannedBatch(
            BatchId id,
            List<OffsetRange> sources,
            long watermarkMillis,
            long timestampMillis,
            Map<String, String> settings) {
        this(id, sources, watermarkMillis, timestampMillis, List.of(), List.of(), settings);
    }

    /// Whether a declaration of load shedding is in force; it is not if the query that planned the batch did not have
    /// it.
    public Optional<Shed> shed(int index) {
        return index < shedding.size() ? shedding.get(index) : Optional.empty();
    }

    /// The version of a table; empty also if the query that planned the batch did not read the table.
    public Optional<String> table(int index) {
        return index < tables.size() ? tables.get(index) : Optional.empty();
    }
}
