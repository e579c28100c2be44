package dev.headrace.exec;

import dev.headrace.chunk.WindowColumn;
import dev.headrace.plan.WindowFunction;
import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;

/// Finds the sessions of each partition in one pass over its rows, which are sorted by their start.
final class WindowSessions implements WindowResults {
    private final WindowFunction.Session session;

    /// The session of the last row that has a result.
    private long lastStart;

    private long lastEnd = Long.MIN_VALUE;

    WindowSessions(WindowFunction.Session session) {
        this.session = session;
    }

    /// The last session may go on as long as its partition does.
    @Override
    public int knownUpTo(WindowRows rows) {
        if (rows.partitionEnd()[rows.count() - 1] <= rows.count()) {
            return rows.to();
        }
        long[] starts = WindowColumn.times(rows.column(session.start()), rows.count());
        long[] ends = WindowColumn.times(rows.column(session.end()), rows.count());
        int first = rows.from();
        for (int row = first; row < rows.count(); ) {
            first = row;
            row = sessionEnd(rows, first, starts, ends);
        }
        return Math.min(first, rows.to());
    }

    /// Behind the last row there that is in the session which begins at a row; that row's end becomes the session's.
    private static int sessionEnd(WindowRows rows, int first, long[] starts, long[] ends) {
        int after = first + 1;
        int stop = Math.min(rows.partitionEnd()[first], rows.count());
        while (after < stop && starts[after] <= ends[first]) {
            ends[first] = Math.max(ends[first], ends[after++]);
        }
        return after;
    }

    @Override
    public void write(WindowRows rows, FieldVector target) {
        long[] starts = WindowColumn.times(rows.column(session.start()), rows.count());
        long[] ends = WindowColumn.times(rows.column(session.end()), rows.count());
        int first = rows.from();
        if (first != rows.partitionStart()[first] && starts[first] <= lastEnd) {
            starts[first] = lastStart;
            ends[first] = lastEnd;
        }
        while (first < rows.to()) {
            int after = sessionEnd(rows, first, starts, ends);
            Arrays.fill(starts, first, after, starts[first]);
            Arrays.fill(ends, first, after, ends[first]);
            first = after;
        }
        lastStart = starts[rows.to() - 1];
        lastEnd = ends[rows.to() - 1];
        WindowColumn.fill(
                target,
                Arrays.copyOfRange(starts, rows.from(), rows.to()),
                Arrays.copyOfRange(ends, rows.from(), rows.to()),
                rows.size());
    }

    @Override
    public int neededFrom(WindowRows rows) {
        return rows.to();
    }

    @Override
    public void close() {}
}
