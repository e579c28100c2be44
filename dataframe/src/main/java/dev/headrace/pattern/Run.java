package dev.headrace.pattern;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A match that is not complete, or that can go on.
///
/// @param stage the one that has taken the last row
/// @param count how many rows it has taken
/// @param alive the stages that may still take the next row, as bits
/// @param fresh whether no row has come since
/// @param rows the rows taken, by their place among the rows that are kept
/// @param stages which stage has taken each of them
record Run(int stage, int count, long alive, boolean fresh, int[] rows, int[] stages) {
    /// Before the first row.
    static final int NOWHERE = -1;

    /// What begins with any row.
    static Run beginning(BoundPattern pattern) {
        long end = 1L << pattern.end();
        return new Run(NOWHERE, 0, pattern.after(NOWHERE) & ~end, true, new int[0], new int[0]);
    }

    int first() {
        return rows[0];
    }

    int last() {
        return rows[rows.length - 1];
    }

    boolean isAlive(int target) {
        return (alive & 1L << target) != 0;
    }

    /// This run when a row has been ignored.
    Run ignoring(long stillAlive) {
        return new Run(stage, count, stillAlive, false, rows, stages);
    }

    /// This run with one row more.
    Run taking(int target, int row, BoundPattern pattern) {
        int[] moreRows = Arrays.copyOf(rows, rows.length + 1);
        int[] moreStages = Arrays.copyOf(stages, stages.length + 1);
        moreRows[rows.length] = row;
        moreStages[stages.length] = target;
        int taken = target == stage ? count + 1 : 1;
        return new Run(target, taken, pattern.targets(target, taken), true, moreRows, moreStages);
    }

    Run withRows(int[] moved) {
        return new Run(stage, count, alive, fresh, moved, stages);
    }

    /// As a cell of the state.
    List<@Nullable Object> cell() {
        return List.of(stage, count, alive, fresh, boxed(rows), boxed(stages));
    }

    static Run of(List<?> cell) {
        return new Run(
                (Integer) cell.get(0),
                (Integer) cell.get(1),
                (Long) cell.get(2),
                (Boolean) cell.get(3),
                ints((List<?>) cell.get(4)),
                ints((List<?>) cell.get(5)));
    }

    private static List<Integer> boxed(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static int[] ints(List<?> values) {
        return values.stream().mapToInt(value -> (Integer) value).toArray();
    }
}
