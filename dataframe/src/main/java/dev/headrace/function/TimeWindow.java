package dev.headrace.function;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;

/// The tumbling windows of `window(timestamp, "1 minute")`: a struct of `start` (inclusive) and `end` (exclusive), as
/// an expression over the timestamp.
public final class TimeWindow {
    private static final ScalarFunction START = function("window_start", "start");
    private static final ScalarFunction END = function("window_end", "end");

    private TimeWindow() {}

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
                new StructType().add("start", type).add("end", type));
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
            case BoundExpr.Call(ScalarFunction function, List<BoundExpr> arguments, DataType _)
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

    private static ScalarFunction function(String name, String method) {
        try {
            Method implementation = TimeWindow.class.getMethod(method, long.class, long.class, long.class);
            return new ScalarFunction(name, implementation, ScalarFunction.Nulls.STRICT, true);
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(method, impossible);
        }
    }
}
