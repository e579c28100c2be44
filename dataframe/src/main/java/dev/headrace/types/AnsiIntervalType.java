package dev.headrace.types;

import java.util.List;
import java.util.Optional;

/// A length of time: years and months, or days and parts of them. A type says which of these fields its text shows; the
/// value is one number in any case, so intervals of one family are compared and added whatever their fields.
public sealed interface AnsiIntervalType extends DataType permits YearMonthIntervalType, DayTimeIntervalType {
    /// The first field of the text, from 0.
    byte startField();

    /// The last field of the text, `startField()` or after it.
    byte endField();

    /// The name of a field, such as `month`.
    String fieldName(byte field);

    /// The type with these fields, such as `year` and `month`; empty if there is none.
    static Optional<AnsiIntervalType> ofFields(String start, String end) {
        List<String> yearMonth = YearMonthIntervalType.NAMES;
        if (yearMonth.contains(start) && yearMonth.indexOf(end) >= yearMonth.indexOf(start)) {
            return Optional.of(
                    new YearMonthIntervalType((byte) yearMonth.indexOf(start), (byte) yearMonth.indexOf(end)));
        }
        List<String> dayTime = DayTimeIntervalType.NAMES;
        return dayTime.contains(start) && dayTime.indexOf(end) >= dayTime.indexOf(start)
                ? Optional.of(new DayTimeIntervalType((byte) dayTime.indexOf(start), (byte) dayTime.indexOf(end)))
                : Optional.empty();
    }

    /// Whether every field of the other type is one of this one's.
    default boolean covers(AnsiIntervalType other) {
        return getClass() == other.getClass() && startField() <= other.startField() && endField() >= other.endField();
    }

    /// The type of the same family with all fields.
    default AnsiIntervalType allFields() {
        return this instanceof YearMonthIntervalType ? new YearMonthIntervalType() : new DayTimeIntervalType();
    }

    /// `interval year to month`, or `interval day` for one field.
    @Override
    default String simpleString() {
        String start = "interval " + fieldName(startField());
        return startField() == endField() ? start : start + " to " + fieldName(endField());
    }
}
