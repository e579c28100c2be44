package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.types.StructType;
import java.util.List;

/// `struct(a, b).b` becomes `b`.
final class SimplifyStructs implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Expressions.transformUp(
                plan, node -> Expressions.map(node, expr -> expr.transformUp(SimplifyStructs::simplify)));
    }

    private static BoundExpr simplify(BoundExpr expr) {
        return expr
                        instanceof
                        BoundExpr.GetField(BoundExpr.MakeStruct(List<BoundExpr> values, StructType _), int ordinal)
                ? values.get(ordinal)
                : expr;
    }
}
