package dev.headrace.plan.rules;

import dev.headrace.errors.DataException;
import dev.headrace.function.EvalContext;
import dev.headrace.function.Interpreter;
import dev.headrace.function.RowView;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.Scalar;
import java.time.ZoneId;

/// `1 + 2` becomes `3`, and a comparison with null becomes null. What fails stays: it only fails if a row needs it.
final class FoldConstants implements Rule {
    private static final RowView NO_ROW = ordinal -> {
        throw new IllegalStateException("a constant has column " + ordinal);
    };

    private final EvalContext context;

    /// @param zone the session time zone
    FoldConstants(ZoneId zone) {
        this.context = new EvalContext(zone, 0, 0);
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Expressions.transformUp(plan, node -> Expressions.map(node, expr -> expr.transformUp(this::fold)));
    }

    private BoundExpr fold(BoundExpr expr) {
        if (isNullByNull(expr)) {
            return new BoundExpr.Literal(new Scalar(null, expr.type()));
        }
        return isConstant(expr) ? evaluate(expr) : expr;
    }

    private BoundExpr evaluate(BoundExpr expr) {
        try {
            return new BoundExpr.Literal(new Scalar(Interpreter.evaluate(expr, NO_ROW, context), expr.type()));
        } catch (DataException failsWhenEvaluated) {
            return expr;
        }
    }

    private static boolean isConstant(BoundExpr expr) {
        boolean operandsConstant = expr.operands().stream().allMatch(operand -> operand instanceof BoundExpr.Literal);
        return operandsConstant
                && !expr.type().isNested()
                && switch (expr) {
                    case BoundExpr.Column _, BoundExpr.Literal _ -> false;
                    case BoundExpr.Call call ->
                        call.function().deterministic() && !call.function().takesContext();
                    default -> true;
                };
    }

    private static boolean isNullByNull(BoundExpr expr) {
        return switch (expr) {
            case BoundExpr.Compare compare ->
                compare.op() != dev.headrace.plan.CompareOp.NULL_SAFE_EQUAL
                        && (isNull(compare.left()) || isNull(compare.right()));
            case BoundExpr.Arithmetic arithmetic -> isNull(arithmetic.left()) || isNull(arithmetic.right());
            case BoundExpr.Cast cast -> isNull(cast.input());
            case BoundExpr.GetField(BoundExpr struct, int _) -> isNull(struct);
            default -> false;
        };
    }

    private static boolean isNull(BoundExpr expr) {
        return expr instanceof BoundExpr.Literal(Scalar value) && value.isNull();
    }
}
