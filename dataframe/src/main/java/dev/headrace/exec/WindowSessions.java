package dev.headrace.exec;

import dev.headrace.chunk.WindowColumn;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.WindowFunction;
import org.apache.arrow.vector.FieldVector;

/// Finds the sessions of each partition in one pass over its rows, which are sorted by their start.
final class WindowSessions {
    private WindowSessions() {}

    static void write(WindowFunction.Session session, WindowRows rows, FieldVector target) {
        int count = rows.count();
        long[] starts = times(rows, session.start());
        long[] ends = times(rows, session.end());
        for (int first = 0; first < count; ) {
            int after = first + 1;
            long end = ends[first];
            while (after < rows.partitionEnd()[first] && starts[after] <= end) {
                end = Math.max(end, ends[after++]);
            }
            for (int row = first; row < after; row++) {
                starts[row] = starts[first];
                ends[row] = end;
            }
            first = after;
        }
        WindowColumn.fill(target, starts, ends, count);
    }

    private static long[] times(WindowRows rows, BoundExpr column) {
        return WindowColumn.times(rows.rows().column(((BoundExpr.Column) column).ordinal()), rows.count());
    }
}
