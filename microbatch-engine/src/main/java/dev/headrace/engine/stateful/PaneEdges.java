package dev.headrace.engine.stateful;

import dev.headrace.errors.QueryException;
import dev.headrace.exec.GroupLayout;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.plan.Firing;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.state.StateSchema;
import dev.headrace.streaming.OutputMode;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Plans aggregations over streams whose groups come out several times.
///
/// @param aggregates plans them where each change comes out at once
record PaneEdges(StreamingPlanner planner, OutputMode mode, AggregateEdges aggregates) {
    private static final String ROWS = "_rows";

    /// @param node comes out several times
    /// @param last whether only filters and projections come between the node and the sink
    Edge of(LogicalPlan.Aggregate node, Firing firing, Optional<TimeKey> time, boolean last) {
        check(node, firing, time);
        PaneAggregate.Gives gives = gives(firing, last);
        Optional<LogicalPlan.Window> sessions = AggregateEdges.sessionsOf(node);
        if (sessions.isPresent()) {
            return ofSessions(node, sessions.get(), firing, gives, time);
        }
        Edge input = planner.edge(node.input(), false);
        if (!AggregateEdges.isIncremental(node, input)) {
            return ofChanges(node, input, firing, gives, time);
        }
        PhysicalPlan panes = DistinctValues.anyIn(node)
                ? overDistinct(node, firing, gives, input, time)
                : overRows(node, firing, gives, input, time);
        return new Edge(
                OperatorOutput.of(panes),
                switch (gives) {
                    case LATEST -> Edge.Mode.UPSERT;
                    case CHANGES -> Edge.Mode.RETRACT;
                    case PARTS -> Edge.Mode.APPEND;
                });
    }

    /// Sessions are merged, so that one that has come out may have to be taken back.
    private Edge ofSessions(
            LogicalPlan.Aggregate node,
            LogicalPlan.Window sessions,
            Firing firing,
            PaneAggregate.Gives gives,
            Optional<TimeKey> time) {
        refuseWithoutChanges(firing, gives, "sessions", "Sessions that have come out can still become one");
        Edge below = planner.edge(sessions.input(), false);
        if (!AggregateEdges.isIncremental(node, below) || DistinctValues.anyIn(node)) {
            if (!below.retracts()) {
                refuseCounted(
                        firing, "distinct aggregates over sessions", "They are computed anew when a session changes.");
            }
            return ofChanges(node, planner.window(sessions, below), firing, gives, time);
        }
        PhysicalPlan changes = aggregates.sessions(
                counting(node), sessions, below, StatefulAggregate.Emission.CHANGES, firing.latenessMicros());
        return held(node.keys().size(), changes, true, firing, time);
    }

    private Edge ofChanges(
            LogicalPlan.Aggregate node, Edge input, Firing firing, PaneAggregate.Gives gives, Optional<TimeKey> time) {
        refuseWithoutChanges(
                firing, gives, "groups whose rows can go again", "A group that has come out may be gone later");
        refuseCounted(
                firing,
                "groups whose rows can go again",
                "A row that replaces another one is no new row that could be counted.");
        Edge changes = aggregates.changing(node, input, time.map(key -> key.later(firing.latenessMicros())), false);
        return held(node.keys().size(), planner.plan(changes.plan()), false, firing, time);
    }

    private static void refuseCounted(Firing firing, String of, String why) {
        if (firing.everyRows().isPresent()) {
            throw StreamingPlanner.unsupported(
                    "emit(" + firing + ") of " + of,
                    why + " Results of them can't go by the number of rows: use earlyEvery(\"10 seconds\"), by the"
                            + " clock.");
        }
    }

    private void refuseWithoutChanges(Firing firing, PaneAggregate.Gives gives, String of, String why) {
        if (gives != PaneAggregate.Gives.CHANGES) {
            throw StreamingPlanner.unsupported(
                    "emit(" + firing + ") of " + of + " in " + mode + " mode",
                    why + ", which only changes can tell: use retracting() with outputMode(\"changelog\"), or"
                            + " Emit.atWatermark().");
        }
    }

