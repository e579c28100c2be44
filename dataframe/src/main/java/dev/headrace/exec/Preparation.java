package dev.headrace.exec;

import dev.headrace.chunk.Closing;
import dev.headrace.codegen.ComputeCompiler;
import dev.headrace.codegen.ComputeProgram;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ScanRequest;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.SortKey;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes physical plans ready to run: the one switch from operators' descriptions to running ones. Used once per query.
///
/// Closing it frees the rows of what stands in the plan more than once: after each run.
public final class Preparation implements AutoCloseable {
    private final List<ComputeProgram> programs = new ArrayList<>();
    private final Map<PhysicalPlan, List<Place>> filtered = new IdentityHashMap<>();
    private final Map<PhysicalPlan, List<Place>> toldToScans = new IdentityHashMap<>();
    private final Map<PhysicalPlan, SharedRows> shared = new IdentityHashMap<>();
    private final Set<PhysicalPlan> repeated = Collections.newSetFromMap(new IdentityHashMap<>());
    /// What stands in several places, with and without keeping its rows.
    private final Set<PhysicalPlan> inSeveralPlaces = Collections.newSetFromMap(new IdentityHashMap<>());
    /// The columns that are looked at above joins whose rows go through an operator that looks at some only.
    private final Map<PhysicalPlan, BitSet> wanted = new IdentityHashMap<>();

    private final Compiler compiler;

    /// Makes a program from one that interprets.
    private interface Compiler {
        ComputeProgram program(
                ComputeProgram interpreted, Optional<BoundExpr> predicate, List<BoundExpr> outputs, StructType schema);
    }

    /// For a batch query: expressions are compiled once that is worth while.
    public Preparation() {
        this(ComputeCompiler::whenWorthwhile);
    }

    private Preparation(Compiler compiler) {
        this.compiler = compiler;
    }

    /// For a streaming query: the compilation of expressions begins at once.
    public static Preparation ahead() {
        return new Preparation(ComputeCompiler::ahead);
    }

    /// For a query whose rows are compared with those of the interpreter: all expressions are compiled.
    public static Preparation compiled() {
        return new Preparation((_, predicate, outputs, schema) -> ComputeCompiler.atOnce(predicate, outputs, schema));
    }

    /// Where a join's filter is asked: a column of an operator's output.
    private record Place(JoinFilter filter, int column) {}

    /// A query's plan: an operator that it has in several places works once per run, after which this is to be closed.
    public Prepared prepareQuery(PhysicalPlan plan) {
        return prepareQueries(List.of(plan)).getFirst();
    }

    /// As [#prepareQuery], for several plans that run together: what they share works once, too.
    public List<Prepared> prepareQueries(List<PhysicalPlan> plans) {
        Set<PhysicalPlan> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        plans.forEach(plan -> findRepeated(plan, seen));
        return plans.stream().map(this::prepare).toList();
    }

    private void findRepeated(PhysicalPlan plan, Set<PhysicalPlan> seen) {
        boolean worthKeeping = plan instanceof PhysicalPlan.HashAggregate aggregate && !aggregate.inPieces()
                || plan instanceof PhysicalPlan.Window
                || plan instanceof PhysicalPlan.Custom;
        boolean again = !seen.add(plan);
        if (again) {
            inSeveralPlaces.add(plan);
        }
        if (again && worthKeeping) {
            repeated.add(plan);
        } else {
            plan.inputs().forEach(input -> findRepeated(input, seen));
        }
    }

    public Prepared prepare(PhysicalPlan plan) {
        if (repeated.contains(plan)) {
            SharedRows known = shared.get(plan);
            if (known == null) {
                known = new SharedRows(measured(plan, withoutFilters(plan)), plan.schema());
                shared.put(plan, known);
            }
            return known;
        }
        Prepared prepared = withoutFilters(plan);
        for (Place place : filtered.getOrDefault(plan, List.of())) {
            Prepared unfiltered = prepared;
            prepared = run -> {
                JoinFilter.Tried tried = new JoinFilter.Tried();
                return unfiltered.open(run).then(() -> place.filter().operator(place.column(), tried, run.allocator()));
            };
        }
        return measured(plan, prepared);
    }

    private static Prepared measured(PhysicalPlan plan, Prepared prepared) {
        return run -> {
            WorkClock driver = run.profile().driver();
            OperatorProfile above = driver.switchTo(run.profile().of(plan));
            try {
                return prepared.open(run).measuring(plan);
            } finally {
                driver.switchTo(above);
            }
        };
    }

