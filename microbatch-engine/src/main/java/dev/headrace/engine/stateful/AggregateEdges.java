package dev.headrace.engine.stateful;

import dev.headrace.errors.QueryException;
import dev.headrace.exec.GroupLayout;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.function.TimeWindow;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Firing;
import dev.headrace.plan.GroupCall;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.WindowFunction;
import dev.headrace.state.StateSchema;
import dev.headrace.streaming.OutputMode;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Plans aggregations over streams, sessions and distinct values among them.
///
/// @param keepsLateRows whether late rows are wanted, with all their columns
record AggregateEdges(StreamingPlanner planner, OutputMode mode, boolean keepsLateRows) {
    /// What the names begin with by which `ChangeFeed.table` and `Debezium.table` aggregate.
    private static final String FEED = "_headrace_";

    /// Whether a group's result can be kept up to date from its partial result and the distinct values that it has
    /// seen.
    static boolean isIncremental(LogicalPlan.Aggregate node, Edge input) {
        return !input.retracts() && DistinctValues.of(node, List.of()).isPresent();
    }

    Edge of(LogicalPlan.Aggregate node, boolean last) {
        if (mode != OutputMode.COMPLETE && keys(node).stream().anyMatch(key -> numbersWholeGroups(node.input(), key))) {
            return ofWholeGroups(node);
        }
        Optional<TimeKey> time = TimeKey.of(node.input(), keys(node));
        Optional<Firing> panes = node.firing().filter(firing -> !firing.once());
        if (panes.isPresent()) {
            return new PaneEdges(planner, mode, this).of(node, panes.get(), time, last);
        }
        boolean once = mode == OutputMode.APPEND || node.firing().isPresent();
        if (once && time.isEmpty()) {
            throw endless(node);
        }
        Optional<TimeKey> expiring = mode == OutputMode.COMPLETE ? Optional.empty() : time;
        Optional<LogicalPlan.Window> sessions = sessionsOf(node);
        if (sessions.isPresent()) {
            return sessions(node, sessions.get(), expiring, once);
        }
        Edge input = planner.edge(node.input(), false);
        if (!isIncremental(node, input)) {
            return changing(node, input, expiring, once);
        }
        if (once) {
            return new Edge(
                    OperatorOutput.of(aggregateRows(node, input, StatefulAggregate.Emission.FINAL, expiring)),
                    Edge.Mode.APPEND);
        }
        boolean updates = mode == OutputMode.UPDATE && last;
        if (updates && isOfFeed(node)) {
            throw tableOfChanges();
        }
        StatefulAggregate.Emission emission =
                updates ? StatefulAggregate.Emission.UPDATED : StatefulAggregate.Emission.CHANGES;
        return new Edge(
                OperatorOutput.of(aggregateRows(node, input, emission, expiring)),
                updates ? Edge.Mode.UPSERT : Edge.Mode.RETRACT);
    }

    private static boolean isOfFeed(LogicalPlan.Aggregate node) {
        return node.aggregates().stream()
                .anyMatch(aggregation -> aggregation.name().startsWith(FEED));
    }

    private QueryException tableOfChanges() {
        return StreamingPlanner.unsupported(
                "a table of changes in " + mode + " mode",
                "Its rows change and go again with the changes: use outputMode(\"changelog\") or (\"complete\").");
    }

    private QueryException endless(LogicalPlan.Aggregate node) {
        if (isOfFeed(node)) {
            return tableOfChanges();
        }
        if (node.firing().isPresent()) {
            return StreamingPlanner.unsupported(
                    "emit(Emit.atWatermark()) of groups without a watermarked key",
                    "They have no end that could be reached: call withWatermark(\"ts\", \"1 minute\") before, and group by"
                            + " window(col(\"ts\"), …) or by the event-time column; or leave emit(…) out.");
        }
        return StreamingPlanner.unsupported(
                "an aggregation in append mode without a watermarked key",
                "In append mode a group goes out when the watermark says that it is final: call "
                        + "withWatermark(\"ts\", \"1 minute\") before, and group by window(col(\"ts\"), …) or by the "
                        + "event-time column; or use outputMode(\"update\") or (\"complete\").");
    }

