package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.function.Coercion;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The columns of a DataFrame as objects have them, at every depth: the fields of structs are found by their names, those
/// of tuples by their places, and values become a wider type where that loses nothing.
final class ObjectColumns {
    private ObjectColumns() {}

    /// Whether the columns are those of a tuple: `_1`, `_2` and so on.
    static boolean isTuple(StructType schema) {
        return schema.size() > 1
                && IntStream.range(0, schema.size())
                        .allMatch(i -> schema.field(i).name().equals("_" + (i + 1)));
    }

    /// A value of the type that an object has.
    ///
    /// @param path of the value in the row, for messages
    /// @throws QueryException `FIELD_NOT_FOUND`, `NUM_COLUMNS_MISMATCH`, `CANNOT_UP_CAST`
    static Column upCast(Column value, DataType given, DataType wanted, String path) {
        if (isSame(given, wanted)) {
            return value;
        }
        if (given instanceof StructType from && wanted instanceof StructType to) {
            return functions.when(
                    value.isNotNull(),
                    functions.struct(isTuple(to) ? parts(value, from, to, path) : fields(value, from, to, path)));
        }
        if (given instanceof ArrayType(DataType from, boolean _)
                && wanted instanceof ArrayType(DataType to, boolean _)) {
            return functions.transform(value, element -> upCast(element, from, to, path + ".element"));
        }
        if (given instanceof MapType from && wanted instanceof MapType to) {
            Column map = isSame(from.keyType(), to.keyType())
                    ? value
                    : functions.transform_keys(
                            value, (key, _) -> upCast(key, from.keyType(), to.keyType(), path + ".key"));
            return isSame(from.valueType(), to.valueType())
                    ? map
                    : functions.transform_values(
                            map, (_, each) -> upCast(each, from.valueType(), to.valueType(), path + ".value"));
        }
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

    /// Whether two types differ at most in what may be null.
    private static boolean isSame(DataType given, DataType wanted) {
        if (given instanceof StructType from && wanted instanceof StructType to) {
            return from.size() == to.size()
                    && IntStream.range(0, from.size())
                            .allMatch(i -> from.field(i).name().equals(to.field(i).name())
                                    && isSame(
                                            from.field(i).dataType(),
                                            to.field(i).dataType()));
        }
        if (given instanceof ArrayType(DataType from, boolean _)
                && wanted instanceof ArrayType(DataType to, boolean _)) {
            return isSame(from, to);
        }
        if (given instanceof MapType from && wanted instanceof MapType to) {
            return isSame(from.keyType(), to.keyType()) && isSame(from.valueType(), to.valueType());
        }
        return given.equals(wanted);
    }

    private static Column[] fields(Column value, StructType from, StructType to, String path) {
        List<Column> fields = new ArrayList<>();
        for (StructField field : to) {
            StructField found = from.fieldList().stream()
                    .filter(each -> each.name().equalsIgnoreCase(field.name()))
                    .findFirst()
                    .orElseThrow(() -> new QueryException(
                            "FIELD_NOT_FOUND",
                            "as(…): the object has '" + path + "." + field.name() + "', but the fields of '" + path
                                    + "' are " + String.join(", ", from.names()) + ". "
                                    + Suggestion.didYouMean(field.name(), from.names())));
            fields.add(field(value, found, field, path));
        }
        return fields.toArray(Column[]::new);
    }

    private static Column[] parts(Column value, StructType from, StructType to, String path) {
        checkParts(from, to, "'" + path + "'");
        return IntStream.range(0, to.size())
                .mapToObj(i -> field(value, from.field(i), to.field(i), path))
                .toArray(Column[]::new);
    }

    /// @throws QueryException `NUM_COLUMNS_MISMATCH`
    static void checkParts(StructType given, StructType tuple, String place) {
        if (given.size() != tuple.size()) {
            throw new QueryException(
                    "NUM_COLUMNS_MISMATCH",
                    "as(…) makes tuples of " + tuple.size() + " parts, which are taken in their order, but " + place
                            + " has " + given.size() + ": " + String.join(", ", given.names())
                            + ". Select those that are meant first.");
        }
    }

    private static Column field(Column value, StructField from, StructField to, String path) {
        return upCast(value.getField(from.name()), from.dataType(), to.dataType(), path + "." + to.name())
                .as(to.name());
    }
}
