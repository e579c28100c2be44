package dev.headrace.exec;

import dev.headrace.chunk.Cell;
import dev.headrace.plan.WindowFunction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// The value of a row so many places before or behind (`lag`, `lead`).
final class WindowOffset implements WindowResults {
    private static final int NONE = -1;

    private final WindowFunction.Offset offset;
    private final int places;
    private final RunContext run;

    /// Of a lag that leaves nulls out: the last values of the partition that are not null, no more than are needed.
    private final Deque<Object> present = new ArrayDeque<>();

    WindowOffset(WindowFunction.Offset offset, RunContext run) {
        this.offset = offset;
        this.places = offset.places();
        this.run = run;
    }

    private boolean leavesNullsOut() {
        return offset.ignoreNulls() && places != 0;
    }

    @Override
    public int knownUpTo(WindowRows rows) {
        if (places <= 0) {
            return rows.to();
        }
        int[] from = leavesNullsOut() ? presentBehind(rows) : new int[0];
        int row = rows.from();
        while (row < rows.to()) {
            boolean isThere = leavesNullsOut()
                    ? from[row - rows.from()] != NONE
                    : (long) row + places < Math.min(rows.count(), rows.partitionEnd()[row]);
            boolean isBehindPartition = leavesNullsOut()
                    ? rows.partitionEnd()[row] <= rows.count()
                    : (long) row + places >= rows.partitionEnd()[row];
            if (!isThere && !isBehindPartition) {
                return row;
            }
            row++;
        }
        return row;
    }

    @Override
    public void write(WindowRows rows, FieldVector target) {
        FieldVector values = rows.column(offset.value());
        FieldVector otherwise = rows.column(offset.otherwise());
        if (leavesNullsOut() && places < 0) {
            writePresentBefore(rows, values, otherwise, target);
            return;
        }
        int[] from = leavesNullsOut() ? presentBehind(rows) : moved(rows);
        for (int i = 0; i < from.length; i++) {
            checkNowAndThen(i);
            Cell.write(target, i, from[i] == NONE ? Cell.read(otherwise, rows.from() + i) : Cell.read(values, from[i]));
        }
    }

    private void checkNowAndThen(int i) {
        if ((i & 8191) == 0) {
            run.checkCancelled();
        }
    }

    private int[] moved(WindowRows rows) {
        return IntStream.range(rows.from(), rows.to())
                .map(row -> {
                    long at = (long) row + places;
                    return at >= rows.partitionStart()[row] && at < rows.partitionEnd()[row] ? (int) at : NONE;
                })
                .toArray();
    }

    /// For each row that is looked at, the row with the n-th value behind it that is not null, if it is there.
    private int[] presentBehind(WindowRows rows) {
        FieldVector values = rows.column(offset.value());
        int[] found = new int[rows.size()];
        // The rows behind the current one that have a value, the nearest one last.
        int[] behind = new int[rows.count() - rows.from()];
        int count = 0;
        for (int row = rows.count() - 1; row >= rows.from(); row--) {
            if (row < rows.count() - 1 && rows.partitionStart()[row + 1] == row + 1) {
                count = 0;
            }
            if (row < rows.to()) {
                found[row - rows.from()] = count >= places ? behind[count - places] : NONE;
            }
            if (!values.isNull(row)) {
                behind[count++] = row;
            }
        }
        return found;
    }

    private void writePresentBefore(WindowRows rows, FieldVector values, FieldVector otherwise, FieldVector target) {
        for (int row = rows.from(); row < rows.to(); row++) {
            checkNowAndThen(row - rows.from());
            if (row == rows.partitionStart()[row]) {
                present.clear();
            }
            @Nullable Object value = present.size() == -places ? present.getFirst() : Cell.read(otherwise, row);
            Cell.write(target, row - rows.from(), value);
            Object own = Cell.read(values, row);
            if (own != null) {
                if (present.size() == -places) {
                    present.removeFirst();
                }
                present.addLast(Objects.requireNonNull(Cell.detach(own)));
            }
        }
    }

    @Override
    public int neededFrom(WindowRows rows) {
        return leavesNullsOut() ? rows.to() : (int) Math.max(0, rows.to() + (long) Math.min(0, places));
    }

    @Override
    public void close() {}
}
