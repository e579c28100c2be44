package dev.headrace.engine.stateful;

import dev.headrace.errors.QueryException;
import dev.headrace.exec.GroupLayout;
import dev.headrace.exec.JoinKeys;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.PhysicalPlanner;
import dev.headrace.function.TimeWindow;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.WindowFunction;
import dev.headrace.state.StateSchema;
import dev.headrace.streaming.OutputMode;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Plans a query over streams: the batch planner, with state where a batch query would wait for the end of its input.
///
/// From the sources up, each node becomes an [Edge], which knows what its rows mean. Filter, projection, union and
/// explode are linear: they treat added and removed rows alike, so they are planned as in a batch query, with the
/// [ChangeColumn] as one column more. Aggregation, join, deduplication and limit keep state and become an
/// [OperatorOutput]. See `docs/design/streaming.md`.
///
/// In complete mode each batch computes the whole result again from the state of the lowest aggregations, so whatever
/// comes above them is planned as in a batch query.
public final class StreamingPlanner extends PhysicalPlanner {
    private static final String CHANGE_TYPE = "_change_type";

    private final OutputMode mode;
    private final boolean keepsLateRows;
    private final List<OperatorState> states = new ArrayList<>();
    private final List<EventTimeStats> eventTimes = new ArrayList<>();

    public StreamingPlanner(OutputMode mode) {
        this(mode, false);
    }

    /// @param keepsLateRows whether late rows are wanted, with all their columns
    public StreamingPlanner(OutputMode mode, boolean keepsLateRows) {
        this.mode = mode;
        this.keepsLateRows = keepsLateRows;
    }

    /// The stateful operators in the order of planning, which is the order of their numbers in the checkpoint.
    public List<OperatorState> states() {
        return List.copyOf(states);
    }

    /// One per `withWatermark` over a stream.
    public List<EventTimeStats> eventTimes() {
        return List.copyOf(eventTimes);
    }

    /// Checks what the mode demands of the whole query, and plans it.
    ///
    /// @throws QueryException `UNSUPPORTED_STREAMING_OPERATION` or `UNSUPPORTED_OUTPUT_MODE`
    public PhysicalPlan planQuery(LogicalPlan query) {
        if (mode == OutputMode.COMPLETE) {
            if (!isAggregated(query)) {
                throw new QueryException(
                        "UNSUPPORTED_OUTPUT_MODE",
                        "outputMode(\"complete\") needs an aggregation over the stream: without one the result would be all "
                                + "rows since the beginning. Use outputMode(\"append\").");
            }
            return plan(complete(query));
        }
        Edge edge = edge(query, true);
        if (mode == OutputMode.CHANGELOG) {
            return plan(changelog(edge));
        }
        if (edge.retracts()) {
            throw new QueryException(
                    "UNSUPPORTED_OUTPUT_MODE",
                    "outputMode(\"" + mode
                            + "\") can't tell that a row of the result is gone, and rows of this query's "
                            + "result can go again. Use outputMode(\"changelog\"), which gives each change with its "
                            + "_change_type"
                            + (isAggregated(query) ? ", or outputMode(\"complete\")." : "."));
        }
        return plan(edge.plan());
    }

    @Override
    public PhysicalPlan plan(LogicalPlan node) {
        return node instanceof LogicalPlan.Scan(OperatorOutput(PhysicalPlan planned), var _)
                ? planned
                : super.plan(node);
    }

    @Override
    protected Optional<PhysicalPlan> stateful(LogicalPlan node) {
        if (node instanceof LogicalPlan.Watermark(LogicalPlan input, int column, long delay) && node.isStreaming()) {
            PhysicalPlan below = plan(input);
            Set<Integer> sources = below.all().stream()
                    .filter(PhysicalPlan.StreamScan.class::isInstance)
                    .map(scan -> ((PhysicalPlan.StreamScan) scan).index())
                    .collect(Collectors.toSet());
            EventTimeStats stats =
                    new EventTimeStats(input.schema().field(column).name(), delay, sources);
            eventTimes.add(stats);
            return Optional.of(new WatermarkNode(below, column, delay, stats));
        }
        return Optional.empty();
    }

