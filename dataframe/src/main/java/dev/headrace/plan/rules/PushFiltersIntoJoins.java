package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Moves the parts of a filter over a join, and of the join's condition, to the side whose columns alone they use, as
/// far as the join keeps no rows of that side without a partner; and a filter's other parts into an inner join's
/// condition.
final class PushFiltersIntoJoins implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        LogicalPlan pushed = switch (plan) {
            case LogicalPlan.Filter(LogicalPlan.Join join, BoundExpr predicate) ->
                new Pushing(join).filter(Conjuncts.of(predicate), plan);
            case LogicalPlan.Join join -> new Pushing(join).condition();
            default -> plan;
        };
        return pushed.mapInputs(this::apply);
    }

    /// The work on one join.
    private static final class Pushing {
        private final LogicalPlan.Join join;
        private final int leftWidth;
        private final int width;
        private final List<BoundExpr> toLeft = new ArrayList<>();
        private final List<BoundExpr> toRight = new ArrayList<>();

        Pushing(LogicalPlan.Join join) {
            this.join = join;
            this.leftWidth = join.left().schema().size();
            this.width = leftWidth + join.right().schema().size();
        }

        LogicalPlan filter(List<BoundExpr> parts, LogicalPlan asIs) {
            List<BoundExpr> toCondition = new ArrayList<>();
            List<BoundExpr> kept = new ArrayList<>();
            for (BoundExpr part : parts) {
                if (!part.deterministic()) {
                    kept.add(part);
                } else if (filtersLeft() && onLeft(part)) {
                    toLeft.add(over(join.left(), part, 0));
                } else if (filtersRight() && onRight(part)) {
                    toRight.add(over(join.right(), part, leftWidth));
                } else if (isInner()) {
                    toCondition.add(part);
                } else {
                    kept.add(part);
                }
            }
            if (kept.size() == parts.size()) {
                return asIs;
            }
            List<BoundExpr> condition =
                    new ArrayList<>(join.condition().stream().toList());
            condition.addAll(toCondition);
            return Conjuncts.filter(joined(toCondition.isEmpty() ? join.condition() : Conjuncts.and(condition)), kept);
        }

        /// Whether a filter over the join may go to the left side: the join makes no left columns null.
        private boolean filtersLeft() {
            return switch (join.type()) {
                case INNER, CROSS, LEFT_OUTER, LEFT_SEMI, LEFT_ANTI -> true;
                case RIGHT_OUTER, FULL_OUTER -> false;
            };
        }

        private boolean filtersRight() {
            return isInner() || join.type() == JoinType.RIGHT_OUTER;
        }

        LogicalPlan condition() {
            if (join.condition().isEmpty()) {
                return join;
            }
            List<BoundExpr> kept = new ArrayList<>();
            for (BoundExpr part : Conjuncts.of(join.condition().get())) {
                if (!part.deterministic()) {
                    kept.add(part);
                } else if (conditionFiltersLeft() && onLeft(part)) {
                    toLeft.add(over(join.left(), part, 0));
                } else if (conditionFiltersRight() && onRight(part)) {
                    toRight.add(over(join.right(), part, leftWidth));
                } else {
                    kept.add(part);
                }
            }
            return toLeft.isEmpty() && toRight.isEmpty() ? join : joined(Conjuncts.and(kept));
        }

        /// Whether left rows that the condition excludes are lost anyway.
        private boolean conditionFiltersLeft() {
            return switch (join.type()) {
                case INNER, CROSS, RIGHT_OUTER, LEFT_SEMI -> true;
                case LEFT_OUTER, FULL_OUTER, LEFT_ANTI -> false;
            };
        }

        private boolean conditionFiltersRight() {
            return switch (join.type()) {
                case INNER, CROSS, LEFT_OUTER, LEFT_SEMI, LEFT_ANTI -> true;
                case RIGHT_OUTER, FULL_OUTER -> false;
            };
        }

        private boolean isInner() {
            return join.type() == JoinType.INNER || join.type() == JoinType.CROSS;
        }

        private boolean onLeft(BoundExpr part) {
            return Columns.within(part, 0, leftWidth);
        }

        private boolean onRight(BoundExpr part) {
            return Columns.within(part, leftWidth, width);
        }

        private static BoundExpr over(LogicalPlan side, BoundExpr part, int offset) {
            return Columns.move(part, side, ordinal -> ordinal - offset);
        }

        private LogicalPlan joined(Optional<BoundExpr> condition) {
            JoinType type = join.type() == JoinType.CROSS && condition.isPresent() ? JoinType.INNER : join.type();
            return new LogicalPlan.Join(
                    Conjuncts.filter(join.left(), toLeft), Conjuncts.filter(join.right(), toRight), type, condition);
        }
    }
}
