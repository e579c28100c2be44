package dev.headrace.engine.stateful;

import dev.headrace.exec.JoinKeys;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.Scalar;
import java.util.List;
import java.util.Optional;

/// How far apart the event times of two joined rows may be, as a join's condition says: `left - right` lies between
/// `low` and `high`.
///
/// @param left,right the event-time columns, each over its own side
/// @param low,high microseconds; [Long#MIN_VALUE] and [Long#MAX_VALUE] where there is no bound
record TimeBounds(Side left, Side right, long low, long high) {
    /// Days are calendar days, up to two hours longer or shorter than 24 hours.
    private static final long DAY_SLACK = 2 * 3_600_000_000L;

    /// @param column of the side's rows
    /// @param slackMicros how much later than the time of a row the watermark must be for the time to be past
    record Side(int column, long slackMicros) {
        Expiry after(long micros) {
            return new Expiry(column, EventTimeColumn.Form.INSTANT, micros);
        }
    }

    /// A time column with something added: `column + offset`, give or take `slack`.
    private record Term(int column, long offset, long slack) {}

    /// The bounds in a join's condition; empty if the event times of both sides are not compared.
    static Optional<TimeBounds> of(LogicalPlan.Join join, JoinKeys keys) {
        Optional<TimeBounds> bounds = Optional.empty();
        for (BoundExpr conjunct : keys.rest()) {
            Optional<TimeBounds> found = ofConjunct(join, conjunct);
            if (found.isPresent()) {
                bounds = bounds.isEmpty() ? found : bounds.map(all -> all.and(found.get()));
            }
        }
        return bounds;
    }

    /// Both bounds; those of other columns are left out, which only keeps rows longer.
    private TimeBounds and(TimeBounds other) {
        return left.equals(other.left) && right.equals(other.right)
                ? new TimeBounds(left, right, Math.max(low, other.low), Math.min(high, other.high))
                : this;
    }

