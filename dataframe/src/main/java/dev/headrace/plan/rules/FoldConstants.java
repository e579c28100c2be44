package dev.headrace.plan.rules;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.function.EvalContext;
import dev.headrace.function.Interpreter;
import dev.headrace.function.RowView;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.Scalar;
import java.time.ZoneId;

/// `1 + 2` becomes `3`, and a comparison with null becomes null. What fails stays: it only fails if a row needs it. So
/// does what may be large, such as `repeat('x', 1000000000)`: a plan has no memory of its own.
final class FoldConstants implements Rule {
    private static final RowView NO_ROW = ordinal -> {
        throw new IllegalStateException("a constant has column " + ordinal);
    };

    private static final int MOST_BYTES = 10_000;

    private final EvalContext context;

    /// @param zone the session time zone
    FoldConstants(ZoneId zone) {
        this.context = new EvalContext(zone, 0, 0);
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Expressions.transformUp(plan, node -> Expressions.map(node, expr -> expr.transformUp(this::fold)));
    }

    /// One expression whose operands are folded.
    BoundExpr fold(BoundExpr expr) {
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
                        call.function().deterministic()
                                && !call.function().takesContext()
                                && (!call.function().expands() || staysShort(call));
                    default -> true;
                };
    }

    /// Whether the value is at most as long as the texts among the arguments times the numbers; a call without numbers
    /// has them in a text, where they aren't looked for.
    private static boolean staysShort(BoundExpr.Call call) {
        double bytes = 1;
        boolean counted = false;
        for (BoundExpr operand : call.operands()) {
            Object value = ((BoundExpr.Literal) operand).value().value();
            counted |= value instanceof Integer;
            bytes *= switch (value) {
                case Integer times -> Math.max(1, times);
                case Slice text -> Math.max(1, text.length());
                case null, default -> 1;
            };
        }
        return counted && bytes <= MOST_BYTES;
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