    /// Whether a column numbers groups whose rows all come in one batch.
    private static boolean numbersWholeGroups(LogicalPlan plan, BoundExpr expr) {
        if (!(expr instanceof BoundExpr.Column column)) {
            return false;
        }
        return switch (plan) {
            case LogicalPlan.Filter filter -> numbersWholeGroups(filter.input(), expr);
            case LogicalPlan.Project project ->
                numbersWholeGroups(
                        project.input(), project.columns().get(column.ordinal()).expr());
            case LogicalPlan.MapGroups groups ->
                groups.call() instanceof GroupCall.Stateful call
                        && call.wholeGroups().equals(OptionalInt.of(column.ordinal()));
            case LogicalPlan _ -> false;
        };
    }

    /// Groups whose rows all come in one batch need no state.
    private Edge ofWholeGroups(LogicalPlan.Aggregate node) {
        if (node.firing().isPresent()) {
            throw StreamingPlanner.unsupported(
                    "emit(…) of count windows", "They come out when they are full. Leave it out.");
        }
        Edge input = planner.edge(node.input(), false);
        return new Edge(
                OperatorOutput.of(
                        planner.grouping(new LogicalPlan.Aggregate(input.plan(), node.keys(), node.aggregates()))),
                Edge.Mode.APPEND);
    }

    /// What finds the sessions that an aggregation is over, if it is over sessions.
    static Optional<LogicalPlan.Window> sessionsOf(LogicalPlan.Aggregate node) {
        return node.input() instanceof LogicalPlan.Window window
                        && window.columns().size() == 1
                        && window.columns().getFirst().call().function() instanceof WindowFunction.Session
                        && sessionKey(node, window) >= 0
                ? Optional.of(window)
                : Optional.empty();
    }

    private static int sessionKey(LogicalPlan.Aggregate node, LogicalPlan.Window sessions) {
        int ordinal = sessions.input().schema().size();
        for (int k = 0; k < node.keys().size(); k++) {
            if (node.keys().get(k).expr() instanceof BoundExpr.Column column && column.ordinal() == ordinal) {
                return k;
            }
        }
        return -1;
    }

    /// @param once whether each session comes out once, when it is final
    private Edge sessions(
            LogicalPlan.Aggregate node, LogicalPlan.Window sessions, Optional<TimeKey> time, boolean once) {
        Edge below = planner.edge(sessions.input(), false);
        if (isIncremental(node, below) && !DistinctValues.anyIn(node)) {
            return new Edge(
                    OperatorOutput.of(sessions(
                            node,
                            sessions,
                            below,
                            once ? StatefulAggregate.Emission.FINAL : StatefulAggregate.Emission.CHANGES,
                            0)),
                    once ? Edge.Mode.APPEND : Edge.Mode.RETRACT);
        }
        if (once) {
            throw StreamingPlanner.unsupported(
                    "distinct aggregates over sessions that come out once",
                    "Use outputMode(\"changelog\"), without emit(Emit.atWatermark()).");
        }
        return recomputed(node, planner.window(sessions, below), time, false);
    }