    /// @param changes of the groups' results
    /// @param counted whether their last column is the number of rows
    private Edge held(int keyCount, PhysicalPlan changes, boolean counted, Firing firing, Optional<TimeKey> time) {
        StructType rows = nullable(changes.schema().fieldList());
        StructType keys = new StructType(rows.fieldList().subList(0, keyCount));
        OperatorState state = planner.newState("heldChanges", KeyedRows.stateSchema(keys, rows, false));
        return new Edge(
                OperatorOutput.of(new HeldChanges(
                        changes,
                        counted,
                        firing,
                        time.map(key -> key.at(key.index())),
                        new KeyedRows(state, keys, rows, new KeyedRows.Lifetime.Endless()),
                        onTime(keys, time),
                        early(keys, firing))),
                Edge.Mode.RETRACT);
    }

    private static StructType nullable(List<StructField> fields) {
        return new StructType(
                fields.stream().map(field -> field.withNullable(true)).toList());
    }

    private void check(LogicalPlan.Aggregate node, Firing firing, Optional<TimeKey> time) {
        if (time.isEmpty() && (!firing.isEarly() || !firing.lateness().isZero())) {
            throw StreamingPlanner.unsupported(
                    "emit(" + firing + ") of groups without a watermarked key",
                    "They have no end that could be reached: call withWatermark(\"ts\", \"1 minute\") before, and group "
                            + "by window(col(\"ts\"), …); or use Emit.every(…), without lateWithin(…).");
        }
        if (firing.panes() == Firing.Panes.DISCARDING && DistinctValues.anyIn(node)) {
            throw StreamingPlanner.unsupported(
                    "distinct aggregates with emit(…).discarding()",
                    "Values of one result may come in the next again, so that results do not add up: use "
                            + "accumulating() or retracting().");
        }
    }

    /// What the results mean for what comes above.
    private PaneAggregate.Gives gives(Firing firing, boolean last) {
        return switch (firing.panes()) {
            case ACCUMULATING -> {
                if (mode == OutputMode.CHANGELOG && last) {
                    yield PaneAggregate.Gives.CHANGES;
                }
                if (!last) {
                    throw StreamingPlanner.unsupported(
                            "emit(…).accumulating() below another operator with state",
                            "Rows that several results have would count several times there: use retracting(), which "
                                    + "takes each result back.");
                }
                if (mode != OutputMode.UPDATE) {
                    throw refused(
                            "emit(…).accumulating() gives results that replace those before, which outputMode(\"" + mode
                                    + "\") can't tell. Use outputMode(\"update\") or (\"changelog\"), or discarding(), "
                                    + "whose results add up.");
                }
                yield PaneAggregate.Gives.LATEST;
            }
            case RETRACTING -> {
                if (last && mode != OutputMode.CHANGELOG) {
                    throw refused("emit(…).retracting() takes results back, which outputMode(\"" + mode
                            + "\") can't tell. Use outputMode(\"changelog\"), or accumulating() with "
                            + "outputMode(\"update\").");
                }
                yield PaneAggregate.Gives.CHANGES;
            }
            case DISCARDING -> {
                if (last && mode == OutputMode.UPDATE) {
                    throw refused("emit(…).discarding() gives results that add up, and in outputMode(\"update\") each "
                            + "replaces the one before. Use outputMode(\"append\"), or accumulating().");
                }
                yield PaneAggregate.Gives.PARTS;
            }
        };
    }

    static QueryException refused(String message) {
        return new QueryException("UNSUPPORTED_OUTPUT_MODE", message);
    }

    private PhysicalPlan overRows(
            LogicalPlan.Aggregate node, Firing firing, PaneAggregate.Gives gives, Edge input, Optional<TimeKey> time) {
        List<OutputColumn> columns = new ArrayList<>(StreamingPlanner.columnsOf(input.rowSchema()));
        time.ifPresent(key -> columns.add(
                new OutputColumn("_time", node.keys().get(key.index()).expr())));
        PhysicalPlan rows = planner.plan(new LogicalPlan.Project(input.plan(), columns));
        LogicalPlan.Aggregate counted = counting(node);
        OperatorState groups = groups(grouping(counted, rows), time);
        PhysicalPlan inTime = time.<PhysicalPlan>map(key ->
                        new InTime(rows, late(key.at(input.rowSchema().size()), firing), input.rowSchema(), groups))
                .orElse(rows);
        return panes(grouping(counted, inTime), firing, gives, time, groups);
    }

