package dev.headrace.types;

import dev.headrace.errors.QueryException;
import java.util.List;

/// A number of microseconds, within the range of a bigint. Spark's `DayTimeIntervalType`.
public record DayTimeIntervalType(byte startField, byte endField) implements AnsiIntervalType {
    static final List<String> NAMES = List.of("day", "hour", "minute", "second");

    /// @throws QueryException `INVALID_INTERVAL_TYPE` if there are no such fields, or the first comes after the last
    public DayTimeIntervalType {
        if (startField < 0 || endField < startField || endField >= NAMES.size()) {
            throw new QueryException(
                    "INVALID_INTERVAL_TYPE",
                    "DayTimeIntervalType(" + startField + ", " + endField + "): the fields are numbered from 0 to "
                            + (NAMES.size() - 1) + " (" + String.join(", ", NAMES)
                            + "), and the first must not come after the last.");
        }
    }

    /// All fields: `interval day to second`.
    public DayTimeIntervalType() {
        this((byte) 0, (byte) (NAMES.size() - 1));
    }

    /// The number of a field.
    public static byte DAY() {
        return 0;
    }

    /// The number of a field.
    public static byte HOUR() {
        return 1;
    }

    /// The number of a field.
    public static byte MINUTE() {
        return 2;
    }

    /// The number of a field.
    public static byte SECOND() {
        return 3;
    }

    @Override
    public String fieldName(byte field) {
        return NAMES.get(field);
    }

    @Override
    public String toString() {
        return "DayTimeIntervalType(" + startField + "," + endField + ")";
    }
}
