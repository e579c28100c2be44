package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.function.Coercion;
import dev.headrace.types.DataType;
import dev.headrace.types.NullType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.Optional;
import java.util.stream.IntStream;

/// The columns of a DataFrame as objects have them: the parts of tuples are taken in their order, and values become a
/// wider type where that loses nothing.
final class ObjectColumns extends MatchedColumns {
    /// Whether the columns are those of a tuple: `_1`, `_2` and so on.
    static boolean isTuple(StructType schema) {
        return schema.size() > 1
                && IntStream.range(0, schema.size())
                        .allMatch(i -> schema.field(i).name().equals("_" + (i + 1)));
    }

    @Override
    boolean goesByPlace(StructType wanted) {
        return isTuple(wanted);
    }

    /// @throws QueryException `CANNOT_UP_CAST`
    @Override
    Column converted(Column value, DataType given, DataType wanted, String path) {
        if (!isWider(given, wanted)) {
            throw new QueryException(
                    "CANNOT_UP_CAST",
                    "as(…): the column '" + path + "' is " + given.simpleString() + ", but the object has "
                            + wanted.simpleString() + ", which can't hold all its values. Cast the column first.");
        }
        return value.cast(wanted);
    }

    private static boolean isWider(DataType given, DataType wanted) {
        return given instanceof NullType
                || wanted instanceof StringType && !given.isNested()
                || given instanceof NumericType
                        && wanted instanceof NumericType
                        && Coercion.commonType(given, wanted).equals(Optional.of(wanted));
    }

    /// @throws QueryException `FIELD_NOT_FOUND`
    @Override
    Column missing(StructField wanted, StructType given, String path) {
        throw new QueryException(
                "FIELD_NOT_FOUND",
                "as(…): the object has '" + path + "." + wanted.name() + "', but the fields of '" + path + "' are "
                        + String.join(", ", given.names()) + ". "
                        + Suggestion.didYouMean(wanted.name(), given.names()));
    }

    /// @throws QueryException `NUM_COLUMNS_MISMATCH`
    static void checkParts(StructType given, StructType tuple) {
        if (given.size() != tuple.size()) {
            throw new QueryException(
                    "NUM_COLUMNS_MISMATCH",
                    "as(…) makes tuples of " + tuple.size()
                            + " parts, which are taken in their order, but the DataFrame"
                            + " has " + given.size() + ": " + String.join(", ", given.names())
                            + ". Select those that are meant first.");
        }
    }
}
