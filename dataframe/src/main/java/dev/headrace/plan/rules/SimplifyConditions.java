package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.SharedConditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Says conditions more briefly: `a AND true` is `a`, `NOT a < b` is `a >= b`, `isnull` of what is never null is false;
/// branches that can't be reached go. A filter by true goes, one by false or null leaves nothing.
final class SimplifyConditions implements Rule {
    private static final BoundExpr TRUE = new BoundExpr.Literal(Scalar.TRUE);
    private static final BoundExpr FALSE = new BoundExpr.Literal(Scalar.FALSE);

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Expressions.transformUp(
                plan, node -> filter(Expressions.map(node, expr -> expr.transformUp(SimplifyConditions::simplify))));
    }

    private static LogicalPlan filter(LogicalPlan plan) {
        if (!(plan instanceof LogicalPlan.Filter(LogicalPlan input, BoundExpr.Literal(Scalar value)))) {
            return plan;
        }
        if (Boolean.TRUE.equals(value.value())) {
            return input;
        }
        // A stream without rows still is a stream.
        return input.isStreaming() ? plan : new LogicalPlan.LocalRelation(input.schema(), List.of());
    }

    /// One expression whose operands are simplified.
    static BoundExpr simplify(BoundExpr expr) {
        return switch (expr) {
            case BoundExpr.And(BoundExpr left, BoundExpr right) -> and(left, right, expr);
            case BoundExpr.Or or -> or(or);
            case BoundExpr.Not(BoundExpr input) -> not(input, expr);
            case BoundExpr.IsNull(BoundExpr input) when !input.nullable() -> FALSE;
            case BoundExpr.Coalesce(List<BoundExpr> arguments) -> coalesce(arguments);
            case BoundExpr.Case conditional -> conditional(conditional);
            default -> expr;
        };
    }

    private static BoundExpr and(BoundExpr left, BoundExpr right, BoundExpr asIs) {
        if (left.equals(FALSE) || right.equals(TRUE) || left.equals(right) && left.deterministic()) {
            return left;
        }
        if (left.equals(TRUE) || right.equals(FALSE) && left.deterministic()) {
            return right;
        }
        return asIs;
    }

    private static BoundExpr or(BoundExpr.Or or) {
        BoundExpr left = or.left();
        BoundExpr right = or.right();
        if (left.equals(TRUE) || right.equals(FALSE) || left.equals(right) && left.deterministic()) {
            return left;
        }
        if (left.equals(FALSE) || right.equals(TRUE) && left.deterministic()) {
            return right;
        }
        return SharedConditions.ofOr(or);
    }

    private static BoundExpr not(BoundExpr input, BoundExpr asIs) {
        return switch (input) {
            case BoundExpr.Literal(Scalar value) when value.value() instanceof Boolean truth -> truth ? FALSE : TRUE;
            case BoundExpr.Not(BoundExpr inner) -> inner;
            case BoundExpr.Compare(CompareOp op, BoundExpr left, BoundExpr right) ->
                switch (op) {
                    case EQUAL -> new BoundExpr.Compare(CompareOp.NOT_EQUAL, left, right);
                    case NOT_EQUAL -> new BoundExpr.Compare(CompareOp.EQUAL, left, right);
                    case LESS -> new BoundExpr.Compare(CompareOp.GREATER_OR_EQUAL, left, right);
                    case LESS_OR_EQUAL -> new BoundExpr.Compare(CompareOp.GREATER, left, right);
                    case GREATER -> new BoundExpr.Compare(CompareOp.LESS_OR_EQUAL, left, right);
                    case GREATER_OR_EQUAL -> new BoundExpr.Compare(CompareOp.LESS, left, right);
                    case NULL_SAFE_EQUAL -> asIs;
                };
            default -> asIs;
        };
    }

    private static BoundExpr coalesce(List<BoundExpr> arguments) {
        List<BoundExpr> reachable = new ArrayList<>();
        for (BoundExpr argument : arguments) {
            if (!isNull(argument)) {
                reachable.add(argument);
            }
            if (!argument.nullable()) {
                break;
            }
        }
        return switch (reachable.size()) {
            case 0 -> arguments.getFirst();
            case 1 -> reachable.getFirst();
            default -> new BoundExpr.Coalesce(reachable);
        };
    }

    private static BoundExpr conditional(BoundExpr.Case expr) {
        List<BoundExpr.Case.Branch> reachable = new ArrayList<>();
        Optional<BoundExpr> otherwise = expr.otherwise();
        for (BoundExpr.Case.Branch branch : expr.branches()) {
            if (branch.condition().equals(TRUE)) {
                otherwise = Optional.of(branch.value());
                break;
            }
            if (!branch.condition().equals(FALSE) && !isNull(branch.condition())) {
                reachable.add(branch);
            }
        }
        return reachable.isEmpty()
                ? otherwise.orElseGet(() -> new BoundExpr.Literal(new Scalar(null, expr.type())))
                : new BoundExpr.Case(reachable, otherwise, expr.type());
    }

    private static boolean isNull(BoundExpr expr) {
        return expr instanceof BoundExpr.Literal(Scalar value) && value.isNull();
    }
}
