package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.Scalar;
import java.time.ZoneId;
import java.util.List;

/// An outer join whose rows without a partner a filter above it leaves out anyway becomes a narrower one: `l LEFT JOIN
/// r … WHERE r.day IN (…)` is an inner join. So filters get to both sides of it, and the order of joins can be chosen.
/// Not for joins of streams, whose state depends on the kind.
final class NarrowOuterJoins implements Rule {
    private final FoldConstants folding;

    /// @param zone the session time zone
    NarrowOuterJoins(ZoneId zone) {
        this.folding = new FoldConstants(zone);
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        LogicalPlan narrowed =
                plan instanceof LogicalPlan.Filter(LogicalPlan.Join join, BoundExpr predicate) && !join.isStreaming()
                        ? narrow(join, predicate, plan)
                        : plan;
        return narrowed.mapInputs(this::apply);
    }

    private LogicalPlan narrow(LogicalPlan.Join join, BoundExpr predicate, LogicalPlan asIs) {
        JoinType type = narrower(join, Conjuncts.of(predicate));
        if (type == join.type()) {
            return asIs;
        }
        LogicalPlan narrower = new LogicalPlan.Join(join.left(), join.right(), type, join.condition());
        return new LogicalPlan.Filter(narrower, Columns.move(predicate, narrower, i -> i));
    }

    private JoinType narrower(LogicalPlan.Join join, List<BoundExpr> parts) {
        int leftWidth = join.left().schema().size();
        int width = join.schema().size();
        JoinType inner = join.condition().isPresent() ? JoinType.INNER : JoinType.CROSS;
        return switch (join.type()) {
            case LEFT_OUTER -> leavesOutNulls(parts, leftWidth, width) ? inner : join.type();
            case RIGHT_OUTER -> leavesOutNulls(parts, 0, leftWidth) ? inner : join.type();
            case FULL_OUTER -> {
                boolean withRight = leavesOutNulls(parts, leftWidth, width);
                boolean withLeft = leavesOutNulls(parts, 0, leftWidth);
                if (withRight) {
                    yield withLeft ? inner : JoinType.RIGHT_OUTER;
                }
                yield withLeft ? JoinType.LEFT_OUTER : join.type();
            }
            case INNER, CROSS, LEFT_SEMI, LEFT_ANTI -> join.type();
        };
    }

    /// Whether no row passes all conditions in which the columns in `[from, to)` are null.
    private boolean leavesOutNulls(List<BoundExpr> parts, int from, int to) {
        return parts.stream()
                .anyMatch(part -> part.deterministic()
                        && Columns.usedBy(part).get(from, to).cardinality() > 0
                        && isNeverTrue(withNulls(part, from, to)));
    }

    /// What is left of an expression where columns are null.
    private BoundExpr withNulls(BoundExpr expr, int from, int to) {
        return expr.transformUp(
                node -> node instanceof BoundExpr.Column column && column.ordinal() >= from && column.ordinal() < to
                        ? nullOf(column)
                        : fold(node));
    }

    private BoundExpr fold(BoundExpr expr) {
        BoundExpr folded = folding.fold(SimplifyConditions.simplify(expr));
        return folded instanceof BoundExpr.Case conditional && isAlwaysNull(conditional) ? nullOf(folded) : folded;
    }

    private static BoundExpr nullOf(BoundExpr expr) {
        return new BoundExpr.Literal(new Scalar(null, expr.type()));
    }

    private static boolean isAlwaysNull(BoundExpr.Case conditional) {
        return conditional.branches().stream().allMatch(branch -> isNull(branch.value()))
                && conditional.otherwise().stream().allMatch(NarrowOuterJoins::isNull);
    }

    private static boolean isNull(BoundExpr expr) {
        return expr instanceof BoundExpr.Literal(Scalar value) && value.isNull();
    }

    private static boolean isNeverTrue(BoundExpr expr) {
        return switch (expr) {
            case BoundExpr.Literal(Scalar value) -> value.isNull() || value.equals(Scalar.FALSE);
            case BoundExpr.And(BoundExpr left, BoundExpr right) -> isNeverTrue(left) || isNeverTrue(right);
            case BoundExpr.Or(BoundExpr left, BoundExpr right) -> isNeverTrue(left) && isNeverTrue(right);
            default -> false;
        };
    }
}
