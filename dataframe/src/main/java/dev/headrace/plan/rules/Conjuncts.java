package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Chains;
import dev.headrace.plan.LogicalPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The parts of `a AND b AND c`.
final class Conjuncts {
    private Conjuncts() {}

    static List<BoundExpr> of(BoundExpr predicate) {
        List<BoundExpr> parts = new ArrayList<>();
        collect(predicate, parts);
        return parts;
    }

    private static void collect(BoundExpr predicate, List<BoundExpr> parts) {
        if (predicate instanceof BoundExpr.And(BoundExpr left, BoundExpr right)) {
            collect(left, parts);
            collect(right, parts);
        } else {
            parts.add(predicate);
        }
    }

    /// All of them together; empty for none.
    static Optional<BoundExpr> and(List<BoundExpr> parts) {
        return Chains.combined(parts, BoundExpr.And::new);
    }

    /// The rows of `input` for which all are true; `input` itself if there are none.
    static LogicalPlan filter(LogicalPlan input, List<BoundExpr> parts) {
        return and(parts)
                .<LogicalPlan>map(predicate -> new LogicalPlan.Filter(input, predicate))
                .orElse(input);
    }
}
