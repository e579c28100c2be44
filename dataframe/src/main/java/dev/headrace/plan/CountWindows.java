package dev.headrace.plan;

import dev.headrace.types.ArrayType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Puts the rows of each key into windows of so many rows: window w has the rows from `w * slide` on. The rows of a
/// window are given together, as soon as it is full, each with the window's number; those of one that never is are not
/// given.
///
/// With an event time the rows are taken in its order: in a stream, when the watermark has passed them. Without one
/// they are taken as they come.
///
/// @param rows the columns of the input
/// @param width how many of them are given; the number comes behind them
/// @param keys which of them are the key
/// @param time which of them is the event time, in microseconds
/// @param size the rows of a window
/// @param slide how many rows later the next window begins, at most `size`
record CountWindows(StructType rows, int width, List<Integer> keys, OptionalInt time, long size, long slide)
        implements ColumnGroups {
    private static final int WAITING = 0;
    private static final int KEPT = 1;
    private static final int TAKEN = 2;

    CountWindows {
        keys = List.copyOf(keys);
    }

    @Override
    public String name() {
        return "count_window";
    }

    @Override
    public StructType outputSchema() {
        return new StructType(rows.fieldList().subList(0, width)).add(name(), DataTypes.LongType, false);
    }

    @Override
    public StructType stateSchema() {
        return new StructType()
                .add(new StructField("waiting", new ArrayType(rows, false), true))
                .add(new StructField("kept", new ArrayType(rows, false), true))
                .add(new StructField("taken", DataTypes.LongType, true));
    }

    @Override
    public TimerClock clock() {
        return time.isPresent() ? TimerClock.EVENT_TIME : TimerClock.NONE;
    }

    @Override
    public Optional<EventTime> eventTime() {
        return time.isPresent() ? Optional.of(new EventTime(time.getAsInt(), OptionalInt.empty())) : Optional.empty();
    }

    @Override
    public OptionalInt wholeGroups() {
        return OptionalInt.of(width);
    }

    @Override
    public void rows(Group group, List<List<@Nullable Object>> added, Times times, Output out) {
        if (time.isEmpty()) {
            take(group, added, out);
            return;
        }
        EventOrder order = order();
        order.add(group, WAITING, added);
        if (times.batch()) {
            take(group, order.take(group, WAITING, Long.MAX_VALUE), out);
        } else {
            order.setTimer(group, WAITING);
        }
    }

    @Override
    public void timer(Group group, long timerMillis, Times times, Output out) {
        EventOrder order = order();
        take(group, order.take(group, WAITING, Math.multiplyExact(times.watermarkMillis(), 1_000)), out);
        order.setTimer(group, WAITING);
    }

    private EventOrder order() {
        int column = time.getAsInt();
        return new EventOrder(rows, row -> row.get(column) instanceof Long micros ? micros : EventOrder.NO_TIME);
    }

    private void take(Group group, List<List<@Nullable Object>> next, Output out) {
        List<List<@Nullable Object>> kept = new ArrayList<>(EventOrder.rows(group, KEPT));
        long taken = group.get(TAKEN) instanceof Long number ? number : 0;
        int from = 0;
        for (List<@Nullable Object> row : next) {
            kept.add(row);
            taken++;
            if (taken >= size && (taken - size) % slide == 0) {
                long window = (taken - size) / slide;
                for (List<@Nullable Object> member : kept.subList(from, kept.size())) {
                    List<@Nullable Object> cells = new ArrayList<>(member.subList(0, width));
                    cells.add(window);
                    out.accept(cells);
                }
                from += Math.toIntExact(slide);
            }
        }
        List<List<@Nullable Object>> rest = List.copyOf(kept.subList(from, kept.size()));
        group.set(KEPT, rest.isEmpty() ? null : rest);
        group.set(TAKEN, taken == 0 ? null : (Object) taken);
    }
}
