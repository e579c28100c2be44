package dev.headrace.engine;

import dev.headrace.engine.log.BatchId;
import dev.headrace.engine.log.OffsetRange;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What stays the same from a query's first batch to its last, whatever the session says later; each batch's entry in
/// the log repeats it.
///
/// @param values by setting: the session time zone, and where each source began
record QuerySettings(Map<String, String> values) {
    private static final String TIME_ZONE = "spark.sql.session.timeZone";
    private static final String BEGINNING = "headrace.beginning.";
    private static final String HISTORY = "headrace.history.";

    QuerySettings {
        values = Map.copyOf(values);
    }

    static QuerySettings of(ZoneId zone) {
        return new QuerySettings(Map.of(TIME_ZONE, zone.getId()));
    }

    /// What the log says, and these where it says nothing.
    QuerySettings over(Map<String, String> logged) {
        Map<String, String> all = new TreeMap<>(values);
        all.putAll(logged);
        return new QuerySettings(all);
    }

    /// With the beginnings of the sources, if the batch is the first.
    QuerySettings beginningWith(BatchId batch, List<OffsetRange> ranges) {
        if (!batch.equals(BatchId.FIRST)) {
            return this;
        }
        Map<String, String> all = new TreeMap<>(values);
        for (int i = 0; i < ranges.size(); i++) {
            String key = BEGINNING + i;
            ranges.get(i).from().ifPresent(from -> all.put(key, from));
        }
        return new QuerySettings(all);
    }

    /// With the end of a source's history (see [dev.headrace.connector.ReadFirst]).
    QuerySettings withHistory(int source, String end) {
        Map<String, String> all = new TreeMap<>(values);
        all.put(HISTORY + source, end);
        return new QuerySettings(all);
    }

    /// Where the history of a source ends, if it has one.
    Optional<String> historyEnd(int source) {
        return Optional.ofNullable(values.get(HISTORY + source));
    }

    ZoneId zone() {
        return ZoneId.of(values.getOrDefault(TIME_ZONE, "UTC"));
    }

    Map<String, String> toMap() {
        return values;
    }

    /// Where a source began, if an entry says so.
    static Optional<String> beginning(Map<String, String> logged, int source) {
        return Optional.ofNullable(logged.get(BEGINNING + source));
    }
}
