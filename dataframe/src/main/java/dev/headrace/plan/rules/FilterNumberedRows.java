package dev.headrace.plan.rules;

import dev.headrace.function.FunctionRegistry;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.LogicalPlan.Explode;
import dev.headrace.plan.LogicalPlan.Filter;
import dev.headrace.plan.Scalar;

/// Rows are not repeated with numbers for which a condition can't hold, and are asked what it asks of them before they
/// are repeated, if that is the same for all numbers. So `HAVING grouping_id() < 3`, or a condition on a key of a
/// ROLLUP, leaves out whole groupings, and the rest can be made of each other.
final class FilterNumberedRows implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Expressions.transformUp(
                plan,
                node -> node instanceof Filter(Explode repeated, BoundExpr condition)
                        ? NumberedCondition.of(repeated, condition)
                                .map(numbered -> filtered(repeated, condition, numbered, node))
                                .orElse(node)
                        : node);
    }

    private static LogicalPlan filtered(
            Explode repeated, BoundExpr condition, NumberedCondition numbered, LogicalPlan asIs) {
        if (numbered.numbers().isEmpty()) {
            return new Filter(repeated, new BoundExpr.Literal(Scalar.FALSE));
        }
        BoundExpr left = FunctionRegistry.bindScalar("array", numbered.numbers());
        if (!left.type().equals(repeated.collection().type())) {
            return asIs;
        }
        if (numbered.isOne()) {
            LogicalPlan input =
                    Conjuncts.filter(repeated.input(), numbered.rests().getFirst());
            return new Explode(input, left, false, false, repeated.names());
        }
        return new Filter(new Explode(repeated.input(), left, false, false, repeated.names()), condition);
    }
}
