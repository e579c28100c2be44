package dev.headrace.function;

import dev.headrace.plan.ArithmeticOp;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DateType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.NullType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StringType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.YearMonthIntervalType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Binds operators with an interval on a side, and differences of dates and times, which are intervals.
final class IntervalBinder {
    private static final DayTimeIntervalType DAYS =
            new DayTimeIntervalType(DayTimeIntervalType.DAY(), DayTimeIntervalType.DAY());

    private final String name;
    private final ArithmeticOp op;
    private final boolean tolerant;

    private IntervalBinder(String name, ArithmeticOp op, CastFailure failure) {
        this.name = name;
        this.op = op;
        tolerant = failure == CastFailure.NULL;
    }

    /// The operation, or null if no interval has to do with it.
    static @Nullable BoundExpr operator(
            String name, ArithmeticOp op, BoundExpr left, BoundExpr right, CastFailure failure) {
        IntervalBinder binder = new IntervalBinder(name, op, failure);
        if (left.type() instanceof AnsiIntervalType || right.type() instanceof AnsiIntervalType) {
            return binder.withInterval(left, right);
        }
        return op == ArithmeticOp.SUBTRACT && isTimes(left.type(), right.type())
                ? binder.difference(left, right)
                : null;
    }

    private static boolean isTimes(DataType left, DataType right) {
        boolean readable = left instanceof StringType || right instanceof StringType;
        return Coercion.isTime(left) && Coercion.isTime(right)
                || readable && (Coercion.isTime(left) && !(left instanceof DateType) || Coercion.isTime(right))
                || left instanceof DateType && right instanceof StringType;
    }

    private BoundExpr difference(BoundExpr end, BoundExpr start) {
        if (isDateOrText(end.type()) && isDateOrText(start.type())) {
            return ScalarBinder.strict(
                    "-",
                    "IntervalMath.datesBetween",
                    DAYS,
                    cast(end, DataTypes.DateType),
                    cast(start, DataTypes.DateType));
        }
        boolean zoned = end.type() instanceof TimestampType || start.type() instanceof TimestampType;
        DataType type = zoned ? DataTypes.TimestampType : DataTypes.TimestampNTZType;
        return ScalarBinder.strict(
                "-",
                zoned ? "IntervalMath.timesBetween" : "IntervalMath.localTimesBetween",
                new DayTimeIntervalType(),
                cast(end, type),
                cast(start, type));
    }

    private static boolean isDateOrText(DataType type) {
        return type instanceof DateType || type instanceof StringType;
    }

    private BoundExpr withInterval(BoundExpr left, BoundExpr right) {
        return switch (op) {
            case ADD ->
                isPair(left, right)
                        ? pair(left, right, "add")
                        : left.type() instanceof AnsiIntervalType ? later(right, left, 1) : later(left, right, 0);
            case SUBTRACT -> {
                if (isPair(left, right)) {
                    yield pair(left, right, "subtract");
                }
                if (left.type() instanceof AnsiIntervalType) {
                    throw ScalarBinder.mismatch(name, 1, right, left.type().simpleString());
                }
                yield later(left, negated(right), 0);
            }
            case MULTIPLY ->
                left.type() instanceof AnsiIntervalType
                        ? scaled(left, right, "multiply", 1)
                        : scaled(right, left, "multiply", 0);
            case DIVIDE -> {
                if (!(left.type() instanceof AnsiIntervalType)) {
                    throw ScalarBinder.mismatch(name, 0, left, "an interval, to be divided");
                }
                yield scaled(left, right, "divide", 1);
            }
            case INTEGRAL_DIVIDE -> {
                DataType common = common(left, right);
                yield ScalarBinder.strict(
                        "div",
                        "IntervalMath.integralDivide",
                        DataTypes.LongType,
                        cast(left, common),
                        cast(right, common));
            }
            case REMAINDER ->
                throw left.type() instanceof AnsiIntervalType
                        ? ScalarBinder.mismatch(name, 0, left, "a number")
                        : ScalarBinder.mismatch(name, 1, right, "a number");
        };
    }

    private static boolean isPair(BoundExpr left, BoundExpr right) {
        return isIntervalOrNull(left.type()) && isIntervalOrNull(right.type());
    }

    private static boolean isIntervalOrNull(DataType type) {
        return type instanceof AnsiIntervalType || type instanceof NullType;
    }

