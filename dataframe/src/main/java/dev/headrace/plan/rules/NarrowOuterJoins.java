package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.Scalar;
import java.time.ZoneId;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// An outer join whose rows without a partner a filter above it leaves out anyway becomes a narrower one: `l LEFT JOIN
/// r … WHERE r.day IN (…)` is an inner join. So filters get to both sides of it, and the order of joins can be chosen.
/// The condition of a join above is such a filter, too, for the sides of which rows without a partner don't come out.
/// Not for joins of streams, whose state depends on the kind.
final class NarrowOuterJoins implements Rule {
    private final FoldConstants folding;

    /// @param zone the session time zone
    NarrowOuterJoins(ZoneId zone) {
        this.folding = new FoldConstants(zone);
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        LogicalPlan narrowed = switch (plan) {
            case LogicalPlan.Filter(LogicalPlan.Join join, BoundExpr predicate)
                    when !join.isStreaming() -> narrow(join, predicate, plan);
            case LogicalPlan.Join join when join.condition().isPresent() && !join.isStreaming() ->
                narrowSides(join, join.condition().get());
            default -> plan;
        };
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

    private LogicalPlan.Join narrowSides(LogicalPlan.Join join, BoundExpr condition) {
        List<BoundExpr> parts = Conjuncts.of(condition);
        int leftWidth = join.left().schema().size();
        int width = leftWidth + join.right().schema().size();
        boolean needsRight = join.type() == JoinType.INNER
                || join.type() == JoinType.LEFT_SEMI
                || join.type() == JoinType.RIGHT_OUTER;
        boolean needsLeft = join.type() != JoinType.RIGHT_OUTER && join.type() != JoinType.FULL_OUTER;
        LogicalPlan left = needsRight ? narrowSide(join.left(), () -> neverNull(parts, 0, leftWidth)) : join.left();
        LogicalPlan right =
                needsLeft ? narrowSide(join.right(), () -> neverNull(parts, leftWidth, width)) : join.right();
        return left.equals(join.left()) && right.equals(join.right()) ? join : over(join, left, right);
    }

    private static LogicalPlan narrowSide(LogicalPlan side, Supplier<BitSet> neverNull) {
        return hasOuterJoin(side) ? narrow(side, neverNull.get()) : side;
    }

    private static boolean hasOuterJoin(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Filter(LogicalPlan input, BoundExpr _) -> hasOuterJoin(input);
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> _) -> hasOuterJoin(input);
            case LogicalPlan.Join join
                    when join.type() == JoinType.INNER -> hasOuterJoin(join.left()) || hasOuterJoin(join.right());
            case LogicalPlan.Join join ->
                join.type() == JoinType.LEFT_OUTER
                        || join.type() == JoinType.RIGHT_OUTER
                        || join.type() == JoinType.FULL_OUTER;
            default -> false;
        };
    }

    /// Of the columns in `[from, to)`, which must not be null for all conditions to be true; counted from `from`.
    private BitSet neverNull(List<BoundExpr> parts, int from, int to) {
        BitSet columns = new BitSet();
        for (BoundExpr part : parts) {
            BitSet used = Columns.usedBy(part).get(from, to);
            for (int i = used.nextSetBit(0); i >= 0; i = used.nextSetBit(i + 1)) {
                if (part.deterministic() && isNeverTrue(withNulls(part, from + i, from + i + 1))) {
                    columns.set(i);
                }
            }
        }
        return columns;
    }

    /// A plan of which nobody wants the rows where one of these columns is null.
    private static LogicalPlan narrow(LogicalPlan plan, BitSet neverNull) {
        if (neverNull.isEmpty()) {
            return plan;
        }
        return switch (plan) {
            case LogicalPlan.Filter(LogicalPlan input, BoundExpr predicate) when predicate.deterministic() -> {
                LogicalPlan narrowed = narrow(input, neverNull);
                yield narrowed.equals(input)
                        ? plan
                        : new LogicalPlan.Filter(narrowed, Columns.move(predicate, narrowed, i -> i));
            }
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> columns)
                    when columns.stream().allMatch(column -> column.expr() instanceof BoundExpr.Column) -> {
                BitSet below = new BitSet();
                neverNull.stream()
                        .forEach(i ->
                                below.set(((BoundExpr.Column) columns.get(i).expr()).ordinal()));
                LogicalPlan narrowed = narrow(input, below);
                yield narrowed.equals(input)
                        ? plan
                        : new LogicalPlan.Project(
                                narrowed,
                                columns.stream()
                                        .map(column -> new OutputColumn(
                                                column.name(),
                                                Columns.move(column.expr(), narrowed, i -> i),
                                                column.metadata()))
                                        .toList());
            }
            case LogicalPlan.Join join -> narrow(join, neverNull);
            default -> plan;
        };
    }

    private static LogicalPlan narrow(LogicalPlan.Join join, BitSet neverNull) {
        int leftWidth = join.left().schema().size();
        BitSet ofLeft = neverNull.get(0, leftWidth);
        BitSet ofRight = neverNull.get(leftWidth, Math.max(leftWidth, neverNull.length()));
        JoinType type = narrower(join, !ofLeft.isEmpty(), !ofRight.isEmpty());
        if (type != join.type()) {
            return new LogicalPlan.Join(join.left(), join.right(), type, join.condition());
        }
        if (type != JoinType.INNER || !join.condition().stream().allMatch(BoundExpr::deterministic)) {
            return join;
        }
        LogicalPlan left = narrow(join.left(), ofLeft);
        LogicalPlan right = narrow(join.right(), ofRight);
        return left.equals(join.left()) && right.equals(join.right()) ? join : over(join, left, right);
    }

    /// A join with sides whose columns are the same ones.
    private static LogicalPlan.Join over(LogicalPlan.Join join, LogicalPlan left, LogicalPlan right) {
        LogicalPlan both = new LogicalPlan.Join(left, right, JoinType.CROSS, Optional.empty());
        return new LogicalPlan.Join(
                left, right, join.type(), join.condition().map(condition -> Columns.move(condition, both, i -> i)));
    }

    private JoinType narrower(LogicalPlan.Join join, List<BoundExpr> parts) {
        int leftWidth = join.left().schema().size();
        int width = join.schema().size();
        return narrower(join, leavesOutNulls(parts, 0, leftWidth), leavesOutNulls(parts, leftWidth, width));
    }

    private static JoinType narrower(LogicalPlan.Join join, boolean withLeft, boolean withRight) {
        JoinType inner = join.condition().isPresent() ? JoinType.INNER : JoinType.CROSS;
        return switch (join.type()) {
            case LEFT_OUTER -> withRight ? inner : join.type();
            case RIGHT_OUTER -> withLeft ? inner : join.type();
            case FULL_OUTER -> {
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
