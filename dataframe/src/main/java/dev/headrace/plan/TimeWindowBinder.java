package dev.headrace.plan;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.QueryException;
import dev.headrace.function.CalendarWindow;
import dev.headrace.function.Coercion;
import dev.headrace.function.TimeWindow;
import dev.headrace.plan.ExprBinder.TimeWindows;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/// Binds a call of a function that gives the window of a row.
///
/// @param timeWindows what windows need beside the row's own values
/// @param arguments of the call, bound
record TimeWindowBinder(TimeWindows timeWindows, NamedExpr.Call call, List<BoundExpr> arguments) {
    BoundExpr bind(String function) {
        return switch (function) {
            case "window" -> window();
            case "session_window" -> sessionWindow();
            case "calendar_window" -> calendarWindow();
            case "cumulate_window" -> cumulateWindow();
            case "count_window" -> countWindow();
            default -> throw new IllegalArgumentException(function + " gives no window");
        };
    }

    private BoundExpr window() {
        if (arguments.size() < 2 || arguments.size() > 4) {
            throw new QueryException(
                    "WRONG_NUM_ARGS",
                    "window(…) takes a timestamp, a window duration and optionally a slide duration and a start time,"
                            + " not " + arguments.size() + " arguments.");
        }
        BoundExpr time = timestamp(arguments.getFirst());
        long size = duration(arguments.get(1), "window duration");
        long slide = arguments.size() > 2 ? duration(arguments.get(2), "slide duration") : size;
        long start = arguments.size() > 3 ? interval(arguments.get(3), "start time") : 0;
        if (slide > size) {
            throw new QueryException(
                    "INVALID_INTERVAL",
                    "'" + call.text() + "': the slide duration must not be longer than the window duration, or rows"
                            + " between two windows would be in none.");
        }
        timeWindows.mustNotBeNull(time);
        return slide == size
                ? TimeWindow.tumbling(time, size, start)
                : TimeWindow.sliding(
                        timeWindows.each(TimeWindow.slidingStarts(time, size, slide, start), "window_start"), size);
    }

    private static BoundExpr timestamp(BoundExpr time) {
        return time.type().equals(DataTypes.TimestampType) || time.type().equals(DataTypes.TimestampNTZType)
                ? time
                : Coercion.cast(time, DataTypes.TimestampType, CastFailure.ERROR);
    }

    private BoundExpr sessionWindow() {
        if (arguments.size() != 2) {
            throw new QueryException(
                    "WRONG_NUM_ARGS",
                    "session_window(…) takes a timestamp and a gap duration, not " + arguments.size() + " arguments.");
        }
        BoundExpr time = timestamp(arguments.getFirst());
        BoundExpr gap = arguments.get(1);
        timeWindows.mustNotBeNull(time);
        if (gap instanceof BoundExpr.Literal) {
            return timeWindows.session(time, TimeWindow.sessionEnd(time, duration(gap, "gap duration")));
        }
        if (!(gap.type() instanceof StringType)) {
            throw new QueryException(
                    "INVALID_INTERVAL",
                    "'" + call.text() + "': the gap duration must be a text such as '10 minutes', or an expression that"
                            + " gives one, not " + gap.type().simpleString() + ".");
        }
        BoundExpr end = TimeWindow.sessionEnd(time, gap);
        timeWindows.mustNotBeNull(end);
        return timeWindows.session(time, end);
    }

    private BoundExpr calendarWindow() {
        if (arguments.size() < 2 || arguments.size() > 3) {
            throw new QueryException(
                    "WRONG_NUM_ARGS",
                    "calendar_window(…) takes a timestamp, a unit and optionally a time zone, not " + arguments.size()
                            + " arguments.");
        }
        BoundExpr time = timestamp(arguments.getFirst());
        CalendarWindow.Unit unit = CalendarWindow.Unit.of(text(arguments.get(1), "unit"))
                .orElseThrow(() -> new QueryException(
                        "INVALID_CALENDAR_WINDOW",
                        "'" + call.text() + "': the unit must be 'day', 'week', 'month', 'quarter' or 'year'. For"
                                + " others use window(…)."));
        Optional<ZoneId> zone = Optional.empty();
        if (arguments.size() == 3) {
            zone = CalendarWindow.zone(text(arguments.get(2), "time zone"));
            if (zone.isEmpty()) {
                throw new QueryException(
                        "INVALID_TIMEZONE",
                        "'" + call.text() + "': there is no such time zone. Name one such as 'Europe/Berlin' or"
                                + " '+01:00'.");
            }
        }
        timeWindows.mustNotBeNull(time);
        return CalendarWindow.of(time, unit, zone);
    }

