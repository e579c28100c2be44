package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.function.StoreAssignment;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.Optional;

/// The columns of a DataFrame as a schema has them, for `to(schema)`: what is missing is null, and values become
/// another type where INSERT would take them for it.
final class SchemaColumns extends MatchedColumns {
    Column column(DataFrame frame, StructField wanted) {
        Optional<StructField> found = find(frame.schema(), wanted.name());
        if (found.isEmpty()) {
            return missing(wanted, frame.schema(), "").as(wanted.name());
        }
        Column column = frame.col(ColumnName.quoted(wanted.name()));
        if (found.get().nullable() && !wanted.nullable()) {
            throw new QueryException(
                    "NULLABLE_COLUMN_OR_FIELD",
                    "to(…): the column '" + wanted.name() + "' may be null, but the schema says that it never is. Fill"
                            + " nulls with coalesce or na().fill(…) first, or let it be nullable.");
        }
        return match(column, found.get().dataType(), wanted.dataType(), wanted.name())
                .as(wanted.name());
    }

    /// @throws QueryException `INVALID_COLUMN_OR_FIELD_DATA_TYPE`
    @Override
    Column converted(Column value, DataType given, DataType wanted, String path) {
        if (!StoreAssignment.isSafe(given, wanted)) {
            throw new QueryException(
                    "INVALID_COLUMN_OR_FIELD_DATA_TYPE",
                    "to(…): '" + path + "' is " + given.simpleString() + ", but the schema has " + wanted.simpleString()
                            + ", which is not made of that by itself. Cast it first.");
        }
        return value.cast(wanted);
    }

    /// @throws QueryException `UNRESOLVED_COLUMN`
    @Override
    Column missing(StructField wanted, StructType given, String path) {
        if (!wanted.nullable()) {
            throw new QueryException(
                    "UNRESOLVED_COLUMN",
                    "to(…): there is no '" + (path.isEmpty() ? "" : path + ".") + wanted.name()
                            + "', which the schema says"
                            + " is never null, among " + String.join(", ", given.names()) + ". "
                            + Suggestion.didYouMean(wanted.name(), given.names()));
        }
        return functions.lit(null).cast(wanted.dataType());
    }
}
