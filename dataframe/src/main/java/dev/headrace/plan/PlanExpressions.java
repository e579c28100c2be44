package dev.headrace.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// The expressions of a plan's nodes.
final class PlanExpressions {
    private PlanExpressions() {}

    /// The expressions of this node itself, not of those below.
    static List<BoundExpr> of(LogicalPlan plan) {
        List<BoundExpr> all = new ArrayList<>();
        switch (plan) {
            case LogicalPlan.Scan _,
                    LogicalPlan.LocalRelation _,
                    LogicalPlan.Range _,
                    LogicalPlan.Limit _,
                    LogicalPlan.Union _,
                    LogicalPlan.Deduplicate _,
                    LogicalPlan.MapGroups _,
                    LogicalPlan.Watermark _ -> {}
            case LogicalPlan.Filter filter -> all.add(filter.predicate());
            case LogicalPlan.Shed shed -> all.add(shed.key());
            case LogicalPlan.Observe observe -> addAll(observe.aggregates(), all);
            case LogicalPlan.Project project -> project.columns().forEach(column -> all.add(column.expr()));
            case LogicalPlan.Aggregate aggregate -> {
                aggregate.keys().forEach(key -> all.add(key.expr()));
                addAll(aggregate.aggregates(), all);
            }
            case LogicalPlan.Join join -> join.condition().ifPresent(all::add);
            case LogicalPlan.AsOfJoin join -> {
                join.condition().ifPresent(all::add);
                all.addAll(join.asOf().expressions());
            }
            case LogicalPlan.LookupJoin join -> all.addAll(join.keys());
            case LogicalPlan.Sort sort -> sort.keys().forEach(key -> all.add(key.expr()));
            case LogicalPlan.Explode explode -> all.add(explode.collection());
            case LogicalPlan.Window window -> {
                all.addAll(window.partition());
                window.order().forEach(key -> all.add(key.expr()));
                for (LogicalPlan.Window.Column column : window.columns()) {
                    all.addAll(column.call().function().expressions());
                    all.addAll(column.call().frame().distances());
                }
            }
        }
        return all;
    }

    private static void addAll(List<LogicalPlan.Aggregate.Aggregation> aggregates, List<BoundExpr> all) {
        for (LogicalPlan.Aggregate.Aggregation aggregation : aggregates) {
            all.addAll(aggregation.call().arguments());
            aggregation.call().filter().ifPresent(all::add);
        }
    }

    static AggregateCall call(AggregateCall call, UnaryOperator<BoundExpr> f) {
        return new AggregateCall(
                call.function(),
                call.arguments().stream().map(f).toList(),
                call.distinct(),
                call.filter().map(f));
    }
}
