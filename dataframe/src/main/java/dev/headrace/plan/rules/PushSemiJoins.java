package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.RowEstimate;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntUnaryOperator;

/// Moves semi and anti joins below the inner joins on their left side, to the input whose columns they use, if what
/// they are joined with is small beside it: there they act as filters.
final class PushSemiJoins implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        LogicalPlan pushed =
                plan instanceof LogicalPlan.Join join && join.type().leftOnly()
                        ? push(join).orElse(plan)
                        : plan;
        return pushed.mapInputs(this::apply);
    }

    /// The semi join below a join; empty if there is none on the way, or it is better where it is.
    private static Optional<LogicalPlan> push(LogicalPlan.Join semi) {
        if (semi.condition().isEmpty() || !semi.condition().get().deterministic()) {
            return Optional.empty();
        }
        return switch (semi.left()) {
            case LogicalPlan.Filter(LogicalPlan input, BoundExpr predicate) when predicate.deterministic() ->
                push(over(semi, input, i -> i)).map(below -> new LogicalPlan.Filter(below, predicate));
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> columns)
                    when columns.stream().allMatch(column -> column.expr() instanceof BoundExpr.Column) ->
                push(over(semi, input, i -> ((BoundExpr.Column) columns.get(i).expr()).ordinal()))
                        .map(below -> new LogicalPlan.Project(below, columns));
            case LogicalPlan.Join inner
                    when inner.type() == JoinType.INNER || inner.type() == JoinType.CROSS -> intoJoin(semi, inner);
            default -> Optional.empty();
        };
    }

    private static Optional<LogicalPlan> intoJoin(LogicalPlan.Join semi, LogicalPlan.Join inner) {
        int leftWidth = inner.left().schema().size();
        int width = inner.schema().size();
        BitSet used = Columns.usedBy(semi.condition().orElseThrow());
        int first = used.nextSetBit(0);
        boolean usesLeft = first >= 0 && first < leftWidth;
        int firstRight = used.nextSetBit(leftWidth);
        boolean usesRight = firstRight >= 0 && firstRight < width;
        if (usesLeft && !usesRight && isSmall(semi.right(), inner.left())) {
            LogicalPlan.Join below = over(semi, inner.left(), i -> i);
            return Optional.of(
                    new LogicalPlan.Join(push(below).orElse(below), inner.right(), inner.type(), inner.condition()));
        }
        if (usesRight && !usesLeft && isSmall(semi.right(), inner.right())) {
            LogicalPlan.Join below = over(semi, inner.right(), i -> i - leftWidth);
            return Optional.of(
                    new LogicalPlan.Join(inner.left(), push(below).orElse(below), inner.type(), inner.condition()));
        }
        return Optional.empty();
    }

    private static boolean isSmall(LogicalPlan plan, LogicalPlan beside) {
        OptionalDouble rows = RowEstimate.rows(plan);
        OptionalDouble others = RowEstimate.rows(beside);
        return rows.isPresent() && others.isPresent() && rows.getAsDouble() * 2 <= others.getAsDouble();
    }

    /// The semi join with another left side, whose columns are the same ones in other places.
    private static LogicalPlan.Join over(LogicalPlan.Join semi, LogicalPlan left, IntUnaryOperator place) {
        int width = semi.left().schema().size();
        int newWidth = left.schema().size();
        LogicalPlan both = new LogicalPlan.Join(left, semi.right(), JoinType.CROSS, Optional.empty());
        BoundExpr condition = Columns.move(
                semi.condition().orElseThrow(), both, i -> i < width ? place.applyAsInt(i) : i - width + newWidth);
        return new LogicalPlan.Join(left, semi.right(), semi.type(), Optional.of(condition));
    }
}
