package dev.headrace.engine;

import dev.headrace.connector.StreamStart;
import dev.headrace.engine.log.BatchId;
import dev.headrace.engine.log.OffsetRange;
import dev.headrace.engine.log.PlannedBatch;
import dev.headrace.engine.log.Recovery;
import dev.headrace.engine.stateful.StatefulOperators;
import dev.headrace.engine.stateful.StreamingPlanner;
import dev.headrace.errors.QueryException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/// What stays the same from a query's first batch to its last; each batch's entry in the log repeats it.
///
/// @param values by setting: the session time zone, what the operators with state are, whether several sinks
///     have an id each, when the query began, and where each source did
record QuerySettings(Map<String, String> values) {
    private static final String TIME_ZONE = "spark.sql.session.timeZone";
    private static final String OPERATORS = "headrace.statefulOperators";
    private static final String BEGINNING = "headrace.beginning.";
    private static final String SINK_IDS = "headrace.sinkIds";
    private static final String ONE_EACH = "one each";
    private static final String BEGUN = "headrace.begun";
    private static final String HISTORY = "headrace.history.";

    QuerySettings {
        values = Map.copyOf(values);
    }

    static QuerySettings of(ZoneId zone) {
        return new QuerySettings(Map.of(TIME_ZONE, zone.getId()));
    }

    /// Those of a query that is started.
    static QuerySettings of(StreamStart request) {
        StatefulOperators operators = StatefulOperators.of(request.outputs().stream()
                .map(output -> new StreamingPlanner.Result(output.analyzed(), output.outputMode()))
                .toList());
        Map<String, String> all =
                new TreeMap<>(of(request.runtime().settings().zone()).values());
        all.put(OPERATORS, operators.toString());
        if (request.outputs().size() > 1) {
            all.put(SINK_IDS, ONE_EACH);
        }
        return new QuerySettings(all);
    }

    /// @throws QueryException `TIME_ZONE_CHANGED` if the log has another time zone than the session
    static void check(Recovery recovery, ZoneId zone) {
        logged(recovery).ifPresent(batch -> of(zone).over(batch.settings()));
    }

    /// Checks that the state in a checkpoint is that of the query. The first batch has none to go on from.
    ///
    /// @param there the states that the checkpoint has, for logs that don't tell what they are
    /// @param planned how many states the query has
    /// @throws dev.headrace.errors.CheckpointException `STATEFUL_OPERATORS_CHANGED`, `STATEFUL_OPERATOR_CHANGED`
    void checkState(Recovery recovery, IntSupplier there, int planned, Path checkpoint) {
        if (recovery.nextBatch().equals(BatchId.FIRST)) {
            return;
        }
        Optional<String> before = logged(recovery).map(batch -> batch.settings().get(OPERATORS));
        if (before.isPresent()) {
            StatefulOperators.parse(before.get())
                    .check(StatefulOperators.parse(values.getOrDefault(OPERATORS, "")), checkpoint);
        } else {
            StatefulOperators.checkCount(there.getAsInt(), planned, checkpoint);
        }
    }

    /// Whether each sink of a query has had an id of its own since before its last batch. In older logs all have the
    /// query's.
    static boolean saySinksHaveIds(Recovery recovery) {
        return logged(recovery)
                .map(batch -> batch.settings().containsKey(SINK_IDS))
                .orElse(true);
    }

    private static Optional<PlannedBatch> logged(Recovery recovery) {
        return switch (recovery) {
            case Recovery.Start() -> Optional.empty();
            case Recovery.Replay(PlannedBatch batch, var _) -> Optional.of(batch);
            case Recovery.Continue(PlannedBatch last, var _, var _) -> Optional.of(last);
        };
    }

    /// What the log says, and these where it says nothing. What the operators with state are is what it is now: their
    /// state has been found to be the same, and the log may be older than some parameters.
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
        Optional.ofNullable(values.get(OPERATORS)).ifPresent(operators -> all.put(OPERATORS, operators));
        return new QuerySettings(all);
    }

    /// With the beginnings of the sources, and the time, if the batch is the first.
    QuerySettings beginningWith(BatchId batch, List<OffsetRange> ranges, long timestampMillis) {
        if (!batch.equals(BatchId.FIRST)) {
            return this;
        }
        Map<String, String> all = new TreeMap<>(values);
        all.put(BEGUN, Long.toString(timestampMillis));
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

    /// When the first batch was, in milliseconds since the epoch, if an entry says so.
    static OptionalLong begun(Map<String, String> logged) {
        String millis = logged.get(BEGUN);
        return millis == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(millis));
    }

    /// Where a source began, if an entry says so.
    static Optional<String> beginning(Map<String, String> logged, int source) {
        return Optional.ofNullable(logged.get(BEGINNING + source));
    }
}