    private static boolean isAggregated(LogicalPlan node) {
        return node.isStreaming()
                && (node instanceof LogicalPlan.Aggregate
                        || node.inputs().stream()
                                .filter(LogicalPlan::isStreaming)
                                .anyMatch(StreamingPlanner::isAggregated));
    }

    /// The query for complete mode: the lowest aggregations, and streams beside them, become operators that give their
    /// whole result in each batch.
    private LogicalPlan complete(LogicalPlan node) {
        if (!node.isStreaming()) {
            return node;
        }
        if (node instanceof LogicalPlan.Aggregate aggregate && !isAggregated(aggregate.input())) {
            Optional<LogicalPlan.Window> sessions = sessionsOf(aggregate);
            if (sessions.isPresent()) {
                Edge below = edge(sessions.get().input(), false);
                return isIncremental(aggregate, below) && !DistinctValues.anyIn(aggregate)
                        ? OperatorOutput.of(
                                sessions(aggregate, sessions.get(), below, StatefulAggregate.Emission.WHOLE))
                        : whole(recomputed(aggregate, window(sessions.get(), below), Optional.empty()));
            }
            Edge input = edge(aggregate.input(), false);
            return isIncremental(aggregate, input)
                    ? OperatorOutput.of(
                            aggregateRows(aggregate, input, StatefulAggregate.Emission.WHOLE, Optional.empty()))
                    : whole(recomputed(aggregate, input, Optional.empty()));
        }
        return isAggregated(node) ? node.mapInputs(this::complete) : whole(edge(node, false));
    }

    private LogicalPlan whole(Edge edge) {
        StructType schema = edge.rowSchema();
        LogicalPlan changes = edge.retracts() ? edge.plan() : withChange(edge);
        return OperatorOutput.of(
                new WholeResult(plan(changes), schema, newState("wholeResult", WholeResult.stateSchema(schema))));
    }

    private static LogicalPlan changelog(Edge edge) {
        List<OutputColumn> columns = new ArrayList<>(identity(edge.rowSchema()));
        if (columns.stream().anyMatch(column -> column.name().equals(CHANGE_TYPE))) {
            throw new QueryException(
                    "UNSUPPORTED_OUTPUT_MODE",
                    "outputMode(\"changelog\") adds the column '" + CHANGE_TYPE
                            + "', and the query has one of that name already. Rename it.");
        }
        BoundExpr inserted = new BoundExpr.Literal(Scalar.of("insert"));
        BoundExpr type = inserted;
        if (edge.retracts()) {
            BoundExpr added =
                    new BoundExpr.Compare(CompareOp.GREATER, changeOf(edge), new BoundExpr.Literal(Scalar.of(0)));
            type = new BoundExpr.Case(
                    List.of(new BoundExpr.Case.Branch(added, inserted)),
                    Optional.of(new BoundExpr.Literal(Scalar.of("delete"))),
                    DataTypes.StringType);
        }
        columns.add(new OutputColumn(CHANGE_TYPE, type));
        return new LogicalPlan.Project(edge.plan(), columns);
    }

    private static BoundExpr changeOf(Edge edge) {
        return column(ChangeColumn.FIELD, edge.rowSchema().size());
    }

    private static BoundExpr column(StructField field, int ordinal) {
        return new BoundExpr.Column(ordinal, field.name(), field.dataType(), field.nullable());
    }

    /// The rows of an append edge as added ones.
    static LogicalPlan withChange(Edge edge) {
        List<OutputColumn> columns = new ArrayList<>(identity(edge.rowSchema()));
        columns.add(new OutputColumn(ChangeColumn.FIELD.name(), new BoundExpr.Literal(Scalar.of(ChangeColumn.ADDED))));
        return new LogicalPlan.Project(edge.plan(), columns);
    }