    /// @param input what the sessions are of, only added rows
    /// @param latenessMicros how long after its end a session takes rows
    PhysicalPlan sessions(
            LogicalPlan.Aggregate node,
            LogicalPlan.Window sessions,
            Edge input,
            StatefulAggregate.Emission emission,
            long latenessMicros) {
        int sessionKey = sessionKey(node, sessions);
        int width = input.rowSchema().size();
        List<StructField> otherKeys =
                new ArrayList<>(node.keys().stream().map(OutputColumn::field).toList());
        otherKeys.remove(sessionKey);
        StructType keySchema = new StructType(otherKeys);
        WindowFunction.Session session =
                (WindowFunction.Session) sessions.columns().getFirst().call().function();
        BoundExpr own = TimeWindow.window(session.start(), session.end());
        Optional<EventTimeColumn> time = mode == OutputMode.COMPLETE
                ? Optional.empty()
                : EventTimeColumn.of(
                        sessions, Changelog.column(sessions.schema().field(width), width));
        Optional<Expiry> late = time.map(t -> new Expiry(width, t.form(), t.slackMicros() + latenessMicros));
        Optional<Expiry> expiry = time.map(t -> new Expiry(sessionKey, t.form(), t.slackMicros() + latenessMicros));
        List<OutputColumn> columns = new ArrayList<>(StreamingPlanner.columnsOf(input.rowSchema()));
        if (late.isPresent()) {
            columns.add(new OutputColumn("_interval", own));
        }
        PhysicalPlan rows = planner.plan(new LogicalPlan.Project(input.plan(), columns));
        GroupLayout layout = GroupLayout.of(sessions(node, sessions, rows));
        KeyedRows.Lifetime lifetime = expiry.<KeyedRows.Lifetime>map(KeyedRows.Lifetime.OfRow::new)
                .orElseGet(KeyedRows.Lifetime.Endless::new);
        OperatorState state = planner.newState(
                "sessionWindowStateStoreSave",
                KeyedRows.stateSchema(keySchema, layout.partialSchema(), expiry.isPresent()));
        PhysicalPlan inTime = late.<PhysicalPlan>map(l -> new InTime(rows, l, input.rowSchema(), state))
                .orElse(rows);
        return new StatefulSessions(
                sessions(node, sessions, inTime),
                sessionKey,
                emission,
                new KeyedRows(state, keySchema, layout.partialSchema(), lifetime));
    }

    /// The grouping of the batch's rows by the sessions that they make by themselves.
    ///
    /// @param rows the columns of the sessions' input, perhaps more behind them
    private PhysicalPlan.HashAggregate sessions(
            LogicalPlan.Aggregate node, LogicalPlan.Window sessions, PhysicalPlan rows) {
        int before = sessions.input().schema().size();
        int now = rows.schema().size();
        List<OutputColumn> keys = new ArrayList<>();
        for (OutputColumn key : node.keys()) {
            BoundExpr moved = key.expr()
                    .transformUp(expr -> expr instanceof BoundExpr.Column c && c.ordinal() == before
                            ? new BoundExpr.Column(now, c.name(), c.type(), c.nullable())
                            : expr);
            keys.add(new OutputColumn(key.name(), moved));
        }
        return planner.grouping(new LogicalPlan.Aggregate(
                new LogicalPlan.Window(
                        OperatorOutput.of(rows), sessions.partition(), sessions.order(), sessions.columns()),
                keys,
                node.aggregates()));
    }

    private static List<BoundExpr> keys(LogicalPlan.Aggregate node) {
        return node.keys().stream().map(OutputColumn::expr).toList();
    }

    PhysicalPlan aggregateRows(
            LogicalPlan.Aggregate node, Edge input, StatefulAggregate.Emission emission, Optional<TimeKey> time) {
        if (DistinctValues.anyIn(node)) {
            return aggregateDistinct(node, input, emission, time);
        }
        if (keepsLateRows && time.isPresent()) {
            return aggregateWholeRows(node, input, emission, time.get());
        }
        PhysicalPlan.HashAggregate batch =
                planner.grouping(new LogicalPlan.Aggregate(input.plan(), node.keys(), node.aggregates()));
        Optional<Expiry> keyExpiry = time.map(key -> key.at(key.index()));
        Optional<Expiry> rowExpiry = time.map(key -> key.at(batch.keys()[key.index()]));
        GroupLayout layout = GroupLayout.of(batch);
        OperatorState state = planner.newState(
                "stateStoreSave", new StateSchema(layout.keySchema(), layout.partialValueSchema(), time.isPresent()));
        return new StatefulAggregate(batch, emission, rowExpiry, keyExpiry, OptionalInt.empty(), state);
    }