    private PhysicalPlan overDistinct(
            LogicalPlan.Aggregate node, Firing firing, PaneAggregate.Gives gives, Edge input, Optional<TimeKey> time) {
        DistinctValues distinct = DistinctValues.of(counting(node), StreamingPlanner.columnsOf(input.rowSchema()))
                .orElseThrow();
        PhysicalPlan rows = planner.plan(new LogicalPlan.Project(input.plan(), distinct.inputColumns()));
        Optional<Expiry> expiry = time.map(key -> late(key.at(key.index()), firing));
        List<OperatorState> states = new ArrayList<>();
        for (DistinctValues.Found found : distinct.found()) {
            states.add(planner.newState(
                    "distinctValues", FirstValues.stateSchema(rows.schema(), found, expiry.isPresent())));
        }
        FirstValues firsts = new FirstValues(rows, distinct.found(), states, expiry);
        OperatorState groups = groups(planner.grouping(distinct.over(OperatorOutput.of(firsts))), time);
        PhysicalPlan inTime = time.<PhysicalPlan>map(key -> new InTime(
                        rows, late(key.at(distinct.firstKey() + key.index()), firing), input.rowSchema(), groups))
                .orElse(rows);
        FirstValues inTimeFirsts = new FirstValues(inTime, distinct.found(), states, expiry);
        return panes(planner.grouping(distinct.over(OperatorOutput.of(inTimeFirsts))), firing, gives, time, groups);
    }

    private static Expiry late(Expiry end, Firing firing) {
        return end.later(firing.latenessMicros());
    }

    /// The aggregation with the number of rows as its last aggregate.
    private static LogicalPlan.Aggregate counting(LogicalPlan.Aggregate node) {
        List<LogicalPlan.Aggregate.Aggregation> aggregates = new ArrayList<>(node.aggregates());
        aggregates.add(
                new LogicalPlan.Aggregate.Aggregation(ROWS, FunctionRegistry.bindAggregate("count", List.of(), false)));
        return new LogicalPlan.Aggregate(node.input(), node.keys(), aggregates);
    }

    private PhysicalPlan.HashAggregate grouping(LogicalPlan.Aggregate node, PhysicalPlan rows) {
        return planner.grouping(new LogicalPlan.Aggregate(OperatorOutput.of(rows), node.keys(), node.aggregates()));
    }

    private OperatorState groups(PhysicalPlan.HashAggregate batch, Optional<TimeKey> time) {
        GroupLayout layout = GroupLayout.of(batch);
        return planner.newState(
                "stateStoreSave", new StateSchema(layout.keySchema(), layout.partialValueSchema(), time.isPresent()));
    }

    private PhysicalPlan panes(
            PhysicalPlan.HashAggregate batch,
            Firing firing,
            PaneAggregate.Gives gives,
            Optional<TimeKey> time,
            OperatorState groups) {
        StructType keys = GroupLayout.of(batch).keySchema();
        Optional<WaitingKeys> onTime = onTime(keys, time);
        Optional<WaitingKeys> early = early(keys, firing);
        Optional<OperatorState> shown = gives == PaneAggregate.Gives.PARTS
                ? Optional.empty()
                : Optional.of(
                        planner.newState("panesShown", PaneAggregate.shownSchema(batch, gives, time.isPresent())));
        return new PaneAggregate(
                batch, firing, gives, time.map(key -> key.at(key.index())), groups, onTime, early, shown);
    }

    private Optional<WaitingKeys> onTime(StructType keys, Optional<TimeKey> time) {
        return time.map(_ -> new WaitingKeys(planner.newState("panesOnTime", WaitingKeys.stateSchema(keys))));
    }

    private Optional<WaitingKeys> early(StructType keys, Firing firing) {
        Optional<WaitingKeys> early = firing.everyTime()
                .map(_ -> new WaitingKeys(planner.newState("panesEarly", WaitingKeys.stateSchema(keys))));
        early.ifPresent(waiting -> waiting.state().expireByProcessingTime());
        return early;
    }
}
