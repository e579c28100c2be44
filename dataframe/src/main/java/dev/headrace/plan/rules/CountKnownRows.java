package dev.headrace.plan.rules;

import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.KnownRows;
import dev.headrace.plan.LogicalPlan;
import java.util.Collections;
import java.util.OptionalLong;

/// Rows that are known without reading are not counted.
final class CountKnownRows implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Expressions.transformUp(
                plan, node -> node instanceof LogicalPlan.Aggregate aggregate ? count(aggregate) : node);
    }

    private static LogicalPlan count(LogicalPlan.Aggregate node) {
        boolean countsRows = node.keys().isEmpty()
                && !node.aggregates().isEmpty()
                && node.aggregates().stream()
                        .map(LogicalPlan.Aggregate.Aggregation::call)
                        .allMatch(CountKnownRows::isRowCount);
        if (!countsRows) {
            return node;
        }
        OptionalLong rows = KnownRows.of(node.input());
        return rows.isEmpty()
                ? node
                : new LogicalPlan.LocalRelation(
                        node.schema(),
                        Collections.singletonList(
                                Collections.nCopies(node.aggregates().size(), rows.getAsLong())));
    }

    private static boolean isRowCount(AggregateCall call) {
        return call.function().name().equals("count")
                && call.arguments().isEmpty()
                && call.filter().isEmpty();
    }
}
