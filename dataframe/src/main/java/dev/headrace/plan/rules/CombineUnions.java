package dev.headrace.plan.rules;

import dev.headrace.plan.LogicalPlan;
import java.util.ArrayList;
import java.util.List;

/// A union of a union becomes one union.
final class CombineUnions implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Expressions.transformUp(plan, CombineUnions::combine);
    }

    private static LogicalPlan combine(LogicalPlan plan) {
        if (!(plan instanceof LogicalPlan.Union(List<LogicalPlan> inputs))) {
            return plan;
        }
        List<LogicalPlan> flat = new ArrayList<>();
        for (LogicalPlan input : inputs) {
            if (input instanceof LogicalPlan.Union(List<LogicalPlan> inner)) {
                flat.addAll(inner);
            } else {
                flat.add(input);
            }
        }
        return new LogicalPlan.Union(flat);
    }
}
