package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.function.CalendarWindow;
import dev.headrace.function.EvalContext;
import dev.headrace.types.ArrayType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Gives a row for each window that a key has none for between two that it has one for.
///
/// Rows are taken in the order of their windows: in a stream, when the watermark has reached their end. What lies
/// between a window and the next one is given with the latter.
///
/// @param rows the columns of the input
/// @param width how many of them are given
/// @param window which of them is the window, `struct<start, end>`
/// @param keys which of them are the key
/// @param fillings what the columns have in a row that is added, for each that is given
/// @param longestMicros gaps that are longer stay
public record GapFilling(
        StructType rows,
        int width,
        int window,
        List<Integer> keys,
        Step step,
        List<Filling> fillings,
        OptionalLong longestMicros)
        implements ColumnGroups {
    private static final int WAITING = 0;
    private static final int LAST = 1;

    /// A row with a wrong time must not fill the memory.
    private static final int MOST = 1_000_000;

    private static final int MIDDLE_DIGITS = 20;

    public GapFilling {
        keys = List.copyOf(keys);
        fillings = List.copyOf(fillings);
    }

    /// Where the window after another begins and ends.
    public sealed interface Step {
        /// At its end, and as long.
        record Tumbling() implements Step {}

        /// So much later, and as long.
        record Sliding(long micros) implements Step {}

        /// At its end, and as long as the calendar says.
        record Calendar(CalendarWindow calendar) implements Step {}
    }

    /// What a column has in a row that is added.
    public sealed interface Filling {
        record Nothing() implements Filling {}

        /// What a column has in the row before.
        record Last(int column) implements Filling {}

        /// A number between those of the rows before and after, by the windows' starts.
        record Linear() implements Filling {}
    }

    @Override
    public String name() {
        return "gapFill";
    }

    @Override
    public StructType outputSchema() {
        return new StructType(rows.fieldList().subList(0, width).stream()
                .map(field -> field.withNullable(true))
                .toList());
    }

    @Override
    public StructType stateSchema() {
        return new StructType()
                .add(new StructField("waiting", new ArrayType(rows, false), true))
                .add(new StructField("last", new ArrayType(rows, false), true));
    }

    @Override
    public TimerClock clock() {
        return TimerClock.EVENT_TIME;
    }

    @Override
    public Optional<EventTime> eventTime() {
        return Optional.of(new EventTime(window, OptionalInt.empty()));
    }

    @Override
    public void rows(Group group, List<List<@Nullable Object>> added, Times times, Output out) {
        EventOrder order = order();
        order.add(group, WAITING, added);
        if (times.batch()) {
            take(group, order.take(group, WAITING, Long.MAX_VALUE), times, out);
        } else {
            order.setTimer(group, WAITING);
        }
    }

    @Override
    public void timer(Group group, long timerMillis, Times times, Output out) {
        EventOrder order = order();
        take(group, order.take(group, WAITING, Math.multiplyExact(times.watermarkMillis(), 1_000)), times, out);
        order.setTimer(group, WAITING);
    }

    /// A window can be taken when the watermark has reached its end.
    private EventOrder order() {
        return new EventOrder(rows, row -> row.get(window) == null ? EventOrder.NO_TIME : bound(row, 1) - 1);
    }

    private long bound(List<@Nullable Object> row, int which) {
        return row.get(window) instanceof List<?> bounds && bounds.get(which) instanceof Long micros
                ? micros
                : Long.MIN_VALUE;
    }

    private void take(Group group, List<List<@Nullable Object>> next, Times times, Output out) {
        List<List<@Nullable Object>> last = EventOrder.rows(group, LAST);
        for (List<@Nullable Object> row : next) {
            if (!last.isEmpty()) {
                fill(last.getFirst(), row, times, out);
            }
            out.accept(row.subList(0, width));
            if (last.isEmpty() || bound(row, 0) > bound(last.getFirst(), 0)) {
                last = List.of(row);
            }
        }
        group.set(LAST, last.isEmpty() ? null : last);
    }

    private void fill(List<@Nullable Object> before, List<@Nullable Object> after, Times times, Output out) {
        long until = bound(after, 0);
        if (longestMicros.isPresent() && until - bound(before, 1) > longestMicros.getAsLong()) {
            return;
        }
        long start = bound(before, 0);
        long end = bound(before, 1);
        long next = step instanceof Step.Sliding(long micros) ? micros : end - start;
        if (next > 0 && (until - start) / next > MOST) {
            throw new QueryException(
                    "GAP_TOO_LONG",
                    "gapFill: a key has no row for more than " + MOST + " windows before the one that begins at "
                            + Instant.EPOCH.plus(until, ChronoUnit.MICROS)
                            + ". Leave such rows out, or such gaps open with maxGap(…).");
        }
        while (true) {
            long length = end - start;
            start = step instanceof Step.Sliding(long micros) ? start + micros : end;
            end = step instanceof Step.Calendar(CalendarWindow calendar)
                    ? calendar.end(new EvalContext(times.zone(), 0, 0), start)
                    : start + length;
            if (start >= until || length <= 0) {
                return;
            }
            out.accept(between(before, after, start, end));
        }
    }

    private List<@Nullable Object> between(
            List<@Nullable Object> before, List<@Nullable Object> after, long start, long end) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int column = 0; column < width; column++) {
            row.add(
                    column == window
                            ? List.of(start, end)
                            : switch (fillings.get(column)) {
                                case Filling.Nothing() -> null;
                                case Filling.Last(int from) -> before.get(from);
                                case Filling.Linear() ->
                                    linear(
                                            before.get(column),
                                            after.get(column),
                                            start - bound(before, 0),
                                            bound(after, 0) - bound(before, 0));
                            });
        }
        return row;
    }

    /// The number so far of the way from `a` to `b`; null if one of them is.
    private static @Nullable Object linear(@Nullable Object a, @Nullable Object b, long way, long whole) {
        if (a == null || b == null) {
            return null;
        }
        return switch (a) {
            case Double x -> x + ((Double) b - x) * way / whole;
            case Float x -> (float) (x + ((Float) b - (double) x) * way / whole);
            case BigDecimal x -> exact(x, (BigDecimal) b, way, whole, x.scale());
            case Byte x -> exact(whole(x), whole(b), way, whole, 0).byteValueExact();
            case Short x -> exact(whole(x), whole(b), way, whole, 0).shortValueExact();
            case Integer x -> exact(whole(x), whole(b), way, whole, 0).intValueExact();
            case Long x -> exact(whole(x), whole(b), way, whole, 0).longValueExact();
            default -> throw new IllegalArgumentException("no number: " + a);
        };
    }

    private static BigDecimal whole(Object number) {
        return BigDecimal.valueOf(((Number) number).longValue());
    }

    private static BigDecimal exact(BigDecimal a, BigDecimal b, long way, long whole, int scale) {
        BigDecimal part = b.subtract(a)
                .multiply(BigDecimal.valueOf(way))
                .divide(BigDecimal.valueOf(whole), scale + MIDDLE_DIGITS, RoundingMode.HALF_UP);
        return a.add(part).setScale(scale, RoundingMode.HALF_UP);
    }
}