    private Prepared withoutFilters(PhysicalPlan plan) {
        return switch (plan) {
            case PhysicalPlan.TableScan scan -> scan(scan);
            case PhysicalPlan.StreamScan scan ->
                run -> Stage.of(run.streamSplits().get(scan.index()));
            case PhysicalPlan.Values values -> run -> Stage.of(ValueSplits.of(values));
            case PhysicalPlan.Range range -> run -> Stage.of(ValueSplits.of(range));
            case PhysicalPlan.Compute compute -> compute(compute);
            case PhysicalPlan.HashAggregate aggregate
                    when aggregate.anyDistinct() -> new DistinctAggregation(prepare(aggregate.input()), aggregate);
            case PhysicalPlan.HashAggregate aggregate
                    when aggregate.inPieces() -> new PieceGrouping(prepare(aggregate.input()), aggregate);
            case PhysicalPlan.HashAggregate aggregate -> new HashAggregation(prepare(aggregate.input()), aggregate);
            case PhysicalPlan.HashJoin join -> join(join);
            case PhysicalPlan.Sort sort ->
                new Sorting(
                        prepare(sort.input()),
                        sort.schema(),
                        sort.keys().stream().map(Preparation::column).toList(),
                        sort.limit());
            case PhysicalPlan.Limit limit ->
                new Limiting(prepare(limit.input()), limit.schema(), limit.count(), limit.offset());
            case PhysicalPlan.Union union -> union(union);
            case PhysicalPlan.Explode explode -> explode(explode);
            case PhysicalPlan.Deduplicate deduplicate -> new Deduplication(prepare(deduplicate.input()), deduplicate);
            case PhysicalPlan.Window window ->
                windows(window, window.order().stream().map(Preparation::column).toList());
            case PhysicalPlan.Custom custom -> custom.prepare(this);
        };
    }

    /// Joins above know by the time of opening which keys they want.
    private Prepared scan(PhysicalPlan.TableScan scan) {
        List<Place> keys = toldToScans.getOrDefault(scan, List.of());
        return run -> {
            List<BoundExpr> known = keys.stream()
                    .flatMap(key -> key.filter().condition(scan.table(), key.column()).stream())
                    .toList();
            if (!known.isEmpty()) {
                run.profile().of(scan).count("joinFilters", known.size());
            }
            return Stage.of(
                    ((BatchTable) scan.table()).scan(scan.request(), known).splits());
        };
    }

    private Prepared windows(PhysicalPlan.Window node, List<SortColumn> order) {
        List<SortColumn> partition = SortedPartitions.ascending(node.partition());
        return new SortedPartitions(
                prepare(node.input()),
                node.input().schema(),
                node.partition(),
                order,
                (sorted, run) -> new WindowStream(node, sorted, partition, order, run));
    }

    /// Compiles a filter and projection.
    public ComputeProgram compile(Optional<BoundExpr> predicate, List<BoundExpr> outputs, StructType schema) {
        InterpretedProgram interpreted = new InterpretedProgram(predicate, outputs, schema);
        ComputeProgram compiled = compiler.program(interpreted, predicate, outputs, schema);
        ComputeProgram program = new NumberedProgram(programs.size(), new LocatingProgram(compiled, interpreted));
        programs.add(program);
        return program;
    }

    /// What has been compiled so far, in order.
    public List<ComputeProgram> programs() {
        return List.copyOf(programs);
    }

    private Prepared compute(PhysicalPlan.Compute node) {
        if (node.input() instanceof PhysicalPlan.HashJoin join) {
            BitSet used = wanted.computeIfAbsent(join, _ -> new BitSet());
            node.predicate().ifPresent(predicate -> collect(predicate, used));
            node.columns().forEach(column -> collect(column.expr(), used));
        }
        Prepared input = prepare(node.input());
        List<BoundExpr> outputs =
                node.columns().stream().map(OutputColumn::expr).toList();
        ComputeProgram program = compile(node.predicate(), outputs, node.schema());
        return run -> {
            Stage stage = input.open(run);
            program.expect(stage.estimatedRows());
            return stage.thenFor((_, split) -> new ComputeOperator(program, outputs, split, run));
        };
    }

    /// Adds the columns that an expression looks at.
    static void collect(BoundExpr expr, BitSet columns) {
        if (expr instanceof BoundExpr.Column column) {
            columns.set(column.ordinal());
        }
        expr.operands().forEach(operand -> collect(operand, columns));
    }

    private BitSet wanted(PhysicalPlan.HashJoin node) {
        BitSet all = new BitSet();
        all.set(0, node.schema().size());
        return wanted.getOrDefault(node, all);
    }

    private Prepared join(PhysicalPlan.HashJoin node) {
        StructType verdict = new StructType().add("holds", "boolean");
        Optional<ComputeProgram> residual =
                node.residual().map(condition -> compile(Optional.empty(), List.of(condition), verdict));
        List<JoinFilter> filters = filtersOf(node);
        return new HashJoining(prepare(node.left()), prepare(node.right()), node, residual, filters, wanted(node));
    }

