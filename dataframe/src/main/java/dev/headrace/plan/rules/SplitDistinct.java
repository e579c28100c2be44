package dev.headrace.plan.rules;

import dev.headrace.function.AggregateFunction;
import dev.headrace.function.PartialOf;
import dev.headrace.function.TotalOf;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.LogicalPlan.Aggregate;
import dev.headrace.plan.LogicalPlan.Aggregate.Aggregation;
import dev.headrace.plan.OutputColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Aggregates of distinct values, all of the same ones, become aggregates over groups by the keys and that value: so
/// that they are computed in parallel, and put on disk if they don't fit. Those beside them that are not of distinct
/// values are computed for each of these groups in part, and then in total.
final class SplitDistinct implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Expressions.transformUp(
                plan,
                node -> node instanceof Aggregate aggregate
                        ? distinctArgument(aggregate)
                                .map(argument -> split(aggregate, argument))
                                .orElse(aggregate)
                        : node);
    }

    /// What all distinct values are values of, if the aggregates can be split.
    private static Optional<BoundExpr> distinctArgument(Aggregate node) {
        List<AggregateCall> calls =
                node.aggregates().stream().map(Aggregation::call).toList();
        List<List<BoundExpr>> arguments = calls.stream()
                .filter(AggregateCall::distinct)
                .map(AggregateCall::arguments)
                .distinct()
                .toList();
        return arguments.size() == 1
                        && arguments.getFirst().size() == 1
                        && arguments.getFirst().getFirst().deterministic()
                        && node.firing().isEmpty()
                        && calls.stream()
                                .allMatch(
                                        call -> call.distinct() ? call.filter().isEmpty() : isSummed(call.function()))
                ? Optional.of(arguments.getFirst().getFirst())
                : Optional.empty();
    }

    /// Whether there is little to keep for each of many groups.
    private static boolean isSummed(AggregateFunction function) {
        return !function.inOrder()
                && function.heapBytes(1, 1) == 0
                && function.partialFields().stream()
                        .noneMatch(field -> field.dataType().isNested());
    }

    private static LogicalPlan split(Aggregate node, BoundExpr argument) {
        List<OutputColumn> innerKeys = new ArrayList<>(node.keys());
        innerKeys.add(new OutputColumn("_distinct", argument));
        List<Aggregation> partials = new ArrayList<>();
        for (Aggregation aggregation : node.aggregates()) {
            AggregateCall call = aggregation.call();
            if (!call.distinct()) {
                partials.add(new Aggregation(
                        aggregation.name(),
                        new AggregateCall(new PartialOf(call.function()), call.arguments(), false, call.filter())));
            }
        }
        Aggregate groups = new Aggregate(node.input(), innerKeys, partials);
        List<OutputColumn> keys = new ArrayList<>();
        for (int i = 0; i < node.keys().size(); i++) {
            OutputColumn key = node.keys().get(i);
            keys.add(new OutputColumn(key.name(), Columns.of(groups.schema(), i), key.metadata()));
        }
        int column = innerKeys.size();
        List<Aggregation> totals = new ArrayList<>();
        for (Aggregation aggregation : node.aggregates()) {
            AggregateCall call = aggregation.call();
            AggregateFunction function = call.distinct() ? call.function() : new TotalOf(call.function());
            int from = call.distinct() ? keys.size() : column++;
            totals.add(new Aggregation(
                    aggregation.name(),
                    new AggregateCall(function, List.of(Columns.of(groups.schema(), from)), false, Optional.empty())));
        }
        return new Aggregate(groups, keys, totals);
    }
}