    private static Optional<TimeBounds> ofConjunct(LogicalPlan.Join join, BoundExpr conjunct) {
        if (!(conjunct instanceof BoundExpr.Compare(CompareOp op, BoundExpr a, BoundExpr b))) {
            return Optional.empty();
        }
        Optional<Term> first = term(a);
        Optional<Term> second = term(b);
        if (first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        int leftSize = join.left().schema().size();
        boolean swapped = first.get().column() >= leftSize;
        Term left = swapped ? second.get() : first.get();
        Term right = swapped ? first.get() : second.get();
        if (left.column() >= leftSize || right.column() < leftSize) {
            return Optional.empty();
        }
        Optional<Side> leftSide = side(join.left(), left.column());
        Optional<Side> rightSide = side(join.right(), right.column() - leftSize);
        if (leftSide.isEmpty() || rightSide.isEmpty()) {
            return Optional.empty();
        }
        // left.time + left.offset OP right.time + right.offset
        long bound = right.offset() - left.offset();
        long slack = left.slack() + right.slack();
        CompareOp leftFirst = swapped ? mirrored(op) : op;
        return switch (leftFirst) {
            case GREATER, GREATER_OR_EQUAL ->
                Optional.of(new TimeBounds(leftSide.get(), rightSide.get(), bound - slack, Long.MAX_VALUE));
            case LESS, LESS_OR_EQUAL ->
                Optional.of(new TimeBounds(leftSide.get(), rightSide.get(), Long.MIN_VALUE, bound + slack));
            case EQUAL, NOT_EQUAL, NULL_SAFE_EQUAL -> Optional.empty();
        };
    }

    private static CompareOp mirrored(CompareOp op) {
        return switch (op) {
            case GREATER -> CompareOp.LESS;
            case GREATER_OR_EQUAL -> CompareOp.LESS_OR_EQUAL;
            case LESS -> CompareOp.GREATER;
            case LESS_OR_EQUAL -> CompareOp.GREATER_OR_EQUAL;
            case EQUAL, NOT_EQUAL, NULL_SAFE_EQUAL -> op;
        };
    }

    private static Optional<Side> side(LogicalPlan input, int column) {
        BoundExpr expr = new BoundExpr.Column(
                column,
                input.schema().field(column).name(),
                input.schema().field(column).dataType(),
                true);
        return EventTimeColumn.of(input, expr)
                .filter(time -> time.form() == EventTimeColumn.Form.INSTANT)
                .map(time -> new Side(column, time.slackMicros()));
    }

    private static Optional<Term> term(BoundExpr expr) {
        return switch (expr) {
            case BoundExpr.Column column -> Optional.of(new Term(column.ordinal(), 0, 0));
            case BoundExpr.Call call
                    when call.function().name().equals("timestamp_add_interval") -> later(call.arguments());
            default -> Optional.empty();
        };
    }

    private static Optional<Term> later(List<BoundExpr> arguments) {
        Optional<Long> months = constant(arguments.get(1));
        Optional<Long> days = constant(arguments.get(2));
        Optional<Long> micros = constant(arguments.get(3));
        if (!months.equals(Optional.of(0L)) || days.isEmpty() || micros.isEmpty()) {
            return Optional.empty();
        }
        return term(arguments.getFirst())
                .map(term -> new Term(
                        term.column(),
                        term.offset() + days.get() * 86_400_000_000L + micros.get(),
                        term.slack() + (days.get() == 0 ? 0 : DAY_SLACK)));
    }

    private static Optional<Long> constant(BoundExpr expr) {
        return expr instanceof BoundExpr.Literal(Scalar value) && value.value() instanceof Number number
                ? Optional.of(number.longValue())
                : Optional.empty();
    }

    /// When no row of the right side can come any more that goes with a row of the left side.
    Optional<Expiry> leftEnds() {
        return low == Long.MIN_VALUE ? Optional.empty() : Optional.of(left.after(right.slackMicros() - low));
    }

    /// When no row of the left side can come any more that goes with a row of the right side.
    Optional<Expiry> rightEnds() {
        return high == Long.MAX_VALUE ? Optional.empty() : Optional.of(right.after(left.slackMicros() + high));
    }

    /// How long right rows are kept so that they are there when a left row is looked at for the last time; empty if for
    /// good.
    Optional<Expiry> rightEndsAfterLeft() {
        return high == Long.MAX_VALUE || low == Long.MIN_VALUE
                ? Optional.empty()
                : Optional.of(right.after(Math.max(left.slackMicros() + high, right.slackMicros() + high - low)));
    }

    /// How long left rows are kept so that they are there when a right row is looked at for the last time; empty if for
    /// good.
    Optional<Expiry> leftEndsAfterRight() {
        return high == Long.MAX_VALUE || low == Long.MIN_VALUE
                ? Optional.empty()
                : Optional.of(left.after(Math.max(right.slackMicros() - low, left.slackMicros() + high - low)));
    }

    /// When a left row is late, if right rows are looked at for the last time by the watermark alone.
    Expiry leftLate() {
        return left.after(left.slackMicros());
    }

    /// When a right row is late, if left rows are looked at for the last time by the watermark alone.
    Expiry rightLate() {
        return right.after(right.slackMicros());
    }

    /// How much later than its time says a row of the join is there, when the column is a side's time.
    ///
    /// @param ordinal over the left columns followed by the right ones
    long delayOf(int ordinal, int leftSize) {
        if (ordinal == left.column() && low != Long.MIN_VALUE) {
            return right.slackMicros() - low;
        }
        return ordinal == leftSize + right.column() && high != Long.MAX_VALUE ? left.slackMicros() + high : 0;
    }

    /// When a row is late: its own time has passed, and what it would have gone with may have been forgotten.
    static Expiry late(Side side, Expiry ends) {
        return side.after(Math.max(side.slackMicros(), ends.extraMicros()));
    }
}
