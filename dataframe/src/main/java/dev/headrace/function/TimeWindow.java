package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.IntervalText;
import dev.headrace.plan.Scalar;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The windows of `window(timestamp, "1 minute")`: a struct of `start` (inclusive) and `end` (exclusive), as an
/// expression over the timestamp.
///
/// A timestamp lies in one tumbling window, and in several sliding ones: an array of their starts is exploded, and the
/// window is computed from the start. What `session_window` computes for a row by itself is the interval that keeps a
/// session open.
public final class TimeWindow {
    private static final Class<?>[] LONGS = {long.class, long.class, long.class};
    private static final ScalarFunction START = function("window_start", "start", LONGS);
    private static final ScalarFunction END = function("window_end", "end", LONGS);
    private static final ScalarFunction STARTS =
            function("window_starts", "starts", long.class, long.class, long.class, long.class);
    private static final ScalarFunction CUMULATIVE =
            function("cumulative_windows", "cumulativeWindows", long.class, long.class, long.class, long.class);
    private static final ScalarFunction AFTER = function("window_after", "after", long.class, long.class);
    private static final ScalarFunction GAP_END = maybeNull("session_end", "gapEnd", long.class, Slice.class);

    private TimeWindow() {}

    /// The type of the windows of timestamps.
    public static StructType type(DataType time) {
        return new StructType().add("start", time).add("end", time);
    }

    /// The window that a timestamp lies in.
    ///
    /// @param time a timestamp that is never null
    /// @param sizeMicros the length of the windows
    /// @param originMicros where a window starts, counted from 1970-01-01T00:00:00Z
    public static BoundExpr tumbling(BoundExpr time, long sizeMicros, long originMicros) {
        DataType type = time.type();
        List<BoundExpr> arguments = List.of(
                time, new BoundExpr.Literal(Scalar.of(sizeMicros)), new BoundExpr.Literal(Scalar.of(originMicros)));
        return new BoundExpr.MakeStruct(
                List.of(new BoundExpr.Call(START, arguments, type), new BoundExpr.Call(END, arguments, type)),
                type(type));
    }

    /// The starts of the sliding windows that a timestamp lies in, an array.
    ///
    /// @param time a timestamp that is never null
    public static BoundExpr slidingStarts(BoundExpr time, long sizeMicros, long slideMicros, long originMicros) {
        return new BoundExpr.Call(
                STARTS,
                List.of(time, micros(sizeMicros), micros(slideMicros), micros(originMicros)),
                new ArrayType(time.type(), false));
    }

    /// The windows of growing length that a timestamp lies in, an array: they begin together every `sizeMicros`, and
    /// end a step later each.
    ///
    /// @param time a timestamp that is never null
    public static BoundExpr cumulative(BoundExpr time, long stepMicros, long sizeMicros, long originMicros) {
        return new BoundExpr.Call(
                CUMULATIVE,
                List.of(time, micros(stepMicros), micros(sizeMicros), micros(originMicros)),
                new ArrayType(type(time.type()), false));
    }

    /// The timestamp whose windows [#cumulative] computes, if that is what the expression does.
    public static Optional<BoundExpr> timeOfCumulative(BoundExpr expr) {
        return expr instanceof BoundExpr.Call call && call.function().equals(CUMULATIVE)
                ? Optional.of(call.arguments().getFirst())
                : Optional.empty();
    }

    /// The window that begins at a start.
    public static BoundExpr sliding(BoundExpr start, long sizeMicros) {
        return window(start, new BoundExpr.Call(AFTER, List.of(start, micros(sizeMicros)), start.type()));
    }

    /// The interval from a timestamp to `gapMicros` later.
    public static BoundExpr sessionEnd(BoundExpr time, long gapMicros) {
        return new BoundExpr.Call(AFTER, List.of(time, micros(gapMicros)), time.type());
    }

    /// The timestamp and the gap's length later; null if there is no gap or it is not longer than zero.
    ///
    /// @param gap a string such as `5 minutes`
    public static BoundExpr sessionEnd(BoundExpr time, BoundExpr gap) {
        return new BoundExpr.Call(GAP_END, List.of(time, gap), time.type());
    }

    /// Start and end as a window.
    public static BoundExpr window(BoundExpr start, BoundExpr end) {
        return new BoundExpr.MakeStruct(List.of(start, end), type(start.type()));
    }

    /// The last microsecond of a window.
    public static BoundExpr lastMoment(BoundExpr window) {
        BoundExpr end = new BoundExpr.GetField(window, 1);
        return new BoundExpr.Call(AFTER, List.of(end, micros(-1)), end.type());
    }

