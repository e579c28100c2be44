package dev.headrace.engine;

import dev.headrace.engine.log.BatchId;
import dev.headrace.engine.log.OffsetRange;
import dev.headrace.engine.log.PlannedBatch;
import dev.headrace.engine.log.Recovery;
import dev.headrace.errors.QueryException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What stays the same from a query's first batch to its last; each batch's entry in the log repeats it.
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

    /// @throws QueryException `TIME_ZONE_CHANGED` if the log has another time zone than the session
    static void check(Recovery recovery, ZoneId zone) {
        switch (recovery) {
            case Recovery.Start() -> {}
            case Recovery.Replay(PlannedBatch batch, var _) -> of(zone).over(batch.settings());
            case Recovery.Continue(PlannedBatch last, var _, var _) -> of(zone).over(last.settings());
        }
    }

    /// What the log says, and these where it says nothing.
    ///
    /// @throws QueryException `TIME_ZONE_CHANGED` if it has another time zone: the session's is in the plan, in its
    ///     constants and where sources read times without a zone
    QuerySettings over(Map<String, String> logged) {
        Map<String, String> all = new TreeMap<>(values);
        String before = logged.get(TIME_ZONE);
        if (before != null && !ZoneId.of(before).getRules().equals(zone().getRules())) {
            throw new QueryException(
                    "TIME_ZONE_CHANGED",
                    "The query has had the time zone '" + before + "' since its first batch, and the session's is '"
                            + zone().getId() + "' now. Hours, days and times without a zone would not be those of the"
                            + " earlier batches. Set '" + TIME_ZONE + "' to '" + before
                            + "', or start with a new checkpoint.");
        }
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
