package dev.headrace.plan.rules;

import dev.headrace.plan.LogicalPlan;

/// One improvement of plans. The plan it gives has the same rows and the same schema.
@FunctionalInterface
interface Rule {
    LogicalPlan apply(LogicalPlan plan);
}
