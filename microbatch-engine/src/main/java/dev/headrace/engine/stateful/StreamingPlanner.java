package dev.headrace.engine.stateful;

import dev.headrace.connector.LeftOutRows;
import dev.headrace.connector.RefreshedTable;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Table;
import dev.headrace.errors.QueryException;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.PhysicalPlanner;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.GroupCall;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.Scalar;
import dev.headrace.state.StateSchema;
import dev.headrace.streaming.OutputMode;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
    private OutputMode mode;
    private final Optional<LateRows> lateRows;
    private final Optional<DeadLetters> letters;
    /// Whether the result that is planned is made of rows that the others leave out.
    private boolean ofLeftOut;
    private final List<OperatorState> states = new ArrayList<>();
    private final List<EventTimeStats> eventTimes = new ArrayList<>();
    private final List<Shedding> sheddings = new ArrayList<>();

    /// What the parts of the query that keep state give: a part that stands in it twice keeps its state once.
    private final Map<OutputMode, Map<LogicalPlan, Edge>> edges = new EnumMap<>(OutputMode.class);

    /// By identity: a part that stands twice may be looked at twice.
    private final Set<LogicalPlan.LookupJoin> keptLookups = Collections.newSetFromMap(new IdentityHashMap<>());

    /// The lookups whose answers something keeps: what stands twice, such as in two outputs, asks once.
    private final Map<Asked, Edge> lookups = new HashMap<>();

    private SharedScans scans = new SharedScans(List.of(), false);
    private final Map<Table, PhysicalPlan> sharedScans = new HashMap<>();
    private final Map<RefreshedTable, RefreshingTable> tables = new LinkedHashMap<>();

    /// A lookup over rows that are the same for all outputs, or for those of a mode.
    private record Asked(LogicalPlan.LookupJoin join, Optional<OutputMode> mode, boolean last) {}

    /// One of the results of a query, and how it is given.
    public record Result(LogicalPlan plan, OutputMode mode) {}

    public StreamingPlanner(OutputMode mode) {
        this(mode, Optional.empty(), Optional.empty());
    }

    /// @param lateRows takes the late rows, with all their columns, if they are wanted
    /// @param letters takes the rows that expressions fail for, if those are to be left out
    public StreamingPlanner(OutputMode mode, Optional<LateRows> lateRows, Optional<DeadLetters> letters) {
        this.mode = mode;
        this.lateRows = lateRows;
        this.letters = letters;
    }

    /// The stateful operators in the order of planning, which is the order of their numbers in the checkpoint.
    public List<OperatorState> states() {
        return List.copyOf(states);
    }

    /// One per `withWatermark` over a stream.
    public List<EventTimeStats> eventTimes() {
        return List.copyOf(eventTimes);
    }

    /// One per declaration of load shedding, in the order of planning, which is that of the log.
    public List<Shedding> sheddings() {
        return List.copyOf(sheddings);
    }

    /// The tables that are read anew from time to time, in the order of planning, which is that of their versions in
    /// the log.
    public List<RefreshingTable> tables() {
        return List.copyOf(tables.values());
    }

    /// Checks what the mode demands of the whole query, and plans it.
    ///
    /// @throws QueryException `UNSUPPORTED_STREAMING_OPERATION` or `UNSUPPORTED_OUTPUT_MODE`
    public PhysicalPlan planQuery(LogicalPlan query) {
        return planResults(List.of(new Result(query, mode))).getFirst();
    }

    /// As [#planQuery], for several results of one query: what they have in common is planned once.
    public List<PhysicalPlan> planResults(List<Result> results) {
        scans = new SharedScans(results.stream().map(Result::plan).toList(), letters.isEmpty());
        results.forEach(result -> findKeptLookups(result.plan(), results.size() > 1));
        List<PhysicalPlan> plans = new ArrayList<>();
        for (Result result : results) {
            mode = result.mode();
            ofLeftOut = LeftOutRows.areReadBy(result.plan());
            plans.add(planResult(result.plan()));
        }
        return plans;
    }

    private PhysicalPlan planResult(LogicalPlan query) {
        if (mode == OutputMode.COMPLETE) {
            if (!isAggregated(query)) {
                throw new QueryException(
                        "UNSUPPORTED_OUTPUT_MODE",
                        "outputMode(\"complete\") needs an aggregation over the stream: without one the result would be all "
                                + "rows since the beginning. Use outputMode(\"append\").");
            }
            if (FinalRows.saysWhen(query)) {
                throw PaneEdges.refused(
                        "outputMode(\"complete\") gives all groups in each batch, so emit(…) has nothing "
                                + "to say. Leave it out, or use outputMode(\"update\").");
            }
            return plan(complete(query));
        }
        Edge edge = edge(query, true);
        if (mode == OutputMode.CHANGELOG) {
            return plan(Changelog.of(edge));
        }
        if (edge.retracts()) {
            throw new QueryException(
                    "UNSUPPORTED_OUTPUT_MODE",
                    "outputMode(\"" + mode
                            + "\") can't tell that a row of the result is gone, and rows of this query's "
                            + "result can go again. Use outputMode(\"changelog\"), which gives each change with its "
                            + "_change_type"
                            + (isAggregated(query) ? ", or outputMode(\"complete\")." : ".")
                            + (mode == OutputMode.APPEND ? JoinEdges.howToWait(query) : ""));
        }
        return plan(edge.plan());
    }

    @Override
    public PhysicalPlan plan(LogicalPlan node) {
        if (node instanceof LogicalPlan.Scan(OperatorOutput(PhysicalPlan planned), var _)) {
            return planned;
        }
        if (node instanceof LogicalPlan.Scan(LeftOutRows(LeftOutRows.Kind kind), ScanRequest request)) {
            return leftOut(kind, request);
        }
        if (node instanceof LogicalPlan.Scan(RefreshedTable table, ScanRequest request)) {
            return new PhysicalPlan.TableScan(tables.computeIfAbsent(table, RefreshingTable::new), request);
        }
        return node instanceof LogicalPlan.Scan scan && scans.isShared(scan) ? shared(scan) : super.plan(node);
    }

    private PhysicalPlan leftOut(LeftOutRows.Kind kind, ScanRequest request) {
        LeftOutLeaf all = new LeftOutLeaf(
                kind,
                switch (kind) {
                    case LATE -> this::lateSoFar;
                    case REJECTED -> this::rejectedSoFar;
                });
        return new PhysicalPlan.Compute(
                all, Optional.empty(), SharedScans.select(request, ScanRequest.all(kind.schema())));
    }

    private List<List<@Nullable Object>> lateSoFar() {
        return lateRows.map(LateRows::rows).orElse(List.of());
    }

    private List<List<@Nullable Object>> rejectedSoFar() {
        return letters.map(DeadLetters::rows).orElse(List.of());
    }

    /// A stream that is read in several places of the query: read once, and of that the columns of this place.
    private PhysicalPlan shared(LogicalPlan.Scan scan) {
        SharedScans.All all = scans.forAll(scan.table());
        PhysicalPlan known = sharedScans.get(scan.table());
        if (known == null) {
            PhysicalPlan read = super.plan(all.scan());
            known = new SharedScan(
                    all.filter().isEmpty()
                            ? read
                            : new PhysicalPlan.Compute(
                                    read, all.filter(), identity(all.scan().schema())));
            sharedScans.put(scan.table(), known);
        }
        return scan.request().columns().equals(all.scan().request().columns())
                ? known
                : new PhysicalPlan.Compute(
                        known,
                        Optional.empty(),
                        SharedScans.select(scan.request(), all.scan().request()));
    }

    @Override
    protected PhysicalPlan computed(PhysicalPlan.Compute node) {
        return letters.isPresent() && !ofLeftOut ? Rejecting.over(node, letters.get()) : node;
    }

    @Override
    protected Optional<PhysicalPlan> stateful(LogicalPlan node) {
        if (node instanceof LogicalPlan.Watermark(LogicalPlan input, int column, long delay) && node.isStreaming()) {
            if (ofLeftOut) {
                throw unsupported(
                        "withWatermark(…) over late rows or dead letters",
                        "They have no order that a watermark could go by.");
            }
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
        return node instanceof LogicalPlan.Shed shed && node.isStreaming() ? Optional.of(shed(shed)) : Optional.empty();
    }

    private PhysicalPlan shed(LogicalPlan.Shed node) {
        if (ofLeftOut || !isOneSource(node.input())) {
            throw unsupported(
                    "withLoadShedding(…) over anything but the rows of one source",
                    "Call it once per source, before aggregations, joins and unions; filters, select and explode may come "
                            + "before it.");
        }
        PhysicalPlan below = plan(node.input());
        int source = below.all().stream()
                .filter(PhysicalPlan.StreamScan.class::isInstance)
                .mapToInt(scan -> ((PhysicalPlan.StreamScan) scan).index())
                .findFirst()
                .orElseThrow();
        List<OutputColumn> columns = new ArrayList<>(identity(node.schema()));
        columns.add(new OutputColumn("key", node.key()));
        Shedding shedding = new Shedding(node, source);
        sheddings.add(shedding);
        PhysicalPlan hashed = computed(new PhysicalPlan.Compute(below, Optional.empty(), columns));
        return new ShedNode(hashed, node.schema(), shedding);
    }

    private static boolean isOneSource(LogicalPlan node) {
        return switch (node) {
            case LogicalPlan.Scan scan -> !(scan.table() instanceof OperatorOutput);
            case LogicalPlan.Filter _, LogicalPlan.Project _, LogicalPlan.Explode _, LogicalPlan.Watermark _ ->
                isOneSource(node.inputs().getFirst());
            case LogicalPlan _ -> false;
        };
    }

    static boolean isAggregated(LogicalPlan node) {
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
            Optional<LogicalPlan.Window> sessions = AggregateEdges.sessionsOf(aggregate);
            if (sessions.isPresent()) {
                Edge below = edge(sessions.get().input(), false);
                return AggregateEdges.isIncremental(aggregate, below) && !DistinctValues.anyIn(aggregate)
                        ? OperatorOutput.of(aggregates()
                                .sessions(aggregate, sessions.get(), below, StatefulAggregate.Emission.WHOLE, 0))
                        : whole(aggregates()
                                .recomputed(aggregate, window(sessions.get(), below), Optional.empty(), false));
            }
            Edge input = edge(aggregate.input(), false);
            return AggregateEdges.isIncremental(aggregate, input)
                    ? OperatorOutput.of(aggregates()
                            .aggregateRows(aggregate, input, StatefulAggregate.Emission.WHOLE, Optional.empty()))
                    : whole(aggregates().changing(aggregate, input, Optional.empty(), false));
        }
        return isAggregated(node) ? node.mapInputs(this::complete) : whole(edge(node, false));
    }

    private LogicalPlan whole(Edge edge) {
        StructType schema = edge.rowSchema();
        LogicalPlan changes = edge.retracts() ? edge.plan() : Changelog.withChange(edge);
        return OperatorOutput.of(
                new WholeResult(plan(changes), schema, newState("wholeResult", WholeResult.stateSchema(schema))));
    }

    /// @param last whether only filters and projections come between the node and the sink
    Edge edge(LogicalPlan node, boolean last) {
        if (!node.isStreaming()) {
            return new Edge(node, Edge.Mode.APPEND);
        }
        if (node instanceof LogicalPlan.LookupJoin join && keptLookups.contains(join) && asksTheSame(join)) {
            boolean ofMode = isAboveState(join);
            Asked asked = new Asked(join, ofMode ? Optional.of(mode) : Optional.empty(), ofMode && last);
            Edge known = lookups.get(asked);
            if (known == null) {
                known = newEdge(join, last);
                lookups.put(asked, known);
            }
            return known;
        }
        if (last || !keepsState(node) || !isSame(node)) {
            return newEdge(node, last);
        }
        Map<LogicalPlan, Edge> knownEdges = edges.computeIfAbsent(mode, _ -> new HashMap<>());
        Edge known = knownEdges.get(node);
        if (known == null) {
            known = newEdge(node, false);
            knownEdges.put(node, known);
        }
        return known;
    }

    /// Whether a part that stands twice is meant to give the same rows. What a function with state gives is told by its
    /// state, of which the program sees one.
    private static boolean isSame(LogicalPlan node) {
        return node instanceof LogicalPlan.MapGroups
                ? node.inputs().stream().allMatch(LogicalPlan::deterministic)
                : node.deterministic();
    }

    private static boolean asksTheSame(LogicalPlan.LookupJoin join) {
        return join.input().deterministic() && join.keys().stream().allMatch(BoundExpr::deterministic);
    }

    private static boolean isAboveState(LogicalPlan node) {
        return node.inputs().stream().anyMatch(input -> keepsState(input) || isAboveState(input));
    }

    static boolean keepsState(LogicalPlan node) {
        return switch (node) {
            case LogicalPlan.Aggregate _,
                    LogicalPlan.Deduplicate _,
                    LogicalPlan.Join _,
                    LogicalPlan.AsOfJoin _,
                    LogicalPlan.Limit _,
                    LogicalPlan.Window _ -> true;
            case LogicalPlan.MapGroups groups -> groups.call() instanceof GroupCall.Stateful;
            case LogicalPlan.Filter filter -> TopRanks.of(filter).isPresent();
            default -> false;
        };
    }

    private Edge newEdge(LogicalPlan node, boolean last) {
        return switch (node) {
            case LogicalPlan.Filter filter ->
                filter(
                        filter,
                        TopRanks.of(filter)
                                .map(top -> top.edge(this, mode))
                                .orElseGet(() -> edge(filter.input(), last)));
            case LogicalPlan.Watermark watermark -> linear(watermark, edge(watermark.input(), last));
            case LogicalPlan.Shed shed -> linear(shed, edge(shed.input(), last));
            case LogicalPlan.Observe observe -> observe(observe, edge(observe.input(), last));
            case LogicalPlan.Project project -> project(project, edge(project.input(), last));
            case LogicalPlan.Explode explode -> explode(explode, edge(explode.input(), last));
            case LogicalPlan.Union union -> union(union);
            case LogicalPlan.Aggregate aggregate -> aggregates().of(aggregate, last);
            case LogicalPlan.Deduplicate deduplicate -> new DeduplicateEdges(this).of(deduplicate);
            case LogicalPlan.Join join -> new JoinEdges(this, mode).of(join);
            case LogicalPlan.AsOfJoin join -> new AsOfEdges(this, mode).of(join);
            case LogicalPlan.LookupJoin join -> lookupJoin(join, edge(join.input(), last));
            case LogicalPlan.Limit limit -> new LimitEdges(this).of(limit);
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

    private static Edge observe(LogicalPlan.Observe node, Edge input) {
        if (input.retracts()) {
            throw unsupported(
                    "observe(\"" + node.observer().name() + "\", …) of rows that can go again",
                    "A metric is computed over the rows that come, and could not tell those that go. Call it before the"
                            + " operator whose results change, or use outputMode(\"complete\").");
        }
        return linear(node, input);
    }

    /// Finds the lookups whose answers something keeps: a state above them, or one output of several.
    private void findKeptLookups(LogicalPlan node, boolean kept) {
        if (kept && node instanceof LogicalPlan.LookupJoin join) {
            keptLookups.add(join);
        }
        boolean withTable = (node instanceof LogicalPlan.Join || node instanceof LogicalPlan.AsOfJoin)
                && !node.inputs().stream().allMatch(LogicalPlan::isStreaming);
        boolean keeps = kept || keepsState(node) && !withTable;
        node.inputs().stream().filter(LogicalPlan::isStreaming).forEach(input -> findKeptLookups(input, keeps));
    }

    private Edge lookupJoin(LogicalPlan.LookupJoin node, Edge input) {
        if (input.retracts()) {
            return new KeptEdges(this).changedLookup(node, input);
        }
        return keptLookups.contains(node) ? new KeptEdges(this).loggedLookup(node, input) : linear(node, input);
    }

    private Edge filter(LogicalPlan.Filter node, Edge input) {
        return input.retracts() && KeptEdges.varies(node.predicate())
                ? new KeptEdges(this).computed(node, input)
                : linear(node, input);
    }

    private static Edge linear(LogicalPlan node, Edge input) {
        return new Edge(node.mapInputs(_ -> input.plan()), input.mode());
    }

    private Edge project(LogicalPlan.Project node, Edge input) {
        if (input.retracts() && node.columns().stream().anyMatch(column -> KeptEdges.varies(column.expr()))) {
            return new KeptEdges(this).computed(node, input);
        }
        List<OutputColumn> columns = new ArrayList<>(node.columns());
        if (input.retracts()) {
            columns.add(new OutputColumn(ChangeColumn.FIELD.name(), Changelog.changeOf(input)));
        }
        return new Edge(new LogicalPlan.Project(input.plan(), columns), input.mode());
    }

    /// What is generated comes behind all columns of the input, so the change has to be moved to the end.
    private Edge explode(LogicalPlan.Explode node, Edge input) {
        if (input.retracts() && KeptEdges.varies(node.collection())) {
            return new KeptEdges(this).computed(node, input);
        }
        Edge edge = linear(node, input);
        return input.retracts() ? Changelog.changeLast(edge, input.rowSchema().size()) : edge;
    }

    private Edge union(LogicalPlan.Union node) {
        List<Edge> inputs =
                node.inputs().stream().map(input -> edge(input, false)).toList();
        boolean retracts = inputs.stream().anyMatch(Edge::retracts);
        return new Edge(
                new LogicalPlan.Union(inputs.stream()
                        .map(input -> retracts && !input.retracts() ? Changelog.withChange(input) : input.plan())
                        .toList()),
                retracts ? Edge.Mode.RETRACT : Edge.Mode.APPEND);
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
    KeyedInput keyed(String name, Edge input, List<BoundExpr> keys, Optional<TimeKey> time) {
        int firstKey = input.rowSchema().size() + 1;
        return keyed(name, input, keys, TimeKey.lifetime(time), time.map(key -> key.at(firstKey + key.index())));
    }

    /// Keeps an input's rows by keys, each until a time of its own. Rows without that time, which would stay for good,
    /// are left out: a comparison with their time is never true.
    ///
    /// @param ends,late over the input's columns
    KeyedInput keyed(String name, Edge input, List<BoundExpr> keys, Expiry ends, Expiry late) {
        return keyed(
                name,
                new Edge(withTime(input, ends), input.mode()),
                keys,
                new KeyedRows.Lifetime.OfRow(ends),
                Optional.of(late));
    }

    /// The rows that have the time by which they end.
    static LogicalPlan withTime(Edge input, Expiry ends) {
        BoundExpr time = Changelog.column(input.rowSchema().field(ends.column()), ends.column());
        return new LogicalPlan.Filter(input.plan(), new BoundExpr.Not(new BoundExpr.IsNull(time)));
    }

    KeyedInput keyed(
            String name, Edge input, List<BoundExpr> keys, KeyedRows.Lifetime lifetime, Optional<Expiry> late) {
        StructType rows = input.rowSchema();
        List<OutputColumn> columns = new ArrayList<>(identity(rows));
        columns.add(new OutputColumn(
                ChangeColumn.FIELD.name(),
                input.retracts() ? Changelog.changeOf(input) : new BoundExpr.Literal(Scalar.of(ChangeColumn.ADDED))));
        List<OutputColumn> keyColumns = keyColumns(keys);
        columns.addAll(keyColumns);
        StructType keySchema = new StructType(
                keyColumns.stream().map(key -> key.field().withNullable(true)).toList());
        boolean expiring = !(lifetime instanceof KeyedRows.Lifetime.Endless);
        OperatorState state = newState(name, KeyedRows.stateSchema(keySchema, rows, expiring));
        return new KeyedInput(
                plan(new LogicalPlan.Project(input.plan(), columns)),
                new KeyedRows(state, keySchema, rows, lifetime),
                late);
    }

    static List<OutputColumn> keyColumns(List<BoundExpr> keys) {
        return IntStream.range(0, keys.size())
                .mapToObj(k -> new OutputColumn("key" + k, keys.get(k)))
                .toList();
    }

    /// Keeps an input's rows, which only come, in a log.
    ///
    /// @param keys over the input's columns
    /// @param lifetime,late over the input's columns and the keys behind them
    /// @param keptMicros as in [LoggedInput]
    LoggedInput logged(
            String name,
            Edge input,
            List<BoundExpr> keys,
            Optional<Expiry> lifetime,
            Optional<Expiry> late,
            long keptMicros) {
        List<OutputColumn> columns = new ArrayList<>(identity(input.rowSchema()));
        columns.addAll(keyColumns(keys));
        OperatorState state = newState(name, StateSchema.ofRows(input.rowSchema(), lifetime.isPresent()));
        return new LoggedInput(
                plan(new LogicalPlan.Project(input.plan(), columns)),
                input.rowSchema(),
                state,
                lifetime,
                late,
                keptMicros);
    }

    /// The first column that tells the event time.
    static Optional<Expiry> eventTime(LogicalPlan input, long extraMicros) {
        for (int i = 0; i < input.schema().size(); i++) {
            int ordinal = i;
            Optional<Expiry> expiry = EventTimeColumn.of(
                            input, Changelog.column(input.schema().field(i), i))
                    .map(time -> new Expiry(ordinal, time.form(), time.slackMicros() + extraMicros));
            if (expiry.isPresent()) {
                return expiry;
            }
        }
        return Optional.empty();
    }

    /// Window functions over all rows of the partitions that change, or over those rows that a change affects.
    private Edge window(LogicalPlan.Window node) {
        return window(node, edge(node.input(), false));
    }

    Edge window(LogicalPlan.Window node, Edge input) {
        Optional<TimeKey> time =
                mode == OutputMode.COMPLETE ? Optional.empty() : TimeKey.of(node.input(), node.partition());
        Optional<Edge> ordered = time.isEmpty() ? OrderedWindowEdges.of(this, node, input) : Optional.empty();
        if (ordered.isPresent()) {
            return ordered.get();
        }
        KeyedInput keyed = keyed("windowRows", input, node.partition(), time);
        RowsLeaf leaf = new RowsLeaf(input.rowSchema());
        PhysicalPlan body =
                plan(new LogicalPlan.Window(OperatorOutput.of(leaf), node.partition(), node.order(), node.columns()));
        return recompute("window functions", List.of(keyed), body, List.of(leaf), time, false);
    }

    private AggregateEdges aggregates() {
        return new AggregateEdges(this, mode, lateRows.isPresent());
    }

    /// The batch operator of an aggregation.
    PhysicalPlan.HashAggregate grouping(LogicalPlan.Aggregate node) {
        return aggregate(node);
    }

    /// Each column as it is.
    static List<OutputColumn> columnsOf(StructType schema) {
        return identity(schema);
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
