package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.exec.GroupRows;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.function.CellOrder;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Direction;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.SortKey;
import dev.headrace.plan.WindowFrame;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How far `RANGE` frames with distances reach, by the ordering expression's value and where it puts the frames' ends:
/// between rows of which it is known that others are before or behind them.
///
/// Where ends of frames go back from one row to the next, as a month before March 31 is before a month before March 30,
/// and a day before the hour in which a clock is set may be, frames end where those of rows before do. Such rows are no
/// more than some days apart, so that many are added.
///
/// @param plan gives the value, where frames begin, and where frames end, of the rows in `leaf`
/// @param starts how many frames have a beginning
/// @param sign of differences in order
/// @param slackMicros what is added on both sides, if values are timestamps
record RangeReach(PhysicalPlan plan, RowsLeaf leaf, int starts, int sign, long slackMicros) {
    private static final long SLACK = Duration.ofDays(5).toNanos() / 1_000;

    /// The value of a row, where frames begin, and where frames end.
    record Limits(List<@Nullable Object> cells) {}

    /// @param frames by RANGE with a distance
    /// @param rows their schema
    static Optional<RangeReach> of(
            StreamingPlanner planner, SortKey order, List<WindowFrame<BoundExpr>> frames, StructType rows) {
        if (frames.isEmpty()) {
            return Optional.empty();
        }
        List<BoundExpr> starts = new ArrayList<>();
        List<BoundExpr> ends = new ArrayList<>();
        for (WindowFrame<BoundExpr> frame : frames) {
            limit(frame.start(), order).ifPresent(starts::add);
            limit(frame.end(), order).ifPresent(ends::add);
        }
        boolean isSteady = frames.stream()
                .flatMap(frame -> frame.distances().stream())
                .allMatch(limit -> isSteady(limit, order.expr().type()));
        if (!isSteady) {
            // A row may move the ends of frames of rows behind it, whatever these frames have.
            starts.add(order.expr());
            ends.add(order.expr());
        }
        List<OutputColumn> columns = new ArrayList<>();
        columns.add(new OutputColumn("value", order.expr()));
        starts.forEach(start -> columns.add(new OutputColumn("start" + columns.size(), start)));
        ends.forEach(end -> columns.add(new OutputColumn("end" + columns.size(), end)));
        RowsLeaf leaf = new RowsLeaf(rows);
        return Optional.of(new RangeReach(
                planner.plan(new LogicalPlan.Project(OperatorOutput.of(leaf), columns)),
                leaf,
                starts.size(),
                order.direction() == Direction.ASC ? 1 : -1,
                isSteady ? 0 : SLACK));
    }

    private static Optional<BoundExpr> limit(WindowFrame.Bound<BoundExpr> bound, SortKey order) {
        return switch (bound) {
            case WindowFrame.Bound.Preceding<BoundExpr>(BoundExpr value) -> Optional.of(value);
            case WindowFrame.Bound.Following<BoundExpr>(BoundExpr value) -> Optional.of(value);
            case WindowFrame.Bound.CurrentRow<BoundExpr> _ -> Optional.of(order.expr());
            case WindowFrame.Bound.UnboundedPreceding<BoundExpr> _, WindowFrame.Bound.UnboundedFollowing<BoundExpr> _ ->
                Optional.empty();
        };
    }

    /// Whether it is known how far the ends of frames may go back.
    static boolean isPossible(WindowFrame<BoundExpr> frame, DataType order) {
        return switch (order) {
            case NumericType _, DateType _ -> true;
            case TimestampType _, TimestampNTZType _ ->
                frame.distances().stream().allMatch(RangeReach::isLater);
            default -> false;
        };
    }

    /// Whether a frame's end never goes back from one row to the next.
    private static boolean isSteady(BoundExpr limit, DataType order) {
        return switch (order) {
            case TimestampType _ -> isZero(limit, 1) && isZero(limit, 2);
            case TimestampNTZType _ -> isZero(limit, 1);
            default -> true;
        };
    }

    /// Whether the limit is constant months, days and microseconds later.
    private static boolean isLater(BoundExpr limit) {
        return limit instanceof BoundExpr.Call call
                && call.function().name().equals("timestamp_add_interval")
                && call.arguments().stream().skip(1).allMatch(part -> part instanceof BoundExpr.Literal);
    }

    private static boolean isZero(BoundExpr limit, int part) {
        return limit instanceof BoundExpr.Call call
                && call.arguments().get(part) instanceof BoundExpr.Literal(Scalar(Object value, var _))
                && Integer.valueOf(0).equals(value);
    }

    /// What the plan gives.
    ///
    /// @param given taken over
    static List<Limits> read(List<Chunk> given) {
        List<Limits> limits = new ArrayList<>();
        Chunk.lendEach(given, chunk -> {
            for (List<@Nullable Object> cells : GroupRows.rows(chunk)) {
                limits.add(new Limits(cells));
            }
        });
        return limits;
    }

    /// Whether some frame of the row, which is behind the other or the other itself, begins at the other or before it.
    boolean beginsUpTo(Limits row, Limits other) {
        return anyLimit(row, 1, 1 + starts, other, -1);
    }

    /// Whether some frame of the row, which is before the other or the other itself, ends at the other or behind it.
    boolean endsFrom(Limits row, Limits other) {
        return anyLimit(row, 1 + starts, row.cells().size(), other, 1);
    }

    /// Where a value or limit is null, nothing is known.
    private boolean anyLimit(Limits row, int from, int to, Limits other, int side) {
        Object value = other.cells().getFirst();
        for (int i = from; i < to; i++) {
            Object limit = row.cells().get(i);
            if (value == null
                    || limit == null
                    || side * sign * CellOrder.compareCells(slack(limit, side), value) >= 0) {
                return true;
            }
        }
        return false;
    }

    private Object slack(Object limit, int side) {
        return slackMicros == 0 ? limit : (Object) ((Long) limit + slackMicros * side * sign);
    }
}
