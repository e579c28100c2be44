package dev.headrace.exec;

import dev.headrace.exec.RankLimits.RankLimit;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.AsOf;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Chains;
import dev.headrace.plan.GroupCall;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.RowEstimate;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.SortKey;
import dev.headrace.plan.Totality;
import dev.headrace.plan.WindowCall;
import dev.headrace.plan.WindowFrame;
import dev.headrace.plan.WindowFunction;
import dev.headrace.plan.rules.GroupingSets;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Chooses the operators for a logical plan.
///
/// Breakers work on columns only, so expressions in keys and arguments are computed by a [PhysicalPlan.Compute] below
/// them. The streaming planner extends it by overriding [#stateful]: what a batch query does over its whole input, a
/// streaming one does with state.
public class PhysicalPlanner {
    /// Tables so small that it does not matter which side of a join they are.
    private static final double FEW_ROWS = 10_000;

    private int streamScans;

    /// The groupings and window functions planned so far: where one comes again, its operator does too, and it is
    /// computed once.
    private final Map<LogicalPlan, PhysicalPlan> planned = new HashMap<>();

    /// The windows of which few rows are wanted.
    private Map<LogicalPlan.Window, RankLimit> rankLimits = Map.of();

    /// Plans a whole batch query, windows with limits that filters above them give.
    public static PhysicalPlan planBatch(LogicalPlan query) {
        PhysicalPlanner planner = new PhysicalPlanner();
        planner.rankLimits = RankLimits.of(query);
        return planner.plan(query);
    }