    /// The same with late rows left out before the grouping, where all of their columns are there.
    private PhysicalPlan aggregateWholeRows(
            LogicalPlan.Aggregate node, Edge input, StatefulAggregate.Emission emission, TimeKey time) {
        List<OutputColumn> columns = new ArrayList<>(StreamingPlanner.columnsOf(input.rowSchema()));
        columns.add(new OutputColumn("_time", node.keys().get(time.index()).expr()));
        PhysicalPlan rows = planner.plan(new LogicalPlan.Project(input.plan(), columns));
        GroupLayout layout = GroupLayout.of(grouped(node, rows));
        OperatorState state = planner.newState(
                "stateStoreSave", new StateSchema(layout.keySchema(), layout.partialValueSchema(), true));
        PhysicalPlan inTime = new InTime(rows, time.at(input.rowSchema().size()), input.rowSchema(), state);
        return new StatefulAggregate(
                grouped(node, inTime),
                emission,
                Optional.empty(),
                Optional.of(time.at(time.index())),
                OptionalInt.empty(),
                state);
    }

    /// Aggregates of distinct values, over the rows that bring them first.
    private PhysicalPlan aggregateDistinct(
            LogicalPlan.Aggregate node, Edge input, StatefulAggregate.Emission emission, Optional<TimeKey> time) {
        DistinctValues distinct = DistinctValues.of(node, StreamingPlanner.columnsOf(input.rowSchema()))
                .orElseThrow();
        PhysicalPlan rows = planner.plan(new LogicalPlan.Project(input.plan(), distinct.inputColumns()));
        Optional<Expiry> keyExpiry = time.map(key -> key.at(key.index()));
        List<OperatorState> states = new ArrayList<>();
        for (DistinctValues.Found found : distinct.found()) {
            states.add(planner.newState(
                    "distinctValues", FirstValues.stateSchema(rows.schema(), found, keyExpiry.isPresent())));
        }
        FirstValues firsts = new FirstValues(rows, distinct.found(), states, keyExpiry);
        GroupLayout layout = GroupLayout.of(planner.grouping(distinct.over(OperatorOutput.of(firsts))));
        OperatorState state = planner.newState(
                "stateStoreSave", new StateSchema(layout.keySchema(), layout.partialValueSchema(), time.isPresent()));
        PhysicalPlan inTime = time.<PhysicalPlan>map(
                        key -> new InTime(rows, key.at(distinct.firstKey() + key.index()), input.rowSchema(), state))
                .orElse(rows);
        FirstValues inTimeFirsts = new FirstValues(inTime, distinct.found(), states, keyExpiry);
        return new StatefulAggregate(
                planner.grouping(distinct.over(OperatorOutput.of(inTimeFirsts))),
                emission,
                Optional.empty(),
                keyExpiry,
                OptionalInt.empty(),
                state);
    }

    private PhysicalPlan.HashAggregate grouped(LogicalPlan.Aggregate node, PhysicalPlan rows) {
        return planner.grouping(new LogicalPlan.Aggregate(OperatorOutput.of(rows), node.keys(), node.aggregates()));
    }

    /// The aggregation of what is no incremental one: kept up to date by what changes if that is all it takes.
    ///
    /// @param once whether groups come out when they are final, if they ever are, instead of their changes
    Edge changing(LogicalPlan.Aggregate node, Edge input, Optional<TimeKey> time, boolean once) {
        boolean ends = once && time.isPresent();
        if (!input.retracts() || keepsLateRows && time.isPresent()) {
            return recomputed(node, input, time, ends);
        }
        boolean distinct = node.aggregates().stream()
                .anyMatch(aggregation -> aggregation.call().distinct());
        return SignedAggregates.of(node, input)
                .map(sums -> signed(sums, time, ends))
                .or(() -> distinct && !ends ? distinct(node, input, time) : Optional.empty())
                .or(() -> TreeEdges.of(planner, node, input, time, ends))
                .orElseGet(() -> recomputed(node, input, time, ends));
    }

