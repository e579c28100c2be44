package dev.headrace.plan.rules;

import dev.headrace.plan.LogicalPlan;
import java.util.List;

/// Rewrites a plan into one that gives the same rows with less work.
public final class Optimizer {
    private static final List<Rule> RULES = List.of();
    private static final int MAX_ROUNDS = 100;

    private Optimizer() {}

    /// Applies all rules until none changes the plan any more.
    public static LogicalPlan optimize(LogicalPlan plan) {
        LogicalPlan current = plan;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            LogicalPlan before = current;
            for (Rule rule : RULES) {
                current = rule.apply(current);
            }
            if (current.equals(before)) {
                return current;
            }
        }
        return current;
    }
}
