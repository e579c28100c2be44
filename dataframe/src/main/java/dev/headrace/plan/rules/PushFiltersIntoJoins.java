package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.Totality;
import dev.headrace.types.DataType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Moves the parts of a filter over a join, and of the join's condition, to the side whose columns alone they use, as
/// far as the join keeps no rows of that side without a partner; and a filter's other parts into an inner join's
/// condition.
///
/// What holds for a column of one side holds for the column of the other side that it must be equal to: that side is
/// filtered too, if the join keeps none of its rows without a partner. Not over streams, where a filter is a step that
/// counts rows.
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
        /// By column, the column of the other side that it must be equal to.
        private final Map<Integer, Integer> equal = new HashMap<>();

        Pushing(LogicalPlan.Join join) {
            this.join = join;
            this.leftWidth = join.left().schema().size();
            this.width = leftWidth + join.right().schema().size();
            if (!join.isStreaming()) {
                join.condition().map(Conjuncts::of).orElse(List.of()).forEach(this::addIfEqual);
            }
        }

        private void addIfEqual(BoundExpr part) {
            if (part instanceof BoundExpr.Compare(CompareOp op, BoundExpr.Column a, BoundExpr.Column b)
                    && op == CompareOp.EQUAL
                    && a.type().equals(b.type())
                    && isSameIfEqual(a.type())
                    && a.ordinal() < leftWidth != b.ordinal() < leftWidth) {
                equal.putIfAbsent(a.ordinal(), b.ordinal());
                equal.putIfAbsent(b.ordinal(), a.ordinal());
            }
        }

        /// Whether equal values can't be told apart; both zeros can.
        private static boolean isSameIfEqual(DataType type) {
            return !type.isNested() && !(type instanceof FloatType) && !(type instanceof DoubleType);
        }

        private void filterLeft(BoundExpr part, boolean rightToo) {
            toLeft.add(over(join.left(), part, 0));
            if (rightToo && isMirrored(part)) {
                toRight.add(Columns.move(
                        part, join.right(), ordinal -> Objects.requireNonNull(equal.get(ordinal)) - leftWidth));
            }
        }

        private void filterRight(BoundExpr part, boolean leftToo) {
            toRight.add(over(join.right(), part, leftWidth));
            if (leftToo && isMirrored(part)) {
                toLeft.add(Columns.move(part, join.left(), ordinal -> Objects.requireNonNull(equal.get(ordinal))));
            }
        }

        /// Whether the other side has all columns of the part, and its rows without a partner can't fail in it. That
        /// they have no nulls is what the equality says already.
        private boolean isMirrored(BoundExpr part) {
            BitSet used = Columns.usedBy(part);
            return !used.isEmpty()
                    && used.stream().allMatch(equal::containsKey)
                    && !(part instanceof BoundExpr.Not(BoundExpr.IsNull _))
                    && Totality.neverFails(part);
        }

        LogicalPlan filter(List<BoundExpr> parts, LogicalPlan asIs) {
            List<BoundExpr> toCondition = new ArrayList<>();
            List<BoundExpr> kept = new ArrayList<>();
            for (BoundExpr part : parts) {
                if (!part.deterministic()) {
                    kept.add(part);
                } else if (filtersLeft() && onLeft(part)) {
                    filterLeft(part, true);
                } else if (filtersRight() && onRight(part)) {
                    filterRight(part, true);
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
                    filterLeft(part, conditionFiltersRight());
                } else if (conditionFiltersRight() && onRight(part)) {
                    filterRight(part, conditionFiltersLeft());
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