    /// Aggregates of distinct values, over a group for each value. Those groups would be final no sooner than what is
    /// made of them, so this is not for results that come out once.
    private Optional<Edge> distinct(LogicalPlan.Aggregate node, Edge input, Optional<TimeKey> time) {
        return SignedDistinct.of(node).map(distinct -> {
            Edge values = changing(distinct.values(), input, time, false);
            LogicalPlan.Aggregate over =
                    distinct.over(values.plan(), node.keys().size());
            Edge results = changing(over, values, time, false);
            List<OutputColumn> columns = new ArrayList<>(distinct.results(over, node));
            columns.add(
                    new OutputColumn(ChangeColumn.FIELD.name(), Changelog.column(ChangeColumn.FIELD, columns.size())));
            return new Edge(new LogicalPlan.Project(results.plan(), columns), Edge.Mode.RETRACT);
        });
    }

    private Edge signed(SignedAggregates signed, Optional<TimeKey> time, boolean once) {
        LogicalPlan.Aggregate sums = signed.sums();
        PhysicalPlan.HashAggregate batch = planner.grouping(sums);
        Optional<Expiry> keyExpiry = time.map(key -> key.at(key.index()));
        Optional<Expiry> rowExpiry = time.map(key -> key.at(batch.keys()[key.index()]));
        GroupLayout layout = GroupLayout.of(batch);
        OperatorState state = planner.newState(
                "stateStoreSave", new StateSchema(layout.keySchema(), layout.partialValueSchema(), time.isPresent()));
        // The result over no rows is a row if there are no keys.
        boolean global = sums.keys().isEmpty();
        LogicalPlan groups = OperatorOutput.of(new StatefulAggregate(
                batch,
                once ? StatefulAggregate.Emission.FINAL : StatefulAggregate.Emission.CHANGES,
                rowExpiry,
                keyExpiry,
                global
                        ? OptionalInt.empty()
                        : OptionalInt.of(layout.partialSchema().size() - 1),
                state));
        int rows = sums.schema().size() - 1;
        LogicalPlan there = global
                ? groups
                : new LogicalPlan.Filter(
                        groups,
                        new BoundExpr.Compare(
                                CompareOp.GREATER,
                                Changelog.column(sums.schema().field(rows), rows),
                                new BoundExpr.Literal(Scalar.of(0L))));
        List<OutputColumn> columns = new ArrayList<>(signed.results());
        if (once) {
            return new Edge(new LogicalPlan.Project(there, columns), Edge.Mode.APPEND);
        }
        columns.add(new OutputColumn(ChangeColumn.FIELD.name(), Changelog.column(ChangeColumn.FIELD, rows + 1)));
        return new Edge(
                OperatorOutput.of(new Netted(planner.plan(new LogicalPlan.Project(there, columns)))),
                Edge.Mode.RETRACT);
    }

    /// The aggregation over all rows of the groups that change.
    Edge recomputed(LogicalPlan.Aggregate node, Edge input, Optional<TimeKey> time, boolean once) {
        KeyedInput keyed = planner.keyed("aggregateRows", input, keys(node), time);
        RowsLeaf leaf = new RowsLeaf(input.rowSchema());
        PhysicalPlan body =
                planner.plan(new LogicalPlan.Aggregate(OperatorOutput.of(leaf), node.keys(), node.aggregates()));
        KeyedRecompute recompute = new KeyedRecompute(
                "aggregation",
                List.of(keyed),
                body,
                List.of(leaf),
                once ? KeyedRecompute.Emission.FINAL : KeyedRecompute.Emission.CHANGES);
        return new Edge(OperatorOutput.of(recompute), once ? Edge.Mode.APPEND : Edge.Mode.RETRACT);
    }
}
