package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Cell;
import dev.headrace.exec.WindowFrames.Reached;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.WindowFrame;
import dev.headrace.plan.WindowFunction;
import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// The value of a certain row of the frame (`first_value`, `last_value`, `nth_value`).
///
/// If the frame begins with the partition, each row is looked at once as the frame grows.
final class WindowNth implements WindowResults {
    private static final int NONE = -1;

    private final WindowFunction.Nth nth;
    private final WindowFrame<BoundExpr> frame;
    private final RunContext run;

    /// Of a frame that grows: how many rows of the partition are in it, and the value that counts so far.
    private int scanned;

    private final Found found;

    /// Of the last row that has a result.
    private Reached reached = Reached.NONE;

    WindowNth(WindowFunction.Nth nth, WindowFrame<BoundExpr> frame, RunContext run) {
        this.nth = nth;
        this.frame = frame;
        this.run = run;
        this.found = new Found(nth);
    }

    @Override
    public int knownUpTo(WindowRows rows) {
        return new WindowFrames(rows, frame, reached).knownUpTo();
    }

    @Override
    public void write(WindowRows rows, FieldVector target) {
        FieldVector values = rows.column(nth.value());
        WindowFrames frames = new WindowFrames(rows, frame, reached);
        if (frames.fromPartitionStart()) {
            grow(rows, frames, values, target);
        } else {
            slide(rows, frames, values, target);
        }
        reached = frames.reached();
    }

    private void grow(WindowRows rows, WindowFrames frames, FieldVector values, FieldVector target) {
        for (int row = rows.from(); row < rows.to(); row++) {
            int start = rows.partitionStart()[row];
            if (row == start) {
                scanned = 0;
                found.clear();
            }
            while (start + scanned < frames.end(row)) {
                found.add(values, start + scanned);
                scanned++;
                checkNowAndThen(scanned);
            }
            checkNowAndThen(row);
            Cell.write(target, row - rows.from(), found.value(values));
        }
        found.detach(values);
    }

    private void slide(WindowRows rows, WindowFrames frames, FieldVector values, FieldVector target) {
        if (nth.ignoreNulls()) {
            slideOverPresent(rows, frames, values, target);
            return;
        }
        for (int row = rows.from(); row < rows.to(); row++) {
            checkNowAndThen(row);
            int from = at(nth.position(), frames.start(row), frames.end(row));
            Cell.write(target, row - rows.from(), from == NONE ? null : Cell.read(values, from));
        }
    }

    /// Frames only move on, and so do the first of the values that are not null in them and the one behind the last.
    private void slideOverPresent(WindowRows rows, WindowFrames frames, FieldVector values, FieldVector target) {
        int[] present = present(values, frames.start(rows.from()), frames.end(rows.to() - 1));
        int first = 0;
        int end = 0;
        for (int row = rows.from(); row < rows.to(); row++) {
            checkNowAndThen(row);
            while (first < present.length && present[first] < frames.start(row)) {
                first++;
            }
            while (end < present.length && present[end] < frames.end(row)) {
                end++;
            }
            int from = at(nth.position(), first, end);
            Cell.write(target, row - rows.from(), from == NONE ? null : Cell.read(values, present[from]));
        }
    }

    /// The rows in `[from, to)` whose values are not null.
    private static int[] present(FieldVector values, int from, int to) {
        int[] rows = new int[Math.max(0, to - from)];
        int count = 0;
        for (int row = from; row < to; row++) {
            Cancellation.checkThread(row);
            if (!values.isNull(row)) {
                rows[count++] = row;
            }
        }
        return Arrays.copyOf(rows, count);
    }

    private void checkNowAndThen(int row) {
        if ((row & 1023) == 0) {
            run.checkCancelled();
        }
    }

    private static int at(int position, int start, int end) {
        int row = position < 0 ? end - 1 : start + position - 1;
        return row >= start && row < end ? row : NONE;
    }

    @Override
    public int neededFrom(WindowRows rows) {
        boolean grows = new WindowFrames(rows, frame, reached).fromPartitionStart();
        return rows.partitionStart()[rows.to() - 1] + (grows ? scanned : reached.start());
    }

    @Override
    public void close() {}

    /// The value that counts of rows that come one after the other.
    static final class Found {
        private static final int BEFORE = -2;

        private final WindowFunction.Nth nth;
        private int counted;

        /// The row that has it, or [#BEFORE] if it is the value that was kept.
        private int row = NONE;

        private @Nullable Object kept;

        Found(WindowFunction.Nth nth) {
            this.nth = nth;
        }

        void clear() {
            counted = 0;
            row = NONE;
            kept = null;
        }

        void add(FieldVector values, int at) {
            boolean counts = nth.position() < 0 || counted < nth.position();
            if (counts && (!nth.ignoreNulls() || !values.isNull(at))) {
                counted++;
                if (nth.position() < 0 || counted == nth.position()) {
                    row = at;
                }
            }
        }

        @Nullable Object value(FieldVector values) {
            return row >= 0 ? Cell.read(values, row) : row == BEFORE ? kept : null;
        }

        /// Keeps the value when the rows go.
        void detach(FieldVector values) {
            if (row >= 0) {
                kept = Cell.detach(Cell.read(values, row));
                row = BEFORE;
            }
        }
    }
}
