package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Cell;
import dev.headrace.function.CellOrder;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Direction;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.WindowFrame;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Where each row's frame begins and ends.
///
/// Frames only move on within a partition, as in Spark: a month before March 30, 10:00, is February 28, 10:00, but a
/// month before March 31, 9:00, is an hour earlier.
final class WindowFrames {
    /// So many rows are looked at before it is asked again whether the query is to stop: there may be a search for
    /// each.
    private static final int CHECKED_ROWS = 10_000;

    private final WindowRows rows;
    private final WindowFrame<BoundExpr> frame;
    private final Reached before;
    private int @Nullable [] starts;
    private int @Nullable [] ends;

    /// Where a row's frame begins and ends, counted from the beginning of its partition.
    record Reached(int start, int end) {
        static final Reached NONE = new Reached(0, 0);
    }

    /// @param before what the row before the first one that is looked at has reached
    WindowFrames(WindowRows rows, WindowFrame<BoundExpr> frame, Reached before) {
        this.rows = rows;
        this.frame = frame;
        this.before = before;
    }

    /// What the last row that is looked at has reached.
    Reached reached() {
        int last = rows.to() - 1;
        int partition = rows.partitionStart()[last];
        return new Reached(start(last) - partition, end(last) - partition);
    }

    boolean fromPartitionStart() {
        return frame.start() instanceof WindowFrame.Bound.UnboundedPreceding<BoundExpr> _;
    }

    boolean toPartitionEnd() {
        return frame.end() instanceof WindowFrame.Bound.UnboundedFollowing<BoundExpr> _;
    }

    /// The first row that is looked at whose frame is not there to its end; [WindowRows#to] if there is none.
    int knownUpTo() {
        int row = rows.from();
        while (row < rows.to() && end(row) <= rows.count()) {
            row++;
        }
        return row;
    }

    /// The first row of a row's frame.
    int start(int row) {
        return starts()[row - rows.from()];
    }

    /// Behind the last row of a row's frame; at least its start.
    int end(int row) {
        int[] computed = ends;
        if (computed == null) {
            computed = limits(frame.end(), before.end(), false);
            for (int i = 0; i < computed.length; i++) {
                computed[i] = Math.max(starts()[i], computed[i]);
            }
            ends = computed;
        }
        return computed[row - rows.from()];
    }

    /// [#start] of the rows `[from, to)`.
    int[] starts(int from, int to) {
        return Arrays.copyOfRange(starts(), from - rows.from(), to - rows.from());
    }

    /// [#end] of the rows `[from, to)`.
    int[] ends(int from, int to) {
        return IntStream.range(from, to).map(this::end).toArray();
    }

    private int[] starts() {
        int[] computed = starts;
        if (computed == null) {
            computed = limits(frame.start(), before.start(), true);
            starts = computed;
        }
        return computed;
    }

    private int[] limits(WindowFrame.Bound<BoundExpr> bound, int reachedBefore, boolean start) {
        int[] limits = new int[rows.size()];
        int least = Integer.MIN_VALUE;
        for (int i = 0; i < limits.length; i++) {
            if (i % CHECKED_ROWS == 0) {
                Cancellation.checkThread();
            }
            int row = rows.from() + i;
            int partition = rows.partitionStart()[row];
            if (i == 0 && row != partition) {
                least = partition + reachedBefore;
            }
            int limit = Math.clamp(limit(bound, row, least, start), partition, rows.partitionEnd()[row]);
            least = Math.max(least, limit);
            limits[i] = least;
        }
        return limits;
    }

    /// @param least where the limit of the row before is
    private int limit(WindowFrame.Bound<BoundExpr> bound, int row, int least, boolean start) {
        boolean byRows = frame.unit() == WindowFrame.Unit.ROWS;
        return switch (bound) {
            case WindowFrame.Bound.UnboundedPreceding<BoundExpr> _ -> rows.partitionStart()[row];
            case WindowFrame.Bound.UnboundedFollowing<BoundExpr> _ -> rows.partitionEnd()[row];
            case WindowFrame.Bound.CurrentRow<BoundExpr> _ -> {
                if (byRows) {
                    yield start ? row : row + 1;
                }
                yield start ? rows.peerStart()[row] : rows.peerEnd()[row];
            }
            case WindowFrame.Bound.Preceding<BoundExpr>(BoundExpr distance) ->
                byRows ? moved(row, -count(distance), start) : search(row, distance, least, true, start);
            case WindowFrame.Bound.Following<BoundExpr>(BoundExpr distance) ->
                byRows ? moved(row, count(distance), start) : search(row, distance, least, false, start);
        };
    }

    private static int moved(int row, int by, boolean start) {
        long at = (long) row + by + (start ? 0 : 1);
        return (int) Math.clamp(at, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static int count(BoundExpr distance) {
        return distance instanceof BoundExpr.Literal(Scalar value) && value.value() instanceof Integer rows ? rows : 0;
    }

    /// Where the ordering value reaches (for a start) or passes (for an end) the limit that a column has for this row.
    ///
    /// The row before has the limit near, so it is looked for in steps that grow from there.
    ///
    /// @param least not less than this is looked for
    /// @param preceding whether the limit lies before the row
    private int search(int row, BoundExpr limitColumn, int least, boolean preceding, boolean start) {
        SortColumn order = rows.order().getFirst();
        FieldVector values = rows.rows().column(order.ordinal());
        if (values.isNull(row)) {
            return start ? rows.peerStart()[row] : rows.peerEnd()[row];
        }
        Object limit = limitColumn instanceof BoundExpr.Column column
                ? Cell.read(rows.rows().column(column.ordinal()), row)
                : ((BoundExpr.Literal) limitColumn).value().value();
        int low = firstPresent(values, row);
        int high = lastPresent(values, row);
        if (limit == null) {
            // Beyond the numbers that the type has: before all values, or behind them.
            return preceding ? low : known(high, row);
        }
        int sign = order.direction() == Direction.ASC ? 1 : -1;
        // What is less than zero is before a start, and what is less than one before an end.
        int behind = start ? 0 : 1;
        low = Math.max(low, Math.min(least, high));
        int step = 1;
        while (step <= high - low && sign * CellOrder.compareCells(Cell.read(values, low + step - 1), limit) < behind) {
            low += step;
            step *= 2;
        }
        high = Math.min(high, low + step - 1);
        while (low < high) {
            int middle = low + high >>> 1;
            if (sign * CellOrder.compareCells(Cell.read(values, middle), limit) < behind) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return known(low, row);
    }

    /// Where a search has ended; open if more rows of the partition may come that it goes on to.
    private int known(int found, int row) {
        return found == rows.count() && rows.partitionEnd()[row] > found ? WindowRows.OPEN : found;
    }

    private int firstPresent(FieldVector values, int row) {
        int start = Math.max(0, rows.partitionStart()[row]);
        return values.isNull(start) ? rows.peerEnd()[start] : start;
    }

    private int lastPresent(FieldVector values, int row) {
        int end = Math.min(rows.count(), rows.partitionEnd()[row]);
        return values.isNull(end - 1) ? rows.peerStart()[end - 1] : end;
    }
}
