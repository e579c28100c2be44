package dev.headrace.function.aggregate;

import dev.headrace.errors.DataException;
import dev.headrace.function.IntervalMath;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.YearMonthIntervalType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The sum or the mean of intervals.
///
/// @param tolerant whether the result is null if the sum is out of range
record IntervalFold(AnsiIntervalType resultType, Kind kind, boolean tolerant) implements Fold<IntervalFold.Total> {
    enum Kind {
        SUM,
        AVG
    }

    /// @param sum of months or microseconds
    /// @param lost whether the sum was out of range
    record Total(long sum, long count, boolean lost) {}

    /// A block may be out of range where no frame is, which a tolerant sum would not say.
    @Override
    public boolean inBlocks() {
        return !tolerant;
    }

    @Override
    public DataType stateType() {
        return new StructType(List.of(
                new StructField("sum", DataTypes.LongType, false),
                new StructField("count", DataTypes.LongType, false),
                new StructField("lost", DataTypes.BooleanType, false)));
    }

    @Override
    public @Nullable Total add(@Nullable Total state, @Nullable Object[] arguments) {
        if (arguments[0] == null) {
            return state;
        }
        Total one = new Total(((Number) Objects.requireNonNull(arguments[0])).longValue(), 1, false);
        return state == null ? one : merge(state, one);
    }

    @Override
    public Total merge(Total a, Total b) {
        try {
            return new Total(Math.addExact(a.sum, b.sum), a.count + b.count, a.lost || b.lost);
        } catch (ArithmeticException outOfRange) {
            if (!tolerant) {
                throw overflow();
            }
            return new Total(0, a.count + b.count, true);
        }
    }

    @Override
    public Object toCell(Total state) {
        return List.of(state.sum, state.count, state.lost);
    }

    @Override
    public Total fromCell(Object cell) {
        List<?> parts = (List<?>) cell;
        return new Total((Long) parts.get(0), (Long) parts.get(1), (Boolean) parts.get(2));
    }

    @Override
    public @Nullable Object result(@Nullable Total state) {
        if (state == null || state.lost) {
            return null;
        }
        boolean months = resultType instanceof YearMonthIntervalType;
        if (months && state.sum != (int) state.sum) {
            if (!tolerant) {
                throw overflow();
            }
            return null;
        }
        long value = kind == Kind.SUM ? state.sum : IntervalMath.divide(state.sum, BigDecimal.valueOf(state.count));
        return months ? (Object) (int) value : (Object) value;
    }

    private DataException overflow() {
        String name = kind == Kind.SUM ? "sum" : "avg";
        return new DataException(
                "INTERVAL_ARITHMETIC_OVERFLOW",
                name + ": the sum of a group is out of the range of " + resultType.simpleString() + ". Use try_" + name
                        + " to get NULL instead.");
    }
}