    public PhysicalPlan plan(LogicalPlan logical) {
        return switch (logical) {
            case LogicalPlan.Scan scan
                    when scan.table().isStreaming() -> new PhysicalPlan.StreamScan(scan.table(), scan.request(), streamScans++);
            case LogicalPlan.Scan scan -> new PhysicalPlan.TableScan(scan.table(), scan.request());
            case LogicalPlan.LocalRelation(StructType schema, List<List<@Nullable Object>> rows) ->
                new PhysicalPlan.Values(schema, rows);
            case LogicalPlan.Range range ->
                new PhysicalPlan.Range(range.start(), range.end(), range.step(), range.partitions(), range.schema());
            case LogicalPlan.Filter filter -> compute(filter, identity(filter.schema()));
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> columns) -> compute(input, columns);
            case LogicalPlan.Limit(LogicalPlan.Sort sort, long count, long offset) ->
                stateful(sort)
                        .orElseGet(() -> new PhysicalPlan.Limit(sort(sort, rowsFor(count, offset)), count, offset));
            case LogicalPlan.Limit(LogicalPlan input, long count, long offset) ->
                stateful(logical).orElseGet(() -> new PhysicalPlan.Limit(plan(input), count, offset));
            case LogicalPlan.Union(List<LogicalPlan> inputs) ->
                new PhysicalPlan.Union(inputs.stream().map(this::plan).toList(), logical.schema());
            case LogicalPlan.Explode explode -> explode(explode, identity(explode.schema()));
            case LogicalPlan.Aggregate aggregate -> stateful(logical).orElseGet(() -> once(aggregate, this::grouping));
            case LogicalPlan.Join join -> stateful(logical).orElseGet(() -> join(join));
            case LogicalPlan.AsOfJoin join -> asOfJoin(join);
            case LogicalPlan.LookupJoin join -> lookupJoin(join);
            case LogicalPlan.Sort sort -> stateful(logical).orElseGet(() -> sort(sort, -1));
            case LogicalPlan.Deduplicate(LogicalPlan input, List<Integer> keys, boolean _) ->
                stateful(logical).orElseGet(() -> deduplicate(plan(input), keys));
            case LogicalPlan.Window window -> stateful(logical).orElseGet(() -> once(window, this::window));
            case LogicalPlan.MapGroups(List<LogicalPlan> inputs, GroupCall call) ->
                new MapGroups(
                        inputs.stream().map(this::plan).toList(), call, MapGroups.EventTime.of(inputs.getFirst()));
            case LogicalPlan.Watermark(LogicalPlan input, int _, long _) ->
                stateful(logical).orElseGet(() -> plan(input));
            case LogicalPlan.Shed shed -> stateful(logical).orElseGet(() -> plan(shed.input()));
            case LogicalPlan.Observe observe -> observe(observe);
        };
    }

    /// How many sorted rows a limit needs; -1 for all.
    private static long rowsFor(long count, long offset) {
        return count > Long.MAX_VALUE - offset ? -1 : count + offset;
    }

    /// The operator for a node that needs state when its input is a stream; empty where a batch operator will do.
    protected Optional<PhysicalPlan> stateful(LogicalPlan node) {
        return Optional.empty();
    }

    /// How many streaming scans have been planned so far.
    public int streamScans() {
        return streamScans;
    }

    /// Fuses filters below a projection with it.
    private PhysicalPlan compute(LogicalPlan input, List<OutputColumn> columns) {
        Optional<BoundExpr> predicate = Optional.empty();
        LogicalPlan below = input;
        while (below instanceof LogicalPlan.Filter(LogicalPlan next, BoundExpr condition)) {
            predicate = Optional.of(predicate.isPresent() ? new BoundExpr.And(condition, predicate.get()) : condition);
            below = next;
        }
        if (below instanceof LogicalPlan.Explode explode) {
            List<OutputColumn> wanted = new ArrayList<>(columns);
            predicate.ifPresent(condition -> wanted.add(new OutputColumn("condition", condition)));
            return computed(new PhysicalPlan.Compute(explode(explode, wanted), predicate, columns));
        }
        return computed(new PhysicalPlan.Compute(plan(below), predicate, columns));
    }

    /// What takes the place of a filter and projection of the query.
    protected PhysicalPlan computed(PhysicalPlan.Compute node) {
        return node;
    }

    private <N extends LogicalPlan> PhysicalPlan once(N node, Function<N, PhysicalPlan> plan) {
        if (node.isStreaming() || !node.deterministic()) {
            return plan.apply(node);
        }
        PhysicalPlan known = planned.get(node);
        if (known == null) {
            known = plan.apply(node);
            planned.put(node, known);
        }
        return known;
    }

    private PhysicalPlan grouping(LogicalPlan.Aggregate node) {
        return GroupingSets.of(node)
                .<PhysicalPlan>map(
                        several -> new HashGroupingSets(aggregate(several.groups()), several.sets(), node.schema()))
                .orElseGet(() -> aggregate(node));
    }

    /// The physical form of a grouping whose input columns are planned below it.
    protected final PhysicalPlan.HashAggregate aggregate(LogicalPlan.Aggregate node) {
        LogicalPlan.Aggregate drawn = withDrawnFilters(node);
        ColumnList columns = new ColumnList();
        int[] keys = new int[drawn.keys().size()];
        for (int k = 0; k < keys.length; k++) {
            keys[k] =
                    columns.add(drawn.keys().get(k).name(), drawn.keys().get(k).expr());
        }
        List<AggregateCall> calls = calls(drawn.aggregates(), columns);
        return new PhysicalPlan.HashAggregate(
                compute(drawn.input(), columns.list()), keys, calls, names(drawn.aggregates()));
    }

    /// The grouping over a projection with the filters that are not deterministic: arguments that may fail are computed
    /// for the rows that these have let pass.
    private static LogicalPlan.Aggregate withDrawnFilters(LogicalPlan.Aggregate node) {
        List<OutputColumn> columns = new ArrayList<>(identity(node.input().schema()));
        List<LogicalPlan.Aggregate.Aggregation> aggregates = new ArrayList<>();
        for (LogicalPlan.Aggregate.Aggregation aggregation : node.aggregates()) {
            AggregateCall call = aggregation.call();
            Optional<BoundExpr> chance = call.filter()
                    .filter(filter -> !filter.deterministic()
                            && !call.arguments().stream().allMatch(Totality::neverFails));
            if (chance.isEmpty()) {
                aggregates.add(aggregation);
                continue;
            }
            BoundExpr filter = chance.get();
            BoundExpr drawn = new BoundExpr.Column(columns.size(), "drawn", filter.type(), filter.nullable());
            columns.add(new OutputColumn("drawn" + columns.size(), filter));
            aggregates.add(new LogicalPlan.Aggregate.Aggregation(
                    aggregation.name(),
                    new AggregateCall(call.function(), call.arguments(), call.distinct(), Optional.of(drawn))));
        }
        return columns.size() == node.input().schema().size()
                ? node
                : new LogicalPlan.Aggregate(
                        new LogicalPlan.Project(node.input(), columns), node.keys(), aggregates, node.firing());
    }

    /// The aggregates over columns, to which what their arguments need is added.
    private static List<AggregateCall> calls(List<LogicalPlan.Aggregate.Aggregation> aggregations, ColumnList columns) {
        UnaryOperator<BoundExpr> guarded = guarded(aggregations.stream()
                .map(LogicalPlan.Aggregate.Aggregation::call)
                .toList());
        List<AggregateCall> calls = new ArrayList<>();
        for (LogicalPlan.Aggregate.Aggregation aggregation : aggregations) {
            AggregateCall call = aggregation.call();
            List<BoundExpr> arguments = new ArrayList<>();
            for (BoundExpr argument : call.arguments()) {
                arguments.add(columns.column(columns.add("arg" + columns.size(), guarded.apply(argument))));
            }
            Optional<BoundExpr> filter =
                    call.filter().map(f -> columns.column(columns.add("filter" + columns.size(), f)));
            calls.add(new AggregateCall(call.function(), arguments, call.distinct(), filter));
        }
        return calls;
    }

    /// Lets arguments that may fail be computed for the rows that a filter of the calls lets pass: for those of any
    /// call with this argument, so that it is one column for all of them.
    private static UnaryOperator<BoundExpr> guarded(List<AggregateCall> calls) {
        Map<BoundExpr, Set<BoundExpr>> filters = new HashMap<>();
        Set<BoundExpr> ofAllRows = new HashSet<>();
        for (AggregateCall call : calls) {
            Optional<BoundExpr> filter = call.filter().filter(BoundExpr::deterministic);
            for (BoundExpr argument : call.arguments()) {
                if (filter.isPresent()) {
                    filters.computeIfAbsent(argument, _ -> new LinkedHashSet<>())
                            .add(filter.get());
                } else {
                    ofAllRows.add(argument);
                }
            }
        }
        return argument -> {
            List<BoundExpr> any = List.copyOf(filters.getOrDefault(argument, Set.of()));
            return any.isEmpty() || ofAllRows.contains(argument) || Totality.neverFails(argument)
                    ? argument
                    : new BoundExpr.Case(
                            List.of(new BoundExpr.Case.Branch(
                                    Chains.combined(any, BoundExpr.Or::new).orElseThrow(), argument)),
                            Optional.empty(),
                            argument.type());
        };
    }

    private static Optional<AggregateCall> aggregate(WindowFunction function) {
        return function instanceof WindowFunction.Aggregate(AggregateCall call) ? Optional.of(call) : Optional.empty();
    }

    /// The function, whose arguments are guarded if it is an aggregate.
    private static WindowFunction guarded(WindowFunction function, UnaryOperator<BoundExpr> guard) {
        return aggregate(function)
                .<WindowFunction>map(call -> new WindowFunction.Aggregate(new AggregateCall(
                        call.function(),
                        call.arguments().stream().map(guard).toList(),
                        call.distinct(),
                        call.filter())))
                .orElse(function);
    }

    private static List<String> names(List<LogicalPlan.Aggregate.Aggregation> aggregations) {
        return aggregations.stream()
                .map(LogicalPlan.Aggregate.Aggregation::name)
                .toList();
    }

    /// Of rows whose columns are all keys it does not matter which one is kept: they are groups.
    private static PhysicalPlan deduplicate(PhysicalPlan input, List<Integer> keys) {
        int width = input.schema().size();
        return width > 0 && keys.size() == width
                ? new PhysicalPlan.HashAggregate(
                        input, IntStream.range(0, width).toArray(), List.of(), List.of())
                : new PhysicalPlan.Deduplicate(input, toArray(keys));
    }

    private PhysicalPlan observe(LogicalPlan.Observe node) {
        ColumnList columns = new ColumnList(node.schema());
        List<AggregateCall> calls = calls(node.aggregates(), columns);
        boolean computes = columns.size() > node.schema().size();
        PhysicalPlan input = computes ? compute(node.input(), columns.list()) : plan(node.input());
        return new Observed(input, node.schema(), calls, names(node.aggregates()), node.results(), node.observer());
    }

    private PhysicalPlan sort(LogicalPlan.Sort node, long limit) {
        if (node.keys().stream().allMatch(key -> key.expr() instanceof BoundExpr.Column)) {
            return new PhysicalPlan.Sort(plan(node.input()), node.keys(), limit);
        }
        ColumnList columns = new ColumnList(node.schema());
        List<SortKey> keys = new ArrayList<>();
        for (SortKey key : node.keys()) {
            int ordinal = columns.add("key" + columns.size(), key.expr());
            keys.add(new SortKey(columns.column(ordinal), key.direction(), key.nulls()));
        }
        PhysicalPlan sorted = new PhysicalPlan.Sort(compute(node.input(), columns.list()), keys, limit);
        return new PhysicalPlan.Compute(sorted, Optional.empty(), identity(node.schema()));
    }

    /// Computes what partitions, orders, arguments and frames need, then the functions, then leaves out the former.
    private PhysicalPlan window(LogicalPlan.Window node) {
        int width = node.input().schema().size();
        ColumnList columns = new ColumnList(node.input().schema());
        int[] partition = new int[node.partition().size()];
        for (int i = 0; i < partition.length; i++) {
            partition[i] = columns.add("partition" + i, node.partition().get(i));
        }
        List<SortKey> order = new ArrayList<>();
        for (SortKey key : node.order()) {
            int ordinal = columns.add("order" + columns.size(), key.expr());
            order.add(new SortKey(columns.column(ordinal), key.direction(), key.nulls()));
        }
        UnaryOperator<BoundExpr> toColumn = expr ->
                expr instanceof BoundExpr.Literal ? expr : columns.column(columns.add("value" + columns.size(), expr));
        UnaryOperator<BoundExpr> argument = expr -> columns.column(columns.add("arg" + columns.size(), expr));
        UnaryOperator<BoundExpr> guard = guarded(node.columns().stream()
                .flatMap(column -> aggregate(column.call().function()).stream())
                .toList());
        List<LogicalPlan.Window.Column> calls = new ArrayList<>();
        for (LogicalPlan.Window.Column column : node.columns()) {
            WindowCall call = column.call();
            calls.add(new LogicalPlan.Window.Column(
                    column.name(),
                    new WindowCall(
                            guarded(call.function(), guard).map(argument),
                            call.frame().unit() == WindowFrame.Unit.ROWS
                                    ? call.frame()
                                    : call.frame().map(toColumn))));
        }
        PhysicalPlan input = columns.size() == width ? plan(node.input()) : compute(node.input(), columns.list());
        RankLimit limit = rankLimits.get(node);
        PhysicalPlan window = new PhysicalPlan.Window(
                limit == null ? input : new WindowGroupLimit(input, partition, order, limit), partition, order, calls);
        if (columns.size() == width) {
            return window;
        }
        List<OutputColumn> kept = new ArrayList<>();
        for (int i = 0; i < window.schema().size(); i++) {
            if (i < width || i >= columns.size()) {
                kept.add(column(i, window.schema().field(i)));
            }
        }
        return new PhysicalPlan.Compute(window, Optional.empty(), kept);
    }

    /// @param above what is computed of the result: columns that it does not use are null in it, as they would be
    ///     copied for each element, the array itself above all
    private PhysicalPlan explode(LogicalPlan.Explode node, List<OutputColumn> above) {
        StructType inputSchema = node.input().schema();
        BitSet used = new BitSet();
        above.forEach(column -> addUsed(column.expr(), used));
        ColumnList columns = new ColumnList();
        for (int i = 0; i < inputSchema.size(); i++) {
            StructField field = inputSchema.field(i);
            columns.append(
                    field.name(),
                    used.get(i) ? column(i, field).expr() : new BoundExpr.Literal(new Scalar(null, field.dataType())));
        }
        int collection = columns.append("collection", node.collection());
        PhysicalPlan input = compute(node.input(), columns.list());
        List<StructField> fields = new ArrayList<>(input.schema().fieldList());
        fields.remove(collection);
        fields.addAll(node.schema()
                .fieldList()
                .subList(inputSchema.size(), node.schema().size()));
        return new PhysicalPlan.Explode(input, collection, node.outer(), node.withPosition(), new StructType(fields));
    }

    private static void addUsed(BoundExpr expr, BitSet used) {
        if (expr instanceof BoundExpr.Column column) {
            used.set(column.ordinal());
        }
        expr.operands().forEach(operand -> addUsed(operand, used));
    }

    /// The physical form of a join whose two sides are complete.
    private PhysicalPlan join(LogicalPlan.Join node) {
        int leftSize = node.left().schema().size();
        int rightSize = node.right().schema().size();
        ColumnList left = new ColumnList(node.left().schema());
        ColumnList right = new ColumnList(node.right().schema());
        List<Integer> leftKeys = new ArrayList<>();
        List<Integer> rightKeys = new ArrayList<>();
        JoinKeys keys = JoinKeys.of(node);
        keys.left().forEach(key -> leftKeys.add(left.add("key" + left.size(), key)));
        keys.right().forEach(key -> rightKeys.add(right.add("key" + right.size(), key)));
        int extraLeft = left.size() - leftSize;
        Optional<BoundExpr> residual = keys.rest().stream()
                .reduce(BoundExpr.And::new)
                .map(condition -> moveRight(condition, leftSize, extraLeft));
        PhysicalPlan leftPlan = extraLeft == 0 ? plan(node.left()) : compute(node.left(), left.list());
        PhysicalPlan rightPlan = right.size() == rightSize ? plan(node.right()) : compute(node.right(), right.list());
        return joined(node, leftPlan, rightPlan, toArray(leftKeys), toArray(rightKeys), residual);
    }

    /// The join, and where keys had to be computed, a projection that drops them again.
    private static PhysicalPlan joined(
            LogicalPlan.Join node,
            PhysicalPlan left,
            PhysicalPlan right,
            int[] leftKeys,
            int[] rightKeys,
            Optional<BoundExpr> residual) {
        List<StructField> fields = new ArrayList<>();
        List<OutputColumn> kept = new ArrayList<>();
        int out = 0;
        for (int i = 0; i < left.schema().size(); i++) {
            boolean wanted = i < node.left().schema().size();
            StructField field =
                    wanted ? node.schema().field(out) : left.schema().field(i).withNullable(true);
            if (wanted) {
                kept.add(column(fields.size(), field));
                out++;
            }
            fields.add(field);
        }
        if (!node.type().leftOnly()) {
            for (int i = 0; i < right.schema().size(); i++) {
                boolean wanted = i < node.right().schema().size();
                StructField field = wanted
                        ? node.schema().field(out)
                        : right.schema().field(i).withNullable(true);
                if (wanted) {
                    kept.add(column(fields.size(), field));
                    out++;
                }
                fields.add(field);
            }
        }
        PhysicalPlan join = new PhysicalPlan.HashJoin(
                left, right, node.type(), leftKeys, rightKeys, residual, buildsLeft(node), new StructType(fields));
        return kept.size() == fields.size() ? join : new PhysicalPlan.Compute(join, Optional.empty(), kept);
    }

    private PhysicalPlan asOfJoin(LogicalPlan.AsOfJoin node) {
        int leftSize = node.left().schema().size();
        int rightSize = node.right().schema().size();
        ColumnList left = new ColumnList(node.left().schema());
        ColumnList right = new ColumnList(node.right().schema());
        JoinKeys keys = JoinKeys.ofEqualities(node.pairs());
        int[] leftKeys = keys.left().stream()
                .mapToInt(key -> left.add("key" + left.size(), key))
                .toArray();
        int[] rightKeys = keys.right().stream()
                .mapToInt(key -> right.add("key" + right.size(), key))
                .toArray();
        AsOf asOf = node.asOf();
        AsOfJoin.Search search = new AsOfJoin.Search(
                left.add("time", asOf.leftTime()),
                right.add("time", moveRight(asOf.rightTime(), 0, -leftSize)),
                asOf.direction(),
                asOf.exactMatches(),
                asOf.earliest().map(bound -> left.add("earliest", bound)).orElse(AsOfJoin.Search.UNBOUNDED),
                asOf.latest().map(bound -> left.add("latest", bound)).orElse(AsOfJoin.Search.UNBOUNDED));
        PhysicalPlan leftPlan = left.size() == leftSize ? plan(node.left()) : compute(node.left(), left.list());
        PhysicalPlan rightPlan = right.size() == rightSize ? plan(node.right()) : compute(node.right(), right.list());
        PhysicalPlan join = new AsOfJoin(leftPlan, rightPlan, node.type(), leftKeys, rightKeys, search);
        List<OutputColumn> kept = new ArrayList<>();
        for (int i = 0; i < node.schema().size(); i++) {
            kept.add(column(
                    i < leftSize ? i : i - leftSize + left.size(), node.schema().field(i)));
        }
        return kept.size() == join.schema().size() ? join : new PhysicalPlan.Compute(join, Optional.empty(), kept);
    }

    private PhysicalPlan lookupJoin(LogicalPlan.LookupJoin node) {
        int width = node.input().schema().size();
        ColumnList columns = new ColumnList(node.input().schema());
        int[] keys = node.keys().stream()
                .mapToInt(key -> columns.add("key" + columns.size(), key))
                .toArray();
        PhysicalPlan input = columns.size() == width ? plan(node.input()) : compute(node.input(), columns.list());
        PhysicalPlan join = new LookupJoin(input, keys, node.lookup(), node.type());
        List<OutputColumn> kept = new ArrayList<>();
        for (int i = 0; i < node.schema().size(); i++) {
            kept.add(column(
                    i < width ? i : i - width + columns.size() + keys.length,
                    node.schema().field(i)));
        }
        return new PhysicalPlan.Compute(join, Optional.empty(), kept);
    }

    /// Whether the left side of a join whose rows come from it is much the smaller one.
    private static boolean buildsLeft(LogicalPlan.Join node) {
        boolean possible = switch (node.type()) {
            case LEFT_OUTER, LEFT_SEMI, LEFT_ANTI -> true;
            case INNER, CROSS, RIGHT_OUTER, FULL_OUTER -> false;
        };
        if (!possible || node.isStreaming()) {
            return false;
        }
        OptionalDouble left = RowEstimate.rows(node.left());
        OptionalDouble right = RowEstimate.rows(node.right());
        return left.isPresent()
                && right.isPresent()
                && right.getAsDouble() > FEW_ROWS
                && left.getAsDouble() < right.getAsDouble() / 2;
    }

    /// Moves the columns from `first` on by `by`.
    static BoundExpr moveRight(BoundExpr expr, int first, int by) {
        return expr.transformUp(node -> node instanceof BoundExpr.Column c && c.ordinal() >= first
                ? new BoundExpr.Column(c.ordinal() + by, c.name(), c.type(), c.nullable())
                : node);
    }

    protected static List<OutputColumn> identity(StructType schema) {
        return new ColumnList(schema).list();
    }

    private static OutputColumn column(int ordinal, StructField field) {
        return new OutputColumn(
                field.name(),
                new BoundExpr.Column(ordinal, field.name(), field.dataType(), field.nullable()),
                field.metadata());
    }

    private static int[] toArray(List<Integer> ordinals) {
        return ordinals.stream().mapToInt(Integer::intValue).toArray();
    }

    /// Columns to compute, each expression once.
    private static final class ColumnList {
        private final List<OutputColumn> columns = new ArrayList<>();

        ColumnList() {}

        /// Begins with all columns of an input.
        ColumnList(StructType schema) {
            for (int i = 0; i < schema.size(); i++) {
                columns.add(PhysicalPlanner.column(i, schema.field(i)));
            }
        }

        /// The ordinal of a column with this value, added if there is none.
        int add(String name, BoundExpr expr) {
            for (int i = 0; i < columns.size(); i++) {
                if (expr.deterministic() && columns.get(i).expr().equals(expr)) {
                    return i;
                }
            }
            return append(name, expr);
        }

        int append(String name, BoundExpr expr) {
            columns.add(new OutputColumn(name, expr));
            return columns.size() - 1;
        }

        BoundExpr column(int ordinal) {
            OutputColumn column = columns.get(ordinal);
            return new BoundExpr.Column(
                    ordinal, column.name(), column.expr().type(), column.expr().nullable());
        }

        int size() {
            return columns.size();
        }

        List<OutputColumn> list() {
            return List.copyOf(columns);
        }
    }
}