    /// @param last whether only filters and projections come between the node and the sink
    Edge edge(LogicalPlan node, boolean last) {
        if (!node.isStreaming()) {
            return new Edge(node, Edge.Mode.APPEND);
        }
        return switch (node) {
            case LogicalPlan.Filter filter -> linear(filter, edge(filter.input(), last));
            case LogicalPlan.Watermark watermark -> linear(watermark, edge(watermark.input(), last));
            case LogicalPlan.Project project -> project(project, edge(project.input(), last));
            case LogicalPlan.Explode explode -> explode(explode, edge(explode.input(), last));
            case LogicalPlan.Union union -> union(union);
            case LogicalPlan.Aggregate aggregate -> aggregate(aggregate, last);
            case LogicalPlan.Deduplicate deduplicate -> deduplicate(deduplicate);
            case LogicalPlan.Join join -> join(join);
            case LogicalPlan.Limit limit -> limit(limit);
            case LogicalPlan.Window window -> window(window);
            case LogicalPlan.MapGroups groups -> new GroupEdges(this, mode).of(groups, last);
            case LogicalPlan.Sort _ ->
                throw unsupported(
                        "sort() of a stream in " + mode + " mode",
                        "Rows that have gone out can't be put in order with later ones: use it with limit(n), or after an "
                                + "aggregation with outputMode(\"complete\").");
            case LogicalPlan other -> new Edge(other, Edge.Mode.APPEND);
        };
    }

    private static Edge linear(LogicalPlan node, Edge input) {
        return new Edge(node.mapInputs(_ -> input.plan()), input.mode());
    }

    private static Edge project(LogicalPlan.Project node, Edge input) {
        List<OutputColumn> columns = new ArrayList<>(node.columns());
        if (input.retracts()) {
            columns.add(new OutputColumn(ChangeColumn.FIELD.name(), changeOf(input)));
        }
        return new Edge(new LogicalPlan.Project(input.plan(), columns), input.mode());
    }

    /// What is generated comes behind all columns of the input, so the change has to be moved to the end.
    private static Edge explode(LogicalPlan.Explode node, Edge input) {
        Edge edge = linear(node, input);
        return input.retracts() ? changeLast(edge, input.rowSchema().size()) : edge;
    }

    private static Edge changeLast(Edge edge, int change) {
        List<OutputColumn> columns = new ArrayList<>(identity(edge.plan().schema()));
        columns.add(columns.remove(change));
        return new Edge(new LogicalPlan.Project(edge.plan(), columns), edge.mode());
    }

    private Edge union(LogicalPlan.Union node) {
        List<Edge> inputs =
                node.inputs().stream().map(input -> edge(input, false)).toList();
        boolean retracts = inputs.stream().anyMatch(Edge::retracts);
        return new Edge(
                new LogicalPlan.Union(inputs.stream()
                        .map(input -> retracts && !input.retracts() ? withChange(input) : input.plan())
                        .toList()),
                retracts ? Edge.Mode.RETRACT : Edge.Mode.APPEND);
    }

    /// Whether a group's result can be kept up to date from its partial result and the distinct values that it has
    /// seen.
    private static boolean isIncremental(LogicalPlan.Aggregate node, Edge input) {
        return !input.retracts() && DistinctValues.of(node, List.of()).isPresent();
    }

    private Edge aggregate(LogicalPlan.Aggregate node, boolean last) {
        Optional<TimeKey> time = timeKey(node.input(), keys(node));
        if (mode == OutputMode.APPEND && time.isEmpty()) {
            throw unsupported(
                    "an aggregation in append mode without a watermarked key",
                    "In append mode a group goes out when the watermark says that it is final: call "
                            + "withWatermark(\"ts\", \"1 minute\") before, and group by window(col(\"ts\"), …) or by the "
                            + "event-time column; or use outputMode(\"update\") or (\"complete\").");
        }
        Optional<TimeKey> expiring = mode == OutputMode.COMPLETE ? Optional.empty() : time;
        Optional<LogicalPlan.Window> sessions = sessionsOf(node);
        if (sessions.isPresent()) {
            return sessions(node, sessions.get(), expiring);
        }
        Edge input = edge(node.input(), false);
        if (!isIncremental(node, input)) {
            return recomputed(node, input, expiring);
        }
        if (mode == OutputMode.APPEND) {
            return new Edge(
                    OperatorOutput.of(aggregateRows(node, input, StatefulAggregate.Emission.FINAL, expiring)),
                    Edge.Mode.APPEND);
        }
        boolean updates = mode == OutputMode.UPDATE && last;
        StatefulAggregate.Emission emission =
                updates ? StatefulAggregate.Emission.UPDATED : StatefulAggregate.Emission.CHANGES;
        return new Edge(
                OperatorOutput.of(aggregateRows(node, input, emission, expiring)),
                updates ? Edge.Mode.UPSERT : Edge.Mode.RETRACT);
    }