    private String text(BoundExpr argument, String what) {
        if (argument instanceof BoundExpr.Literal(Scalar value) && value.value() instanceof Slice text) {
            return text.toString();
        }
        throw new QueryException(
                "INVALID_CALENDAR_WINDOW", "'" + call.text() + "': the " + what + " must be a constant text.");
    }

    private BoundExpr cumulateWindow() {
        if (arguments.size() < 3 || arguments.size() > 4) {
            throw new QueryException(
                    "WRONG_NUM_ARGS",
                    "cumulate_window(…) takes a timestamp, a step, the longest window's duration and optionally a start"
                            + " time, not " + arguments.size() + " arguments.");
        }
        BoundExpr time = timestamp(arguments.getFirst());
        long step = duration(arguments.get(1), "step");
        long size = duration(arguments.get(2), "window duration");
        long start = arguments.size() > 3 ? interval(arguments.get(3), "start time") : 0;
        if (size % step != 0) {
            throw new QueryException(
                    "INVALID_INTERVAL", "'" + call.text() + "': the window duration must be a multiple of the step.");
        }
        timeWindows.mustNotBeNull(time);
        return timeWindows.each(TimeWindow.cumulative(time, step, size, start), "cumulate_window");
    }

    private BoundExpr countWindow() {
        boolean ordered = !arguments.isEmpty() && !(arguments.getFirst() instanceof BoundExpr.Literal);
        int numbers = arguments.size() - (ordered ? 1 : 0);
        if (numbers < 1 || numbers > 2) {
            throw new QueryException(
                    "WRONG_NUM_ARGS",
                    "count_window(…) takes optionally a timestamp, a number of rows and optionally a slide, not "
                            + arguments.size() + " arguments.");
        }
        long size = rows(arguments.get(ordered ? 1 : 0), "number of rows");
        long slide = numbers == 2 ? rows(arguments.getLast(), "slide") : size;
        if (slide > size) {
            throw new QueryException(
                    "INVALID_COUNT_WINDOW",
                    "'" + call.text() + "': the slide must not be more than the number of rows, or rows would be in no "
                            + "window.");
        }
        Optional<BoundExpr> time = ordered ? Optional.of(timestamp(arguments.getFirst())) : Optional.empty();
        time.ifPresent(timeWindows::mustNotBeNull);
        return timeWindows.counted(time, size, slide);
    }

    private long rows(BoundExpr argument, String what) {
        if (argument instanceof BoundExpr.Literal(Scalar value)
                && (value.value() instanceof Integer || value.value() instanceof Long)
                && value.value() instanceof Number number
                && number.longValue() >= 1
                && number.longValue() <= Integer.MAX_VALUE) {
            return number.longValue();
        }
        throw new QueryException(
                "INVALID_COUNT_WINDOW",
                "'" + call.text() + "': the " + what + " must be a constant whole number from 1 to " + Integer.MAX_VALUE
                        + ".");
    }

    /// `window_time(window)`: the last moment of a window.
    static BoundExpr windowTime(NamedExpr.Call call, List<BoundExpr> arguments) {
        if (arguments.size() != 1
                || !(arguments.getFirst().type() instanceof StructType window)
                || !window.names().equals(List.of("start", "end"))) {
            throw new QueryException(
                    "INVALID_WINDOW_TIME",
                    "'" + call.text() + "': window_time(…) takes the result of window(…) or session_window(…).");
        }
        return TimeWindow.lastMoment(arguments.getFirst());
    }

    private long duration(BoundExpr argument, String what) {
        long micros = interval(argument, what);
        if (micros <= 0) {
            throw new QueryException(
                    "INVALID_INTERVAL", "'" + call.text() + "': the " + what + " must be longer than zero.");
        }
        return micros;
    }

    private long interval(BoundExpr argument, String what) {
        if (argument instanceof BoundExpr.Literal(Scalar value) && value.type() instanceof StringType) {
            return IntervalText.micros(value.toString());
        }
        throw new QueryException(
                "INVALID_INTERVAL",
                "'" + call.text() + "': the " + what + " must be a constant text such as '10 minutes', not "
                        + argument.text() + ".");
    }
}
