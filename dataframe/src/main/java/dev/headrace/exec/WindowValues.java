package dev.headrace.exec;

import dev.headrace.chunk.Cell;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.WindowFunction;
import org.apache.arrow.vector.FieldVector;

/// Window functions that give the value of another row.
final class WindowValues {
    private static final int NONE = -1;

    private WindowValues() {}

    static void offset(WindowFunction.Offset offset, WindowRows rows, FieldVector target) {
        FieldVector values = column(rows, offset.value());
        FieldVector otherwise = column(rows, offset.otherwise());
        for (int row = 0; row < rows.count(); row++) {
            int from = offset.ignoreNulls()
                    ? presentAt(values, rows, row, offset.places())
                    : inPartition(rows, row, (long) row + offset.places());
            Cell.write(target, row, from == NONE ? Cell.read(otherwise, row) : Cell.read(values, from));
        }
    }

    private static int inPartition(WindowRows rows, int row, long at) {
        return at >= rows.partitionStart()[row] && at < rows.partitionEnd()[row] ? (int) at : NONE;
    }

    /// The row with the n-th value that is not null, before or after a row.
    private static int presentAt(FieldVector values, WindowRows rows, int row, int places) {
        int step = Integer.signum(places);
        int left = Math.abs(places);
        int at = row;
        if (left == 0) {
            return row;
        }
        while (left > 0) {
            at += step;
            if (inPartition(rows, row, at) == NONE) {
                return NONE;
            }
            if (!values.isNull(at)) {
                left--;
            }
        }
        return at;
    }

    static void nth(WindowFunction.Nth nth, WindowRows rows, WindowFrames frames, FieldVector target) {
        FieldVector values = column(rows, nth.value());
        int[] starts = frames.starts();
        int[] ends = frames.ends();
        for (int row = 0; row < rows.count(); row++) {
            int from = nth.ignoreNulls()
                    ? presentIn(values, nth.position(), starts[row], ends[row])
                    : at(nth.position(), starts[row], ends[row]);
            Cell.write(target, row, from == NONE ? null : Cell.read(values, from));
        }
    }

    private static int at(int position, int start, int end) {
        int row = position < 0 ? end - 1 : start + position - 1;
        return row >= start && row < end ? row : NONE;
    }

    private static int presentIn(FieldVector values, int position, int start, int end) {
        if (position < 0) {
            for (int row = end - 1; row >= start; row--) {
                if (!values.isNull(row)) {
                    return row;
                }
            }
            return NONE;
        }
        int left = position;
        for (int row = start; row < end; row++) {
            if (!values.isNull(row) && --left == 0) {
                return row;
            }
        }
        return NONE;
    }

    private static FieldVector column(WindowRows rows, BoundExpr expr) {
        return rows.rows().column(((BoundExpr.Column) expr).ordinal());
    }
}
