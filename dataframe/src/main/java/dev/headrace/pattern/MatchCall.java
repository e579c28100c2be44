package dev.headrace.pattern;

import dev.headrace.function.CellOrder;
import dev.headrace.function.EvalContext;
import dev.headrace.plan.ColumnGroups;
import dev.headrace.plan.Direction;
import dev.headrace.plan.EventOrder;
import dev.headrace.plan.Group;
import dev.headrace.plan.NullOrder;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Finds the matches of a pattern among the rows of each key, in the order of their event time.
///
/// Over a stream, rows wait until the watermark has passed them, so the order in which they come has no influence. The
/// state of a key is the rows that wait, the runs of the pattern, and the rows that those have taken.
///
/// The result has the key's columns, `match_start`, `match_end`, `timed_out`, and for each stage an array of its rows.
///
/// @param rows the columns of the input
/// @param keys which of them are the key
/// @param timeColumn which of them is the event time, in microseconds
/// @param order what orders rows of the same time
/// @param timedOut whether runs that have taken too long are given, too
public record MatchCall(
        StructType rows, List<Integer> keys, int timeColumn, List<Order> order, BoundPattern pattern, boolean timedOut)
        implements ColumnGroups {
    private static final int WAITING = 0;
    private static final int TAKEN = 1;
    private static final int RUNS = 2;

    private static final StructType RUN = new StructType()
            .add("stage", DataTypes.IntegerType, false)
            .add("count", DataTypes.IntegerType, false)
            .add("alive", DataTypes.LongType, false)
            .add("fresh", DataTypes.BooleanType, false)
            .add("rows", new ArrayType(DataTypes.IntegerType, false), false)
            .add("stages", new ArrayType(DataTypes.IntegerType, false), false);

    public MatchCall {
        keys = List.copyOf(keys);
        order = List.copyOf(order);
    }

    /// A column that orders rows of the same time.
    public record Order(int column, Direction direction, NullOrder nulls) {}

    @Override
    public String name() {
        return "matchPattern";
    }

    @Override
    public StructType outputSchema() {
        StructType schema = keySchema()
                .add("match_start", rows.field(timeColumn).dataType(), false)
                .add("match_end", rows.field(timeColumn).dataType(), false)
                .add("timed_out", DataTypes.BooleanType, false);
        for (BoundPattern.Stage stage : pattern.stages()) {
            schema = schema.add(stage.name(), new ArrayType(rows, false), false);
        }
        return schema;
    }

    @Override
    public StructType stateSchema() {
        return new StructType()
                .add(new StructField("waiting", new ArrayType(rows, false), true))
                .add(new StructField("taken", new ArrayType(rows, false), true))
                .add(new StructField("runs", new ArrayType(RUN, false), true));
    }

    @Override
    public TimerClock clock() {
        return TimerClock.EVENT_TIME;
    }

    @Override
    public Optional<EventTime> eventTime() {
        return Optional.of(new EventTime(timeColumn, OptionalInt.of(keys.size() + 1)));
    }

    @Override
    public void rows(Group group, List<List<@Nullable Object>> added, Times times, Output out) {
        List<List<@Nullable Object>> waiting = new ArrayList<>(EventOrder.rows(group, WAITING));
        for (List<@Nullable Object> row : added) {
            // A row without a time has no place in the order.
            if (row.get(timeColumn) != null) {
                waiting.add(row);
            }
        }
        group.set(WAITING, waiting.isEmpty() ? null : waiting);
        if (times.batch()) {
            advance(group, Long.MAX_VALUE, times, out);
        } else {
            setTimer(group, waiting, Optional.empty());
        }
    }

    @Override
    public void timer(Group group, long timerMillis, Times times, Output out) {
        advance(group, Math.multiplyExact(times.watermarkMillis(), 1_000), times, out);
    }

    /// Takes the rows before a time, in their order.
    private void advance(Group group, long watermark, Times times, Output out) {
        List<Run> runs = new ArrayList<>();
        EventOrder.rows(group, RUNS).forEach(cell -> runs.add(Run.of(cell)));
        Matching matching = new Matching(
                pattern,
                timeColumn,
                new EvalContext(times.zone(), times.processingMillis() * 1_000, 0),
                EventOrder.rows(group, TAKEN),
                runs,
                (byStage, start, end, late) -> give(group, byStage, start, end, late, out));
        List<List<@Nullable Object>> ready = new ArrayList<>();
        List<List<@Nullable Object>> waiting = new ArrayList<>();
        for (List<@Nullable Object> row : EventOrder.rows(group, WAITING)) {
            (time(row) < watermark ? ready : waiting).add(row);
        }
        ready.sort(this::compare);
        ready.forEach(matching::take);
        matching.timeOut(watermark);
        matching.compact();
        group.set(WAITING, waiting.isEmpty() ? null : waiting);
        group.set(TAKEN, matching.rows().isEmpty() ? null : matching.rows());
        group.set(
                RUNS,
                matching.runs().isEmpty()
                        ? null
                        : matching.runs().stream().map(Run::cell).toList());
        if (!times.batch()) {
            setTimer(group, waiting, matching.nextDeadline());
        }
    }

    /// A row can be taken when the watermark is later than its time; a run ends when the watermark reaches its
    /// deadline.
    private void setTimer(Group group, List<List<@Nullable Object>> waiting, Optional<Long> deadline) {
        long earliest = group.timers().isEmpty() ? Group.NEVER : group.timers().first();
        for (List<@Nullable Object> row : waiting) {
            earliest = Math.min(earliest, Math.floorDiv(time(row), 1_000) + 1);
        }
        if (deadline.isPresent()) {
            earliest = Math.min(earliest, Math.ceilDiv(deadline.get(), 1_000));
        }
        group.timers().clear();
        if (earliest != Group.NEVER) {
            group.timers().add(earliest);
        }
    }

    private void give(
            Group group, List<List<List<@Nullable Object>>> byStage, long start, long end, boolean late, Output out) {
        if (late && !timedOut) {
            return;
        }
        List<@Nullable Object> match = new ArrayList<>(group.key());
        match.add(start);
        match.add(end);
        match.add(late);
        match.addAll(byStage);
        out.accept(match);
    }

    private long time(List<@Nullable Object> row) {
        return row.get(timeColumn) instanceof Long micros ? micros : Long.MIN_VALUE;
    }

    /// By time, then as the program says, then by all columns: rows that are still equal are alike.
    private int compare(List<@Nullable Object> a, List<@Nullable Object> b) {
        int result = Long.compare(time(a), time(b));
        for (int i = 0; i < order.size() && result == 0; i++) {
            result = compare(order.get(i), a, b);
        }
        return result == 0 ? CellOrder.compareRows(rows, a, b) : result;
    }

    private static int compare(Order order, List<@Nullable Object> a, List<@Nullable Object> b) {
        Object left = a.get(order.column());
        Object right = b.get(order.column());
        if (left == null || right == null) {
            int nullsFirst = Boolean.compare(left != null, right != null);
            return order.nulls() == NullOrder.FIRST ? nullsFirst : -nullsFirst;
        }
        Comparator<@Nullable Object> cells = CellOrder.INSTANCE;
        int result = cells.compare(left, right);
        return order.direction() == Direction.ASC ? result : -result;
    }
}
