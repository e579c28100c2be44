package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;

/// A filter over a filter becomes one, the inner condition first.
final class CombineFilters implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Expressions.transformUp(plan, CombineFilters::combine);
    }

    private static LogicalPlan combine(LogicalPlan plan) {
        return plan
                                instanceof
                                LogicalPlan.Filter(
                                        LogicalPlan.Filter(LogicalPlan input, BoundExpr first),
                                        BoundExpr second)
                        && first.deterministic()
                        && second.deterministic()
                ? new LogicalPlan.Filter(input, new BoundExpr.And(first, second))
                : plan;
    }
}
