package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.DataType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.YearMonthIntervalType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;

/// Casts from and to intervals, on [dev.headrace.chunk.Cell] objects.
final class IntervalCasts {
    private static final int FRACTION_DIGITS = 6;

    private IntervalCasts() {}

    /// @param value of a string, an integer, a decimal or an interval of the same family
    /// @throws DataException `CAST_INVALID_INPUT` or `CAST_OVERFLOW`
    static Object toInterval(Object value, DataType from, AnsiIntervalType to) {
        return switch (value) {
            case Slice text -> ofText(text, to);
            case Number count when from instanceof AnsiIntervalType given -> cut(count.longValue(), given, to);
            case BigDecimal count -> ofCount(count, to);
            default -> ofCount(BigDecimal.valueOf(((Number) value).longValue()), to);
        };
    }

    private static Object ofText(Slice text, AnsiIntervalType to) {
        OptionalLong value = IntervalFormat.value(text.toString(), to);
        if (value.isEmpty()) {
            throw Casts.invalid(text, to.simpleString(), "text such as " + example(to));
        }
        return cell(value.getAsLong(), to);
    }

    private static String example(AnsiIntervalType type) {
        long value = type instanceof YearMonthIntervalType ? 18 : 273_906_500_000L;
        return IntervalFormat.text(value, type) + ", or what stands in its quotes";
    }

    /// An interval without the fields after the type's last one.
    private static Object cut(long value, AnsiIntervalType from, AnsiIntervalType to) {
        boolean keeps = to.endField() >= from.endField() || to.endField() == DayTimeIntervalType.SECOND();
        return cell(keeps ? value : value - value % IntervalFormat.unit(to), to);
    }

    private static Object ofCount(BigDecimal count, AnsiIntervalType to) {
        BigDecimal value =
                count.multiply(BigDecimal.valueOf(IntervalFormat.unit(to))).setScale(0, RoundingMode.HALF_UP);
        try {
            long exact = value.longValueExact();
            return to instanceof YearMonthIntervalType ? (Object) Math.toIntExact(exact) : (Object) exact;
        } catch (ArithmeticException outOfRange) {
            throw Casts.overflow(count.toPlainString(), to.simpleString());
        }
    }

    private static Object cell(long value, AnsiIntervalType type) {
        return type instanceof YearMonthIntervalType ? (Object) Math.toIntExact(value) : (Object) value;
    }

    /// How many whole units of its last field an interval is.
    static long toLong(Object value, AnsiIntervalType type) {
        return ((Number) value).longValue() / IntervalFormat.unit(type);
    }

    /// How many units of its last field an interval is: seconds with their fraction.
    static BigDecimal toDecimal(Object value, AnsiIntervalType type) {
        return type instanceof DayTimeIntervalType && type.endField() == DayTimeIntervalType.SECOND()
                ? BigDecimal.valueOf(((Number) value).longValue(), FRACTION_DIGITS)
                : BigDecimal.valueOf(toLong(value, type));
    }

    static Slice toText(Object value, AnsiIntervalType type) {
        return Slice.utf8(IntervalFormat.text(((Number) value).longValue(), type));
    }
}