    /// Places filters for the keys of a join on the side that streams past its table, if rows of that side which have
    /// no partner don't matter: in its scans, and below joins and groupings.
    private List<JoinFilter> filtersOf(PhysicalPlan.HashJoin node) {
        boolean useful = switch (node.type()) {
            case INNER, LEFT_SEMI, RIGHT_OUTER -> true;
            case LEFT_OUTER, LEFT_ANTI -> node.buildLeft();
            case CROSS, FULL_OUTER -> false;
        };
        List<JoinFilter> filters = new ArrayList<>();
        for (int k = 0; useful && k < node.leftKeys().length; k++) {
            JoinFilter filter = new JoinFilter(node.buildLeft() ? node.leftKeys()[k] : node.rightKeys()[k]);
            PhysicalPlan streamed = node.buildLeft() ? node.right() : node.left();
            place(filter, streamed, node.buildLeft() ? node.rightKeys()[k] : node.leftKeys()[k], false);
            if (filter.isAsked()) {
                filters.add(filter);
            }
        }
        return filters;
    }

    /// @param below whether there is a join or a grouping between the join and here, which then has less to do
    /// @return whether rows are looked at, here or deeper
    private boolean place(JoinFilter filter, PhysicalPlan plan, int column, boolean below) {
        if (inSeveralPlaces.contains(plan)) {
            // Others need its rows too.
            return false;
        }
        boolean deeper = switch (plan) {
            case PhysicalPlan.Compute compute ->
                compute.columns().get(column).expr() instanceof BoundExpr.Column source
                        && isDeterministic(compute)
                        && placeInInput(filter, compute, source.ordinal(), below);
            case PhysicalPlan.TableScan scan -> {
                tell(scan, filter, column);
                yield false;
            }
            case PhysicalPlan.HashAggregate aggregate ->
                column < aggregate.keys().length
                        && place(filter, aggregate.input(), aggregate.keys()[column], true);
            case PhysicalPlan.HashJoin join -> placeInJoin(filter, join, column);
            default -> false;
        };
        if (!deeper && below) {
            filter.looksAtRows();
            filtered.computeIfAbsent(plan, _ -> new ArrayList<>()).add(new Place(filter, column));
        }
        return deeper || below;
    }

    /// Rows are looked at above what a scan's own filter leaves.
    private boolean placeInInput(JoinFilter filter, PhysicalPlan.Compute compute, int column, boolean below) {
        if (compute.input() instanceof PhysicalPlan.TableScan scan && !inSeveralPlaces.contains(scan)) {
            tell(scan, filter, column);
            return false;
        }
        return place(filter, compute.input(), column, below);
    }

    private void tell(PhysicalPlan.TableScan scan, JoinFilter filter, int column) {
        if (scan.request().columns().get(column) instanceof ScanRequest.ScanColumn.Stored stored) {
            filter.tellsScans();
            toldToScans.computeIfAbsent(scan, _ -> new ArrayList<>()).add(new Place(filter, stored.ordinal()));
        }
    }

    /// Whether rows may be missing below without a change to what comes of the others.
    private static boolean isDeterministic(PhysicalPlan.Compute compute) {
        return compute.predicate().map(BoundExpr::deterministic).orElse(true)
                && compute.columns().stream().allMatch(column -> column.expr().deterministic());
    }

    private boolean placeInJoin(JoinFilter filter, PhysicalPlan.HashJoin join, int column) {
        int leftWidth = join.left().schema().size();
        return switch (join.type()) {
            case INNER, CROSS ->
                column < leftWidth
                        ? place(filter, join.left(), column, true)
                        : place(filter, join.right(), column - leftWidth, true);
            case LEFT_OUTER, LEFT_SEMI, LEFT_ANTI -> column < leftWidth && place(filter, join.left(), column, true);
            case RIGHT_OUTER -> column >= leftWidth && place(filter, join.right(), column - leftWidth, true);
            case FULL_OUTER -> false;
        };
    }

    private Prepared union(PhysicalPlan.Union node) {
        List<Prepared> inputs = node.inputs().stream().map(this::prepare).toList();
        return run -> union(inputs, run).then(() -> new RenameOperator(node.schema()));
    }

    private static Stage union(List<Prepared> inputs, RunContext run) {
        List<Stage> opened = new ArrayList<>();
        try {
            inputs.forEach(input -> opened.add(input.open(run)));
            return Stage.union(opened);
        } catch (Throwable failed) {
            try (Stage all = Stage.union(opened)) {
                throw failed;
            }
        }
    }

    private Prepared explode(PhysicalPlan.Explode node) {
        Prepared input = prepare(node.input());
        return run -> input.open(run).then(() -> new ExplodeOperator(node, run));
    }

    static SortColumn column(SortKey key) {
        return new SortColumn(((BoundExpr.Column) key.expr()).ordinal(), key.direction(), key.nulls());
    }

    @Override
    public void close() {
        Closing.all(shared.values());
    }
}
