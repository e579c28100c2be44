package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Puts the fields of structs into the order that a table has them in, by their names. Casts go by position.
///
/// @param place for messages
record FieldsByName(String place) {
    /// A value with the fields of a type, each still of its own type.
    ///
    /// @param path of the value in the table, for messages
    /// @throws QueryException `INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_FIND_DATA`,
    ///     `INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_STRUCT_FIELDS`
    Column ordered(Column value, DataType given, DataType wanted, String path) {
        if (isOrdered(given, wanted)) {
            return value;
        }
        if (given instanceof StructType from && wanted instanceof StructType to) {
            return functions.when(value.isNotNull(), functions.struct(fields(value, from, to, path)));
        }
        if (given instanceof ArrayType(DataType from, boolean _)
                && wanted instanceof ArrayType(DataType to, boolean _)) {
            return functions.transform(value, element -> ordered(element, from, to, path + ".element"));
        }
        if (given instanceof MapType from && wanted instanceof MapType to) {
            Column map = isOrdered(from.keyType(), to.keyType())
                    ? value
                    : functions.transform_keys(
                            value, (key, _) -> ordered(key, from.keyType(), to.keyType(), path + ".key"));
            return isOrdered(from.valueType(), to.valueType())
                    ? map
                    : functions.transform_values(
                            map, (_, each) -> ordered(each, from.valueType(), to.valueType(), path + ".value"));
        }
        return value;
    }

    private static boolean isOrdered(DataType given, DataType wanted) {
        if (given instanceof StructType from && wanted instanceof StructType to) {
            for (int i = 0; i < Math.min(from.size(), to.size()); i++) {
                if (!from.field(i).name().equalsIgnoreCase(to.field(i).name())
                        || !isOrdered(from.field(i).dataType(), to.field(i).dataType())) {
                    return false;
                }
            }
            return from.size() == to.size();
        }
        if (given instanceof ArrayType(DataType from, boolean _)
                && wanted instanceof ArrayType(DataType to, boolean _)) {
            return isOrdered(from, to);
        }
        return !(given instanceof MapType from)
                || !(wanted instanceof MapType to)
                || isOrdered(from.keyType(), to.keyType()) && isOrdered(from.valueType(), to.valueType());
    }

    private Column[] fields(Column value, StructType from, StructType to, String path) {
        List<Column> fields = new ArrayList<>();
        for (StructField field : to) {
            StructField found = find(from, field.name())
                    .orElseThrow(() -> new QueryException(
                            "INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_FIND_DATA",
                            place + ": the rows have no field '" + path + "." + field.name() + "': there are "
                                    + String.join(", ", from.names()) + ". Add it, perhaps as null."));
            Column each = ordered(
                    value.getField(found.name()), found.dataType(), field.dataType(), path + "." + field.name());
            fields.add(each.as(field.name()));
        }
        for (StructField field : from) {
            if (find(to, field.name()).isEmpty()) {
                throw new QueryException(
                        "INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_STRUCT_FIELDS",
                        place + ": the rows have a field '" + path + "." + field.name()
                                + "', which the table has not: its fields are "
                                + String.join(", ", to.names()) + ". Leave it out.");
            }
        }
        return fields.toArray(Column[]::new);
    }

    private static Optional<StructField> find(StructType struct, String name) {
        return struct.fieldList().stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .findFirst();
    }
}
