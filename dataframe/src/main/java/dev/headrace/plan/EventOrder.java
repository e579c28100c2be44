package dev.headrace.plan;

import dev.headrace.function.CellOrder;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Lets rows of a key wait in a column of its state, and takes them in the order of their event time: by the order in
/// which they come nothing changes.
///
/// @param rows the columns of the rows, which order those of the same time
/// @param time of a row, in microseconds: it can be taken when the watermark is later
public record EventOrder(StructType rows, ToLongFunction<List<@Nullable Object>> time) {
    /// The time of a row that has none: it has no place in the order, and is left out.
    public static final long NO_TIME = Long.MIN_VALUE;

    /// The rows in a column of a key's state.
    @SuppressWarnings("unchecked") // rows of the state's columns
    public static List<List<@Nullable Object>> rows(Group group, int column) {
        return group.get(column) instanceof List<?> cells ? (List<List<@Nullable Object>>) cells : List.of();
    }

    /// Lets rows wait.
    public void add(Group group, int column, List<List<@Nullable Object>> added) {
        List<List<@Nullable Object>> waiting = new ArrayList<>(rows(group, column));
        for (List<@Nullable Object> row : added) {
            if (time.applyAsLong(row) != NO_TIME) {
                waiting.add(row);
            }
        }
        set(group, column, waiting);
    }

    /// Takes the rows before a time, in their order.
    public List<List<@Nullable Object>> take(Group group, int column, long before) {
        List<List<@Nullable Object>> ready = new ArrayList<>();
        List<List<@Nullable Object>> waiting = new ArrayList<>();
        for (List<@Nullable Object> row : rows(group, column)) {
            (time.applyAsLong(row) < before ? ready : waiting).add(row);
        }
        set(group, column, waiting);
        ready.sort(this::compare);
        return ready;
    }

    private int compare(List<@Nullable Object> a, List<@Nullable Object> b) {
        int byTime = Long.compare(time.applyAsLong(a), time.applyAsLong(b));
        return byTime == 0 ? CellOrder.compareRows(rows, a, b) : byTime;
    }

    private static void set(Group group, int column, List<List<@Nullable Object>> waiting) {
        group.set(column, waiting.isEmpty() ? null : waiting);
    }

    /// Sets the key's one timer to when the first of the waiting rows can be taken.
    public void setTimer(Group group, int column) {
        long earliest = Group.NEVER;
        for (List<@Nullable Object> row : rows(group, column)) {
            earliest = Math.min(earliest, Math.floorDiv(time.applyAsLong(row), 1_000) + 1);
        }
        group.timers().clear();
        if (earliest != Group.NEVER) {
            group.timers().add(earliest);
        }
    }
}