    /// The window whose last moment an expression made by [#lastMoment] computes.
    public static Optional<BoundExpr> windowOfLastMoment(BoundExpr expr) {
        return expr instanceof BoundExpr.Call call
                        && call.function().equals(AFTER)
                        && call.arguments().get(1).equals(micros(-1))
                        && call.arguments().getFirst() instanceof BoundExpr.GetField(BoundExpr window, int _)
                ? Optional.of(window)
                : Optional.empty();
    }

    /// The timestamp whose sliding windows [#slidingStarts] computes, if that is what the expression does.
    public static Optional<BoundExpr> timeOfStarts(BoundExpr expr) {
        return expr instanceof BoundExpr.Call call && call.function().equals(STARTS)
                ? Optional.of(call.arguments().getFirst())
                : Optional.empty();
    }

    /// The start from which [#sliding] computes a window, if that is what the expression does.
    public static Optional<BoundExpr> startOfSliding(BoundExpr expr) {
        return expr instanceof BoundExpr.MakeStruct(List<BoundExpr> values, StructType _)
                        && values.size() == 2
                        && values.get(1) instanceof BoundExpr.Call call
                        && call.function().equals(AFTER)
                        && call.arguments().getFirst().equals(values.get(0))
                ? Optional.of(values.get(0))
                : Optional.empty();
    }

    private static BoundExpr micros(long micros) {
        return new BoundExpr.Literal(Scalar.of(micros));
    }

    /// What is needed to know when a window is over.
    ///
    /// @param time the timestamp that is put into windows
    public record Tumbling(BoundExpr time, long sizeMicros, long originMicros) {}

    /// The window that an expression made by [#tumbling] computes, or its start or end alone.
    public static Optional<Tumbling> match(BoundExpr expr) {
        return switch (expr) {
            case BoundExpr.MakeStruct(List<BoundExpr> values, StructType _) when values.size() == 2 ->
                match(values.getFirst())
                        .filter(window ->
                                match(values.getLast()).filter(window::equals).isPresent());
            case BoundExpr.Call(ScalarFunction function, List<BoundExpr> arguments, DataType _, var _)
                    when function.equals(START) || function.equals(END) ->
                Optional.of(new Tumbling(arguments.getFirst(), constant(arguments.get(1)), constant(arguments.get(2))));
            default -> Optional.empty();
        };
    }

    private static long constant(BoundExpr argument) {
        if (argument instanceof BoundExpr.Literal(Scalar value) && value.value() instanceof Long micros) {
            return micros;
        }
        throw new IllegalArgumentException("not a constant: " + argument);
    }

    /// The start of the window that `time` lies in.
    public static long start(long time, long size, long origin) {
        return time - Math.floorMod(time - origin, size);
    }

    /// The end of the window that `time` lies in.
    public static long end(long time, long size, long origin) {
        return start(time, size, origin) + size;
    }

    /// The starts of the windows that `time` lies in, the latest first.
    public static List<@Nullable Object> starts(long time, long size, long slide, long origin) {
        List<@Nullable Object> starts = new ArrayList<>();
        for (long start = start(time, slide, origin); start > time - size; start -= slide) {
            starts.add(start);
        }
        return starts;
    }

    /// The windows that `time` lies in, each longer by a step than the one before.
    public static List<@Nullable Object> cumulativeWindows(long time, long step, long size, long origin) {
        List<@Nullable Object> windows = new ArrayList<>();
        long start = start(time, size, origin);
        for (long end = end(time, step, start); end <= start + size; end += step) {
            windows.add(List.of(start, end));
        }
        return windows;
    }

    public static long after(long time, long micros) {
        return Math.addExact(time, micros);
    }

    /// `time` and a gap later; null if the gap is not longer than zero.
    public static @Nullable Long gapEnd(long time, Slice gap) {
        long micros = IntervalText.micros(gap.toString());
        return micros <= 0 ? null : Long.valueOf(Math.addExact(time, micros));
    }

    private static ScalarFunction function(String name, String method, Class<?>... parameters) {
        return new ScalarFunction(name, method(method, parameters), ScalarFunction.Nulls.STRICT, true);
    }

    private static ScalarFunction maybeNull(String name, String method, Class<?>... parameters) {
        return new ScalarFunction(name, method(method, parameters), ScalarFunction.Nulls.STRICT_MAYBE_NULL, true);
    }

    private static Method method(String name, Class<?>... parameters) {
        try {
            return TimeWindow.class.getMethod(name, parameters);
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(name, impossible);
        }
    }
}