    private BoundExpr pair(BoundExpr left, BoundExpr right, String method) {
        DataType common = common(left, right);
        return call(method, common, cast(left, common), cast(right, common));
    }

    private DataType common(BoundExpr left, BoundExpr right) {
        return Coercion.commonType(left.type(), right.type())
                .filter(AnsiIntervalType.class::isInstance)
                .orElseThrow(() -> left.type() instanceof AnsiIntervalType
                        ? ScalarBinder.mismatch(name, 1, right, left.type().simpleString())
                        : ScalarBinder.mismatch(name, 0, left, right.type().simpleString()));
    }

    /// A call of the method of [IntervalMath], or of its form that gives null.
    private BoundExpr call(String method, DataType result, BoundExpr... arguments) {
        String variant = tolerant ? "try" + Character.toUpperCase(method.charAt(0)) + method.substring(1) : method;
        ScalarFunction.Nulls nulls = tolerant ? ScalarFunction.Nulls.STRICT_MAYBE_NULL : ScalarFunction.Nulls.STRICT;
        return ScalarBinder.call(name, "IntervalMath." + variant, nulls, result, List.of(arguments));
    }

    private static BoundExpr negated(BoundExpr interval) {
        if (interval instanceof BoundExpr.Literal(Scalar(Integer months, DataType type))
                && months > Integer.MIN_VALUE) {
            return new BoundExpr.Literal(new Scalar(-months, type));
        }
        if (interval instanceof BoundExpr.Literal(Scalar(Long micros, DataType type)) && micros > Long.MIN_VALUE) {
            return new BoundExpr.Literal(new Scalar(-micros, type));
        }
        return ScalarBinder.strict("negative", "IntervalMath.negate", interval.type(), interval);
    }

    /// The interval times, or divided by, a number.
    private BoundExpr scaled(BoundExpr interval, BoundExpr by, String method, int at) {
        DataType type = by.type();
        boolean months = interval.type() instanceof YearMonthIntervalType;
        DataType result = months ? new YearMonthIntervalType() : new DayTimeIntervalType();
        BoundExpr number = switch (type) {
            case FloatType _, DoubleType _, StringType _, NullType _ -> cast(by, DataTypes.DoubleType);
            case NumericType exact -> cast(by, DecimalType.forType(exact));
            default -> throw ScalarBinder.mismatch(name, at, by, "a number");
        };
        return call(method, result, interval, number);
    }

    /// A date or time moved.
    private BoundExpr later(BoundExpr time, BoundExpr interval, int at) {
        boolean months = interval.type() instanceof YearMonthIntervalType;
        return switch (time.type()) {
            case DateType _
                    when months || interval.type().equals(DAYS) -> call("dateAdd", DataTypes.DateType, time, interval);
            case DateType _ -> later(cast(time, DataTypes.TimestampType), interval, at);
            case StringType _
                    when !months -> cast(later(cast(time, DataTypes.TimestampType), interval, at), DataTypes.StringType);
            case TimestampType _, TimestampNTZType _ -> laterTime(time, interval);
            default -> throw ScalarBinder.mismatch(name, at, time, "a date or a timestamp");
        };
    }

    /// A constant interval as the call that is known to move each time as far as the next.
    private BoundExpr laterTime(BoundExpr time, BoundExpr interval) {
        if (!tolerant && interval instanceof BoundExpr.Literal(Scalar(Number value, DataType type))) {
            boolean months = type instanceof YearMonthIntervalType;
            long micros = months ? 0 : value.longValue();
            return FunctionRegistry.bindScalar(
                    "timestamp_add_interval",
                    List.of(
                            time,
                            new BoundExpr.Literal(Scalar.of(months ? value.intValue() : 0)),
                            new BoundExpr.Literal(Scalar.of((int) (micros / Calendar.MICROS_PER_DAY))),
                            new BoundExpr.Literal(Scalar.of(micros % Calendar.MICROS_PER_DAY))));
        }
        return call(time.type() instanceof TimestampType ? "timeAdd" : "localTimeAdd", time.type(), time, interval);
    }

    static BoundExpr sign(String name, BoundExpr interval) {
        return name.equals("positive") ? interval : negated(interval);
    }

    private static BoundExpr cast(BoundExpr expr, DataType type) {
        return Coercion.cast(expr, type, CastFailure.ERROR);
    }
}
