package dev.headrace.delta.log;

import dev.headrace.chunk.Slice;
import dev.headrace.plan.CompareOp;
import java.math.BigDecimal;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Between which values an expression lies for the rows of a file.
///
/// @param min nothing but null is smaller; null if that is not known
/// @param max nothing but null, and NaN if `mayBeNaN`, is larger; null if that is not known
/// @param mayBeNull whether it can be null
/// @param mayBeValue whether it can be anything but null
/// @param mayBeNaN whether it can be NaN, which is larger than all numbers
record ValueRange(@Nullable Object min, @Nullable Object max, boolean mayBeNull, boolean mayBeValue, boolean mayBeNaN) {
    static final ValueRange UNKNOWN = new ValueRange(null, null, true, true, true);

    /// The value is the same for all rows.
    static ValueRange constant(@Nullable Object value) {
        return new ValueRange(value, value, value == null, value != null, isNaN(value));
    }

    /// The range of a function that doesn't decrease, keeps null and NaN, and is not defined for nothing else.
    ValueRange mapped(UnaryOperator<Object> increasing) {
        return new ValueRange(
                min == null ? null : increasing.apply(min),
                max == null ? null : increasing.apply(max),
                mayBeNull,
                mayBeValue,
                mayBeNaN);
    }

    Truth isNull() {
        return new Truth(mayBeNull, mayBeValue, false);
    }

    Truth compare(CompareOp op, ValueRange other) {
        if (op == CompareOp.NULL_SAFE_EQUAL) {
            return nullSafeEqual(other);
        }
        Truth values = mayBeValue && other.mayBeValue ? compareValues(op, other) : new Truth(false, false, false);
        return new Truth(values.mayBeTrue(), values.mayBeFalse(), mayBeNull || other.mayBeNull);
    }

    private Truth nullSafeEqual(ValueRange other) {
        Truth equal = compare(CompareOp.EQUAL, other);
        boolean bothNull = mayBeNull && other.mayBeNull;
        boolean oneNull = (mayBeNull && other.mayBeValue) || (mayBeValue && other.mayBeNull);
        return new Truth(equal.mayBeTrue() || bothNull, equal.mayBeFalse() || oneNull, false);
    }

    private Truth compareValues(CompareOp op, ValueRange other) {
        return switch (op) {
            case EQUAL, NULL_SAFE_EQUAL -> new Truth(mayEqual(other), mayDiffer(other), false);
            case NOT_EQUAL -> new Truth(mayDiffer(other), mayEqual(other), false);
            case LESS -> new Truth(mayBeLess(other, false), other.mayBeLess(this, true), false);
            case LESS_OR_EQUAL -> new Truth(mayBeLess(other, true), other.mayBeLess(this, false), false);
            case GREATER -> new Truth(other.mayBeLess(this, false), mayBeLess(other, true), false);
            case GREATER_OR_EQUAL -> new Truth(other.mayBeLess(this, true), mayBeLess(other, false), false);
        };
    }

    private boolean mayEqual(ValueRange other) {
        return (mayBeNaN && other.mayBeNaN) || (!isAbove(other) && !other.isAbove(this));
    }

    private boolean mayDiffer(ValueRange other) {
        boolean bothConstant = isConstant() && other.isConstant();
        return !bothConstant || compareCells(known(min), known(other.min)) != 0;
    }

    private boolean isConstant() {
        return min != null && max != null && compareCells(min, max) == 0 && (!mayBeNaN || isNaN(min));
    }

    /// Surely every number here is larger than every number there.
    private boolean isAbove(ValueRange other) {
        return min != null && other.max != null && compareCells(min, other.max) > 0;
    }

    private boolean mayBeLess(ValueRange other, boolean orEqual) {
        if (min == null || other.max == null || other.mayBeNaN) {
            return true;
        }
        int comparison = compareCells(min, other.max);
        return orEqual ? comparison <= 0 : comparison < 0;
    }

    /// The order of [dev.headrace.plan.BoundExpr.Compare]: NaN is the largest number, -0.0 equals 0.0, text goes by
    /// bytes.
    private static int compareCells(Object a, Object b) {
        return switch (a) {
            case Double x -> compareDoubles(x, (Double) b);
            case Float x -> compareDoubles(x, (Float) b);
            case Boolean x -> x.compareTo((Boolean) b);
            case Byte x -> x.compareTo((Byte) b);
            case Short x -> x.compareTo((Short) b);
            case Integer x -> x.compareTo((Integer) b);
            case Long x -> x.compareTo((Long) b);
            case BigDecimal x -> x.compareTo((BigDecimal) b);
            case Slice x -> x.compareTo((Slice) b);
            default -> throw new IllegalArgumentException("no order of " + a.getClass());
        };
    }

    private static int compareDoubles(double a, double b) {
        return Double.compare(a == 0 ? 0.0 : a, b == 0 ? 0.0 : b);
    }

    private static boolean isNaN(@Nullable Object value) {
        return (value instanceof Double d && d.isNaN()) || (value instanceof Float f && f.isNaN());
    }

    private static Object known(@Nullable Object value) {
        return java.util.Objects.requireNonNull(value);
    }
}
