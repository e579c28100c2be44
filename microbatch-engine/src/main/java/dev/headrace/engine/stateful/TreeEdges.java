package dev.headrace.engine.stateful;

import dev.headrace.exec.GroupLayout;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.LogicalPlan.Aggregate.Aggregation;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.Scalar;
import dev.headrace.state.StateSchema;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Plans aggregations over rows that come and go as trees of partial results ([AggregateTree]).
final class TreeEdges {
    /// Functions whose partial results don't grow with their rows, so that each node may have one. What the others give
    /// grows too, or is made of all values: they read them anyway.
    private static final Set<String> OF_FIXED_SIZE = Set.of(
            "count",
            "count_if",
            "sum",
            "try_sum",
            "avg",
            "try_avg",
            "min",
            "max",
            "min_by",
            "max_by",
            "first",
            "last",
            "bool_and",
            "bool_or",
            "bit_and",
            "bit_or",
            "bit_xor",
            "stddev",
            "stddev_pop",
            "variance",
            "var_pop",
            "skewness",
            "kurtosis",
            "product",
            "covar_pop",
            "covar_samp",
            "corr",
            "regr_avgx",
            "regr_avgy",
            "regr_count",
            "regr_sxx",
            "regr_sxy",
            "regr_syy",
            "regr_slope",
            "regr_intercept",
            "regr_r2",
            "approx_count_distinct",
            "hll_sketch_agg",
            "theta_sketch_agg");

    private final StreamingPlanner planner;
    private final LogicalPlan.Aggregate node;
    private final Edge input;
    private final List<BoundExpr> values = new ArrayList<>();
    private final List<AggregateCall> calls = new ArrayList<>();

    private TreeEdges(StreamingPlanner planner, LogicalPlan.Aggregate node, Edge input) {
        this.planner = planner;
        this.node = node;
        this.input = input;
    }

    /// @param input whose rows can go again
    /// @param once whether groups come out when they are final
    /// @return empty if a function needs all of its rows
    static Optional<Edge> of(
            StreamingPlanner planner, LogicalPlan.Aggregate node, Edge input, Optional<TimeKey> time, boolean once) {
        boolean merged =
                node.aggregates().stream().map(Aggregation::call).allMatch(call -> !call.distinct() && isMerged(call));
        return merged ? new TreeEdges(planner, node, input).plan(time, once) : Optional.empty();
    }

    /// Whether the function's partial results are small.
    static boolean isMerged(AggregateCall call) {
        return OF_FIXED_SIZE.contains(call.function().name());
    }

    private Optional<Edge> plan(Optional<TimeKey> time, boolean once) {
        node.aggregates().forEach(aggregation -> collect(aggregation.call()));
        boolean hashed =
                !values.isEmpty() && values.stream().map(BoundExpr::type).allMatch(TreeEdges::isPlain);
        return hashed ? Optional.of(planned(time, once)) : Optional.empty();
    }

    private static boolean isPlain(DataType type) {
        return !(type instanceof ArrayType || type instanceof MapType || type instanceof StructType);
    }

    private void collect(AggregateCall call) {
        call.arguments().forEach(this::ordinal);
        filter(call).ifPresent(this::ordinal);
    }

    /// Where a value is among the values.
    private int ordinal(BoundExpr value) {
        int known = values.indexOf(value);
        if (known >= 0) {
            return known;
        }
        values.add(value);
        return values.size() - 1;
    }

    /// Which rows count.
    private Optional<BoundExpr> filter(AggregateCall call) {
        if (!isOrdered(call) || !ignoresNulls(call)) {
            return call.filter();
        }
        BoundExpr known =
                new BoundExpr.Not(new BoundExpr.IsNull(call.arguments().getFirst()));
        return Optional.of(
                call.filter().<BoundExpr>map(f -> new BoundExpr.And(f, known)).orElse(known));
    }

    private static boolean isOrdered(AggregateCall call) {
        return Set.of("first", "last").contains(call.function().name());
    }

    private static boolean ignoresNulls(AggregateCall call) {
        List<BoundExpr> arguments = List.of(call.arguments().getFirst(), new BoundExpr.Literal(Scalar.TRUE));
        return FunctionRegistry.bindAggregate(call.function().name(), arguments, false)
                .function()
                .equals(call.function());
    }

    private Edge planned(Optional<TimeKey> time, boolean once) {
        List<OutputColumn> columns = new ArrayList<>();
        List<StructField> keys = new ArrayList<>();
        for (OutputColumn key : node.keys()) {
            columns.add(new OutputColumn("key" + keys.size(), key.expr()));
            keys.add(columns.getLast().field().withNullable(true));
        }
        StructType rows = new StructType();
        for (int i = 0; i < values.size(); i++) {
            columns.add(new OutputColumn("value" + i, values.get(i)));
            rows = rows.add(columns.getLast().field().withNullable(true));
        }
        columns.add(new OutputColumn(AggregateTree.HASH.name(), FunctionRegistry.bindScalar("xxhash64", values)));
        columns.add(new OutputColumn(ChangeColumn.FIELD.name(), Changelog.changeOf(input)));
        StructType leaf = rows.add(AggregateTree.HASH)
                .add(AggregateTree.ROWS)
                .add(AggregateTree.FIRST)
                .add(AggregateTree.LAST);
        StructType nodeKeys = new StructType(keys).add(AggregateTree.NODE);
        node.aggregates().forEach(aggregation -> calls.add(overLeaf(aggregation.call(), nodeKeys.size(), leaf)));
        int[] ordinals = new int[nodeKeys.size()];
        Arrays.setAll(ordinals, i -> i);
        GroupLayout layout = new GroupLayout(nodeKeys, ordinals, calls);
        AggregateTree tree = new AggregateTree(
                planner.plan(new LogicalPlan.Project(input.plan(), columns)),
                keys.size(),
                layout,
                node.schema(),
                time.map(key -> key.at(key.index())),
                time.map(key -> key.at(key.index())),
                once,
                new KeyedRows(
                        planner.newState("aggregateValues", KeyedRows.stateSchema(nodeKeys, leaf, time.isPresent())),
                        nodeKeys,
                        leaf,
                        TimeKey.lifetime(time)),
                planner.newState(
                        "aggregateTree",
                        new StateSchema(
                                nodeKeys, layout.partialValueSchema().add(AggregateTree.INNER), time.isPresent())));
        return new Edge(OperatorOutput.of(tree), once ? Edge.Mode.APPEND : Edge.Mode.RETRACT);
    }

    /// The call over the columns of a leaf. The first row is that whose value has been there longest, the last one that
    /// whose value came last.
    private AggregateCall overLeaf(AggregateCall call, int keys, StructType leaf) {
        List<BoundExpr> arguments = new ArrayList<>();
        call.arguments().forEach(argument -> arguments.add(column(keys, leaf, ordinal(argument))));
        Optional<BoundExpr> filter = filter(call).map(f -> column(keys, leaf, ordinal(f)));
        if (!isOrdered(call)) {
            return new AggregateCall(call.function(), arguments, false, filter);
        }
        boolean first = call.function().name().equals("first");
        arguments.add(column(keys, leaf, leaf.fieldIndex((first ? AggregateTree.FIRST : AggregateTree.LAST).name())));
        AggregateCall extreme = FunctionRegistry.bindAggregate(first ? "min_by" : "max_by", arguments, false);
        return new AggregateCall(extreme.function(), extreme.arguments(), false, filter);
    }

    private static BoundExpr column(int keys, StructType leaf, int ordinal) {
        return Changelog.column(leaf.field(ordinal), keys + ordinal);
    }
}