    /// What finds the sessions that an aggregation is over, if it is over sessions.
    private static Optional<LogicalPlan.Window> sessionsOf(LogicalPlan.Aggregate node) {
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

    private Edge sessions(LogicalPlan.Aggregate node, LogicalPlan.Window sessions, Optional<TimeKey> time) {
        Edge below = edge(sessions.input(), false);
        if (isIncremental(node, below) && !DistinctValues.anyIn(node)) {
            StatefulAggregate.Emission emission =
                    mode == OutputMode.APPEND ? StatefulAggregate.Emission.FINAL : StatefulAggregate.Emission.CHANGES;
            return new Edge(
                    OperatorOutput.of(sessions(node, sessions, below, emission)),
                    mode == OutputMode.APPEND ? Edge.Mode.APPEND : Edge.Mode.RETRACT);
        }
        if (mode == OutputMode.APPEND) {
            throw unsupported("distinct aggregates over sessions in append mode", "Use outputMode(\"changelog\").");
        }
        return recomputed(node, window(sessions, below), time);
    }

    /// @param input what the sessions are of, only added rows
    private PhysicalPlan sessions(
            LogicalPlan.Aggregate node, LogicalPlan.Window sessions, Edge input, StatefulAggregate.Emission emission) {
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
                : EventTimeColumn.of(sessions, column(sessions.schema().field(width), width));
        Optional<Expiry> late = time.map(t -> new Expiry(width, t.form(), t.slackMicros()));
        Optional<Expiry> expiry = time.map(t -> new Expiry(sessionKey, t.form(), t.slackMicros()));
        List<OutputColumn> columns = new ArrayList<>(identity(input.rowSchema()));
        if (late.isPresent()) {
            columns.add(new OutputColumn("_interval", own));
        }
        PhysicalPlan rows = plan(new LogicalPlan.Project(input.plan(), columns));
        GroupLayout layout = GroupLayout.of(sessions(node, sessions, rows));
        KeyedRows.Lifetime lifetime = expiry.<KeyedRows.Lifetime>map(KeyedRows.Lifetime.OfRow::new)
                .orElseGet(KeyedRows.Lifetime.Endless::new);
        OperatorState state = newState(
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
        return aggregate(new LogicalPlan.Aggregate(
                new LogicalPlan.Window(
                        OperatorOutput.of(rows), sessions.partition(), sessions.order(), sessions.columns()),
                keys,
                node.aggregates()));
    }

    private static List<BoundExpr> keys(LogicalPlan.Aggregate node) {
        return node.keys().stream().map(OutputColumn::expr).toList();
    }

    private PhysicalPlan aggregateRows(
            LogicalPlan.Aggregate node, Edge input, StatefulAggregate.Emission emission, Optional<TimeKey> time) {
        if (DistinctValues.anyIn(node)) {
            return aggregateDistinct(node, input, emission, time);
        }
        if (keepsLateRows && time.isPresent()) {
            return aggregateWholeRows(node, input, emission, time.get());
        }
        PhysicalPlan.HashAggregate batch =
                aggregate(new LogicalPlan.Aggregate(input.plan(), node.keys(), node.aggregates()));
        Optional<Expiry> keyExpiry = time.map(key -> key.at(key.index()));
        Optional<Expiry> rowExpiry = time.map(key -> key.at(batch.keys()[key.index()]));
        GroupLayout layout = GroupLayout.of(batch);
        OperatorState state = newState(
                "stateStoreSave", new StateSchema(layout.keySchema(), layout.partialValueSchema(), time.isPresent()));
        return new StatefulAggregate(batch, emission, rowExpiry, keyExpiry, state);
    }

    /// The same with late rows left out before the grouping, where all of their columns are there.
    private PhysicalPlan aggregateWholeRows(
            LogicalPlan.Aggregate node, Edge input, StatefulAggregate.Emission emission, TimeKey time) {
        List<OutputColumn> columns = new ArrayList<>(identity(input.rowSchema()));
        columns.add(new OutputColumn("_time", node.keys().get(time.index()).expr()));
        PhysicalPlan rows = plan(new LogicalPlan.Project(input.plan(), columns));
        GroupLayout layout = GroupLayout.of(grouped(node, rows));
        OperatorState state =
                newState("stateStoreSave", new StateSchema(layout.keySchema(), layout.partialValueSchema(), true));
        PhysicalPlan inTime = new InTime(rows, time.at(input.rowSchema().size()), input.rowSchema(), state);
        return new StatefulAggregate(
                grouped(node, inTime), emission, Optional.empty(), Optional.of(time.at(time.index())), state);
    }

    /// Aggregates of distinct values, over the rows that bring them first.
    private PhysicalPlan aggregateDistinct(
            LogicalPlan.Aggregate node, Edge input, StatefulAggregate.Emission emission, Optional<TimeKey> time) {
        DistinctValues distinct =
                DistinctValues.of(node, identity(input.rowSchema())).orElseThrow();
        PhysicalPlan rows = plan(new LogicalPlan.Project(input.plan(), distinct.inputColumns()));
        Optional<Expiry> keyExpiry = time.map(key -> key.at(key.index()));
        List<OperatorState> states = new ArrayList<>();
        for (DistinctValues.Found found : distinct.found()) {
            states.add(
                    newState("distinctValues", FirstValues.stateSchema(rows.schema(), found, keyExpiry.isPresent())));
        }
        FirstValues firsts = new FirstValues(rows, distinct.found(), states, keyExpiry);
        GroupLayout layout = GroupLayout.of(aggregate(distinct.over(OperatorOutput.of(firsts))));
        OperatorState state = newState(
                "stateStoreSave", new StateSchema(layout.keySchema(), layout.partialValueSchema(), time.isPresent()));
        PhysicalPlan inTime = time.<PhysicalPlan>map(
                        key -> new InTime(rows, key.at(distinct.firstKey() + key.index()), input.rowSchema(), state))
                .orElse(rows);
        FirstValues inTimeFirsts = new FirstValues(inTime, distinct.found(), states, keyExpiry);
        return new StatefulAggregate(
                aggregate(distinct.over(OperatorOutput.of(inTimeFirsts))),
                emission,
                Optional.empty(),
                keyExpiry,
                state);
    }

    private PhysicalPlan.HashAggregate grouped(LogicalPlan.Aggregate node, PhysicalPlan rows) {
        return aggregate(new LogicalPlan.Aggregate(OperatorOutput.of(rows), node.keys(), node.aggregates()));
    }

    /// The aggregation over all rows of the groups that change.
    private Edge recomputed(LogicalPlan.Aggregate node, Edge input, Optional<TimeKey> time) {
        KeyedInput keyed = keyed("aggregateRows", input, keys(node), time);
        RowsLeaf leaf = new RowsLeaf(input.rowSchema());
        PhysicalPlan body = plan(new LogicalPlan.Aggregate(OperatorOutput.of(leaf), node.keys(), node.aggregates()));
        return recompute("aggregation", List.of(keyed), body, List.of(leaf), time, false);
    }

    /// @param onlyAdds whether rows of the result never go
    Edge recompute(
            String name,
            List<KeyedInput> inputs,
            PhysicalPlan body,
            List<RowsLeaf> leaves,
            Optional<TimeKey> time,
            boolean onlyAdds) {
        KeyedRecompute.Emission emission = mode == OutputMode.APPEND && time.isPresent()
                ? KeyedRecompute.Emission.FINAL
                : onlyAdds ? KeyedRecompute.Emission.ADDITIONS : KeyedRecompute.Emission.CHANGES;
        return new Edge(
                OperatorOutput.of(new KeyedRecompute(name, inputs, body, leaves, emission)),
                emission == KeyedRecompute.Emission.CHANGES ? Edge.Mode.RETRACT : Edge.Mode.APPEND);
    }

    /// Keeps an input's rows by keys.
    ///
    /// @param keys over the input's columns
    /// @param time which of the keys tells when its rows are final
    private KeyedInput keyed(String name, Edge input, List<BoundExpr> keys, Optional<TimeKey> time) {
        int firstKey = input.rowSchema().size() + 1;
        return keyed(name, input, keys, lifetime(time), time.map(key -> key.at(firstKey + key.index())));
    }

    /// Keeps an input's rows by keys, each until a time of its own. Rows without that time, which would stay for good,
    /// are left out: a comparison with their time is never true.
    ///
    /// @param ends,late over the input's columns
    private KeyedInput keyed(String name, Edge input, List<BoundExpr> keys, Expiry ends, Expiry late) {
        BoundExpr time = column(input.rowSchema().field(ends.column()), ends.column());
        LogicalPlan timed = new LogicalPlan.Filter(input.plan(), new BoundExpr.Not(new BoundExpr.IsNull(time)));
        return keyed(name, new Edge(timed, input.mode()), keys, new KeyedRows.Lifetime.OfRow(ends), Optional.of(late));
    }

    private KeyedInput keyed(
            String name, Edge input, List<BoundExpr> keys, KeyedRows.Lifetime lifetime, Optional<Expiry> late) {
        StructType rows = input.rowSchema();
        List<OutputColumn> columns = new ArrayList<>(identity(rows));
        columns.add(new OutputColumn(
                ChangeColumn.FIELD.name(),
                input.retracts() ? changeOf(input) : new BoundExpr.Literal(Scalar.of(ChangeColumn.ADDED))));
        List<StructField> keyFields = new ArrayList<>();
        for (BoundExpr key : keys) {
            String keyName = "key" + keyFields.size();
            columns.add(new OutputColumn(keyName, key));
            keyFields.add(new StructField(keyName, key.type(), true));
        }
        StructType keySchema = new StructType(keyFields);
        boolean expiring = !(lifetime instanceof KeyedRows.Lifetime.Endless);
        OperatorState state = newState(name, KeyedRows.stateSchema(keySchema, rows, expiring));
        return new KeyedInput(
                plan(new LogicalPlan.Project(input.plan(), columns)),
                new KeyedRows(state, keySchema, rows, lifetime),
                late);
    }

    /// A key that tells the event time.
    ///
    /// @param index which of the keys
    record TimeKey(int index, EventTimeColumn.Form form, long slackMicros) {
        /// @param column where the key is
        Expiry at(int column) {
            return new Expiry(column, form, slackMicros);
        }
    }

    private static KeyedRows.Lifetime lifetime(Optional<TimeKey> time) {
        return time.<KeyedRows.Lifetime>map(key -> new KeyedRows.Lifetime.OfKey(key.at(key.index())))
                .orElseGet(KeyedRows.Lifetime.Endless::new);
    }

    /// The first key that tells the event time.
    ///
    /// @param keys over the input's columns
    private static Optional<TimeKey> timeKey(LogicalPlan input, List<BoundExpr> keys) {
        for (int k = 0; k < keys.size(); k++) {
            Optional<EventTimeColumn> time = EventTimeColumn.of(input, keys.get(k));
            if (time.isPresent()) {
                return Optional.of(new TimeKey(k, time.get().form(), time.get().slackMicros()));
            }
        }
        return Optional.empty();
    }

    private Edge deduplicate(LogicalPlan.Deduplicate node) {
        Edge input = edge(node.input(), false);
        int[] keys = node.keys().stream().mapToInt(Integer::intValue).toArray();
        if (!input.retracts()) {
            return new Edge(OperatorOutput.of(deduplicateRows(node, input, keys)), Edge.Mode.APPEND);
        }
        if (node.withinWatermark()) {
            throw unsupported("dropDuplicatesWithinWatermark() over rows that can go again", "Use dropDuplicates().");
        }
        List<BoundExpr> keyColumns = new ArrayList<>();
        for (int key : keys) {
            keyColumns.add(column(node.schema().field(key), key));
        }
        KeyedInput keyed = keyed("dedupeRows", input, keyColumns, Optional.empty());
        RowsLeaf leaf = new RowsLeaf(input.rowSchema());
        return recompute(
                "deduplication",
                List.of(keyed),
                new PhysicalPlan.Deduplicate(leaf, keys),
                List.of(leaf),
                Optional.empty(),
                false);
    }

    private PhysicalPlan deduplicateRows(LogicalPlan.Deduplicate node, Edge input, int[] keys) {
        PhysicalPlan.Deduplicate batch = new PhysicalPlan.Deduplicate(plan(input.plan()), keys);
        Optional<Expiry> late = eventTime(node.input(), 0);
        Optional<Expiry> expiry = node.withinWatermark()
                ? eventTime(node.input(), late.map(e -> delay(node.input(), e)).orElse(0L))
                : late.filter(e -> node.keys().contains(e.column()));
        if (node.withinWatermark() && expiry.isEmpty()) {
            throw unsupported(
                    "dropDuplicatesWithinWatermark() without a watermark",
                    "Call withWatermark(\"ts\", \"1 minute\") before.");
        }
        Optional<Expiry> lateRows = expiry.isPresent() ? late : Optional.empty();
        OperatorState state =
                newState("dedupe", new StateSchema(node.schema().select(keys), new StructType(), expiry.isPresent()));
        return new StatefulDeduplicate(batch, lateRows, expiry, state);
    }

    /// The first column that tells the event time.
    static Optional<Expiry> eventTime(LogicalPlan input, long extraMicros) {
        for (int i = 0; i < input.schema().size(); i++) {
            int ordinal = i;
            Optional<Expiry> expiry = EventTimeColumn.of(
                            input, column(input.schema().field(i), i))
                    .map(time -> new Expiry(ordinal, time.form(), time.slackMicros() + extraMicros));
            if (expiry.isPresent()) {
                return expiry;
            }
        }
        return Optional.empty();
    }

    private static long delay(LogicalPlan input, Expiry expiry) {
        return EventTimeColumn.of(input, column(input.schema().field(expiry.column()), expiry.column()))
                .orElseThrow()
                .delayMicros();
    }

    /// The first rows of a stream, or its top rows.
    private Edge limit(LogicalPlan.Limit node) {
        Optional<LogicalPlan.Sort> sort =
                node.input() instanceof LogicalPlan.Sort sorted ? Optional.of(sorted) : Optional.empty();
        Edge input = edge(sort.map(LogicalPlan.Sort::input).orElse(node.input()), false);
        RowsLeaf leaf = new RowsLeaf(input.rowSchema());
        LogicalPlan rows = OperatorOutput.of(leaf);
        LogicalPlan body = new LogicalPlan.Limit(
                sort.isPresent() ? new LogicalPlan.Sort(rows, sort.get().keys()) : rows, node.count(), node.offset());
        KeyedInput keyed = keyed("limitRows", input, List.of(), Optional.empty());
        boolean onlyAdds = sort.isEmpty() && !input.retracts();
        String name = (sort.isPresent() ? "top " : "limit ") + node.count();
        if (!input.retracts() && node.offset() == 0) {
            return new Edge(
                    OperatorOutput.of(new FirstRows(name, keyed, plan(body), leaf, onlyAdds)),
                    onlyAdds ? Edge.Mode.APPEND : Edge.Mode.RETRACT);
        }
        return recompute(name, List.of(keyed), plan(body), List.of(leaf), Optional.empty(), onlyAdds);
    }

    /// Window functions over all rows of the partitions that change.
    private Edge window(LogicalPlan.Window node) {
        return window(node, edge(node.input(), false));
    }

    private Edge window(LogicalPlan.Window node, Edge input) {
        Optional<TimeKey> time =
                mode == OutputMode.COMPLETE ? Optional.empty() : timeKey(node.input(), node.partition());
        KeyedInput keyed = keyed("windowRows", input, node.partition(), time);
        RowsLeaf leaf = new RowsLeaf(input.rowSchema());
        PhysicalPlan body =
                plan(new LogicalPlan.Window(OperatorOutput.of(leaf), node.partition(), node.order(), node.columns()));
        return recompute("window functions", List.of(keyed), body, List.of(leaf), time, false);
    }

    private Edge join(LogicalPlan.Join node) {
        boolean left = node.left().isStreaming();
        boolean right = node.right().isStreaming();
        if (left && right) {
            return joinStreams(node);
        }
        boolean keepsLeft = node.type() == JoinType.LEFT_OUTER || node.type().leftOnly();
        boolean keepsRight = node.type() == JoinType.RIGHT_OUTER;
        if (node.type() == JoinType.FULL_OUTER || right && keepsLeft || left && keepsRight) {
            throw unsupported(
                    "a " + node.type() + " join that keeps rows of the table without a partner in the stream",
                    "A partner may come in a later batch: let the stream be the side whose rows are kept.");
        }
        Edge stream = edge(left ? node.left() : node.right(), false);
        int leftSize = node.left().schema().size();
        if (right || !stream.retracts()) {
            return new Edge(
                    new LogicalPlan.Join(
                            left ? stream.plan() : node.left(),
                            right ? stream.plan() : node.right(),
                            node.type(),
                            node.condition()),
                    stream.mode());
        }
        Optional<BoundExpr> condition = node.condition().map(expr -> afterChange(expr, leftSize));
        Edge joined =
                new Edge(new LogicalPlan.Join(stream.plan(), node.right(), node.type(), condition), stream.mode());
        return node.type().leftOnly() ? joined : changeLast(joined, leftSize);
    }

    /// The left side has the change as one column more.
    private static BoundExpr afterChange(BoundExpr expr, int leftSize) {
        return expr.transformUp(node -> node instanceof BoundExpr.Column c && c.ordinal() >= leftSize
                ? new BoundExpr.Column(c.ordinal() + 1, c.name(), c.type(), c.nullable())
                : node);
    }

    private Edge joinStreams(LogicalPlan.Join node) {
        JoinKeys keys = JoinKeys.of(node);
        Optional<TimeKey> time = mode == OutputMode.COMPLETE ? Optional.empty() : timeKey(node, keys);
        Edge left = edge(node.left(), false);
        Edge right = edge(node.right(), false);
        boolean onlyAdds = !left.retracts() && !right.retracts();
        Optional<TimeBounds> bounds = onlyAdds && node.type() == JoinType.INNER && mode != OutputMode.COMPLETE
                ? TimeBounds.of(node, keys)
                : Optional.empty();
        KeyedInput leftRows = bounds.flatMap(TimeBounds::leftEnds)
                .map(ends -> keyed(
                        "joinLeft",
                        left,
                        keys.left(),
                        ends,
                        TimeBounds.late(bounds.get().left(), ends)))
                .orElseGet(() -> keyed("joinLeft", left, keys.left(), time));
        KeyedInput rightRows = bounds.flatMap(TimeBounds::rightEnds)
                .map(ends -> keyed(
                        "joinRight",
                        right,
                        keys.right(),
                        ends,
                        TimeBounds.late(bounds.get().right(), ends)))
                .orElseGet(() -> keyed("joinRight", right, keys.right(), time));
        RowsLeaf leftLeaf = new RowsLeaf(left.rowSchema());
        RowsLeaf rightLeaf = new RowsLeaf(right.rowSchema());
        PhysicalPlan body = plan(new LogicalPlan.Join(
                OperatorOutput.of(leftLeaf), OperatorOutput.of(rightLeaf), node.type(), node.condition()));
        boolean retracts = !onlyAdds;
        if (node.type() == JoinType.INNER || node.type() == JoinType.CROSS) {
            return new Edge(
                    OperatorOutput.of(new IncrementalJoin(leftRows, rightRows, body, leftLeaf, rightLeaf, retracts)),
                    retracts ? Edge.Mode.RETRACT : Edge.Mode.APPEND);
        }
        return recompute(
                node.type() + " join",
                List.of(leftRows, rightRows),
                body,
                List.of(leftLeaf, rightLeaf),
                time,
                node.type() == JoinType.LEFT_SEMI && !retracts);
    }

    /// The first pair of keys that both tell the event time, in the same form.
    private static Optional<TimeKey> timeKey(LogicalPlan.Join node, JoinKeys keys) {
        for (int k = 0; k < keys.left().size(); k++) {
            Optional<EventTimeColumn> left =
                    EventTimeColumn.of(node.left(), keys.left().get(k));
            Optional<EventTimeColumn> right =
                    EventTimeColumn.of(node.right(), keys.right().get(k));
            if (left.isPresent()
                    && right.isPresent()
                    && left.get().form() == right.get().form()) {
                long slack = Math.max(left.get().slackMicros(), right.get().slackMicros());
                return Optional.of(new TimeKey(k, left.get().form(), slack));
            }
        }
        return Optional.empty();
    }

    OperatorState newState(String name, StateSchema schema) {
        OperatorState state = new OperatorState(name, schema);
        states.add(state);
        return state;
    }

    static QueryException unsupported(String what, String instead) {
        return new QueryException("UNSUPPORTED_STREAMING_OPERATION", "Headrace can't run " + what + ". " + instead);
    }
}
