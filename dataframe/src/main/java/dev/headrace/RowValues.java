package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// What the getters of [Row] do: checked casts, with messages that name the column.
final class RowValues {
    private RowValues() {}

    static <T> T present(Row row, int i, Class<T> wanted) {
        T value = orNull(row, i, wanted);
        if (value == null) {
            throw new QueryException(
                    "ROW_VALUE_IS_NULL",
                    "Column " + column(row, i) + " is null and can't be given as " + wanted.getSimpleName()
                            + ". Ask isNullAt(" + i + ") first.");
        }
        return value;
    }

    static <T> @Nullable T orNull(Row row, int i, Class<T> wanted) {
        Object value = row.get(i);
        if (value == null) {
            return null;
        }
        if (!wanted.isInstance(value)) {
            throw notA(row, i, wanted, value);
        }
        return wanted.cast(value);
    }

    static @Nullable Date date(Row row, int i) {
        return switch (row.get(i)) {
            case null -> null;
            case Date date -> date;
            case LocalDate date -> Date.valueOf(date);
            case Object other -> throw notA(row, i, Date.class, other);
        };
    }

    static @Nullable LocalDate localDate(Row row, int i) {
        return switch (row.get(i)) {
            case null -> null;
            case LocalDate date -> date;
            case Date date -> date.toLocalDate();
            case Object other -> throw notA(row, i, LocalDate.class, other);
        };
    }

    static @Nullable Timestamp timestamp(Row row, int i) {
        return switch (row.get(i)) {
            case null -> null;
            case Timestamp timestamp -> timestamp;
            case Instant instant -> Timestamp.from(instant);
            case Object other -> throw notA(row, i, Timestamp.class, other);
        };
    }

    static @Nullable Instant instant(Row row, int i) {
        return switch (row.get(i)) {
            case null -> null;
            case Instant instant -> instant;
            case Timestamp timestamp -> timestamp.toInstant();
            case Object other -> throw notA(row, i, Instant.class, other);
        };
    }

    private static QueryException notA(Row row, int i, Class<?> wanted, Object value) {
        return new QueryException(
                "ROW_VALUE_TYPE",
                "Column " + column(row, i) + " holds a " + value.getClass().getSimpleName() + ", not a "
                        + wanted.getSimpleName() + ".");
    }

    private static String column(Row row, int i) {
        StructType schema = row.schema();
        return schema == null
                ? String.valueOf(i)
                : i + " '" + schema.field(i).name() + "' ("
                        + schema.field(i).dataType().simpleString() + ")";
    }
}
