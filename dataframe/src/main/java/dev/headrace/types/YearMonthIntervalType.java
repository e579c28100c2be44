package dev.headrace.types;

import dev.headrace.errors.QueryException;
import java.util.List;

/// A number of months, within the range of an int. Spark's `YearMonthIntervalType`.
public record YearMonthIntervalType(byte startField, byte endField) implements AnsiIntervalType {
    static final List<String> NAMES = List.of("year", "month");

    /// @throws QueryException `INVALID_INTERVAL_TYPE` if there are no such fields, or the first comes after the last
    public YearMonthIntervalType {
        if (startField < 0 || endField < startField || endField >= NAMES.size()) {
            throw new QueryException(
                    "INVALID_INTERVAL_TYPE",
                    "YearMonthIntervalType(" + startField + ", " + endField + "): the fields are numbered from 0 to "
                            + (NAMES.size() - 1) + " (" + String.join(", ", NAMES)
                            + "), and the first must not come after the last.");
        }
    }

    /// All fields: `interval year to month`.
    public YearMonthIntervalType() {
        this((byte) 0, (byte) (NAMES.size() - 1));
    }

    /// The number of a field.
    public static byte YEAR() {
        return 0;
    }

    /// The number of a field.
    public static byte MONTH() {
        return 1;
    }

    @Override
    public String fieldName(byte field) {
        return NAMES.get(field);
    }

    @Override
    public String toString() {
        return "YearMonthIntervalType(" + startField + "," + endField + ")";
    }
}
