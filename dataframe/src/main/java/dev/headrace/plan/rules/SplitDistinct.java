package dev.headrace.plan.rules;

import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Aggregates of distinct values, all of the same ones, become aggregates over groups by the keys and that value: so
/// that they are computed in parallel.
final class SplitDistinct implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Expressions.transformUp(
                plan, node -> node instanceof LogicalPlan.Aggregate aggregate ? split(aggregate) : node);
    }

    private static LogicalPlan split(LogicalPlan.Aggregate node) {
        if (node.aggregates().isEmpty()) {
            return node;
        }
        List<BoundExpr> arguments = node.aggregates().getFirst().call().arguments();
        boolean sameArgument = node.aggregates().stream()
                .map(LogicalPlan.Aggregate.Aggregation::call)
                .allMatch(call -> call.distinct()
                        && call.filter().isEmpty()
                        && call.arguments().equals(arguments));
        if (!sameArgument || arguments.size() != 1 || !arguments.getFirst().deterministic()) {
            return node;
        }
        List<OutputColumn> inner = new ArrayList<>(node.keys());
        inner.add(new OutputColumn("_distinct", arguments.getFirst()));
        LogicalPlan.Aggregate groups = new LogicalPlan.Aggregate(node.input(), inner, List.of());
        List<OutputColumn> keys = new ArrayList<>();
        for (int i = 0; i < node.keys().size(); i++) {
            keys.add(new OutputColumn(node.keys().get(i).name(), Columns.of(groups.schema(), i)));
        }
        BoundExpr value = Columns.of(groups.schema(), keys.size());
        List<LogicalPlan.Aggregate.Aggregation> outer = new ArrayList<>();
        for (LogicalPlan.Aggregate.Aggregation aggregation : node.aggregates()) {
            outer.add(new LogicalPlan.Aggregate.Aggregation(
                    aggregation.name(),
                    new AggregateCall(aggregation.call().function(), List.of(value), false, Optional.empty())));
        }
        return new LogicalPlan.Aggregate(groups, keys, outer);
    }
}
