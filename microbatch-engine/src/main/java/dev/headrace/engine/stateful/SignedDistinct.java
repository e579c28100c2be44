package dev.headrace.engine.stateful;

import dev.headrace.function.FunctionRegistry;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.LogicalPlan.Aggregate.Aggregation;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Aggregates of distinct values over rows that come and go, as two aggregations without distinct values: a group for
/// each value, which is there as long as a row has the value; and of these groups the aggregation that is asked for.
/// Sums, counts and extremes of all rows go through both.
///
/// @param values the aggregation by the keys and the value
/// @param results what the aggregation gives of its groups
record SignedDistinct(LogicalPlan.Aggregate values, List<Result> results) {

    /// What the aggregation gives of the groups of values.
    ///
    /// @param name of the result
    /// @param function of the groups
    /// @param columns what of: columns of `values`
    /// @param type of the result
    private record Result(String name, String function, List<Integer> columns, DataType type) {}

    /// Functions of which the function of the groups' results is that of all rows.
    private static final Set<String> OF_THEMSELVES = Set.of("sum", "min", "max", "bool_and", "bool_or");

    /// @return empty if the distinct values are not all the same, or a function is none of those
    static Optional<SignedDistinct> of(LogicalPlan.Aggregate node) {
        List<List<BoundExpr>> arguments = node.aggregates().stream()
                .map(Aggregation::call)
                .filter(AggregateCall::distinct)
                .map(AggregateCall::arguments)
                .distinct()
                .toList();
        if (arguments.size() != 1) {
            return Optional.empty();
        }
        List<OutputColumn> keys = new ArrayList<>(node.keys());
        for (BoundExpr value : arguments.getFirst()) {
            keys.add(new OutputColumn("_value" + keys.size(), value));
        }
        List<Aggregation> partial = new ArrayList<>();
        List<Result> results = new ArrayList<>();
        for (Aggregation aggregation : node.aggregates()) {
            AggregateCall call = aggregation.call();
            String function = call.function().name();
            DataType type = call.function().resultType();
            boolean known = call.distinct()
                    ? TreeEdges.isMerged(call)
                    : function.equals("count") || OF_THEMSELVES.contains(function);
            if (!known || call.distinct() && (call.filter().isPresent() || !isBoundAgain(call))) {
                return Optional.empty();
            }
            List<Integer> columns = new ArrayList<>();
            if (call.distinct()) {
                for (int i = node.keys().size(); i < keys.size(); i++) {
                    columns.add(i);
                }
            } else {
                columns.add(keys.size() + partial.size());
                partial.add(new Aggregation("_partial" + partial.size(), call));
            }
            String of = !call.distinct() && function.equals("count") ? "sum" : function;
            results.add(new Result(aggregation.name(), of, columns, type));
        }
        return Optional.of(new SignedDistinct(new LogicalPlan.Aggregate(node.input(), keys, partial), results));
    }

    /// Whether the function's arguments are all there is to it.
    private static boolean isBoundAgain(AggregateCall call) {
        String name = call.function().name();
        return name.equals("count")
                || FunctionRegistry.bindAggregate(name, call.arguments(), false)
                        .function()
                        .equals(call.function());
    }

    /// The aggregation of the values' groups.
    ///
    /// @param groups those of [#values]
    LogicalPlan.Aggregate over(LogicalPlan groups, int keyCount) {
        List<OutputColumn> keys = new ArrayList<>();
        for (int k = 0; k < keyCount; k++) {
            keys.add(new OutputColumn(values.keys().get(k).name(), column(k)));
        }
        List<Aggregation> aggregates = new ArrayList<>();
        for (Result result : results) {
            List<BoundExpr> columns =
                    result.columns().stream().map(this::column).toList();
            aggregates.add(
                    new Aggregation(result.name(), FunctionRegistry.bindAggregate(result.function(), columns, false)));
        }
        return new LogicalPlan.Aggregate(groups, keys, aggregates);
    }

    private BoundExpr column(int ordinal) {
        StructField field = values.schema().field(ordinal);
        return Changelog.column(field, ordinal);
    }

    /// The results, over the columns of that aggregation: with their types, and no null for a count of no rows.
    List<OutputColumn> results(LogicalPlan.Aggregate of, LogicalPlan.Aggregate asked) {
        List<OutputColumn> columns = new ArrayList<>();
        int keyCount = of.keys().size();
        for (int i = 0; i < of.schema().size(); i++) {
            BoundExpr column = Changelog.column(of.schema().field(i), i);
            if (i >= keyCount) {
                DataType type = results.get(i - keyCount).type();
                BoundExpr typed =
                        column.type().equals(type) ? column : new BoundExpr.Cast(column, type, CastFailure.ERROR);
                boolean counts = asked.aggregates()
                        .get(i - keyCount)
                        .call()
                        .function()
                        .name()
                        .equals("count");
                column = counts ? orZero(typed) : typed;
            }
            columns.add(new OutputColumn(of.schema().field(i).name(), column));
        }
        return columns;
    }

    private static BoundExpr orZero(BoundExpr count) {
        return count.nullable()
                ? new BoundExpr.Case(
                        List.of(new BoundExpr.Case.Branch(
                                new BoundExpr.IsNull(count), new BoundExpr.Literal(Scalar.of(0L)))),
                        Optional.of(count),
                        DataTypes.LongType)
                : count;
    }
}
