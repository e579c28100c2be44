package dev.headrace;

import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Makes values of one type those of another one, at every depth: the fields of structs are found by their names,
/// whatever their letter case and order.
abstract class MatchedColumns {
    /// A value that is no struct, array or map of the same kind, as another type.
    ///
    /// @param path of the value in the row, for messages
    abstract Column converted(Column value, DataType given, DataType wanted, String path);

    /// What stands for a field that the given struct lacks.
    abstract Column missing(StructField wanted, StructType given, String path);

    /// Whether values of one type, which are not both structs, arrays or maps, can stay as they are.
    boolean isSame(DataType given, DataType wanted) {
        return given.equals(wanted);
    }

    /// Refuses a field that the wanted struct lacks, if it must not be left out.
    void checkSurplus(StructField surplus, StructType wanted, String path) {}

    /// Whether fields are taken in their order instead.
    boolean goesByPlace(StructType wanted) {
        return false;
    }

    /// A value of the wanted type.
    ///
    /// @param path of the value in the row, for messages
    final Column match(Column value, DataType given, DataType wanted, String path) {
        if (isMatched(given, wanted)) {
            return value;
        }
        if (given instanceof StructType from && wanted instanceof StructType to) {
            return functions.when(value.isNotNull(), functions.struct(fields(value, from, to, path)));
        }
        if (given instanceof ArrayType(DataType from, boolean _)
                && wanted instanceof ArrayType(DataType to, boolean _)) {
            return functions.transform(value, element -> match(element, from, to, path + ".element"));
        }
        if (given instanceof MapType from && wanted instanceof MapType to) {
            Column map = isMatched(from.keyType(), to.keyType())
                    ? value
                    : functions.transform_keys(
                            value, (key, _) -> match(key, from.keyType(), to.keyType(), path + ".key"));
            return isMatched(from.valueType(), to.valueType())
                    ? map
                    : functions.transform_values(
                            map, (_, each) -> match(each, from.valueType(), to.valueType(), path + ".value"));
        }
        return converted(value, given, wanted, path);
    }

    /// Whether two types have the same fields in the same order, whatever may be null.
    private boolean isMatched(DataType given, DataType wanted) {
        if (given instanceof StructType from && wanted instanceof StructType to) {
            return from.size() == to.size()
                    && IntStream.range(0, from.size())
                            .allMatch(
                                    i -> from.field(i).name().equals(to.field(i).name())
                                            && isMatched(
                                                    from.field(i).dataType(),
                                                    to.field(i).dataType()));
        }
        if (given instanceof ArrayType(DataType from, boolean _)
                && wanted instanceof ArrayType(DataType to, boolean _)) {
            return isMatched(from, to);
        }
        if (given instanceof MapType from && wanted instanceof MapType to) {
            return isMatched(from.keyType(), to.keyType()) && isMatched(from.valueType(), to.valueType());
        }
        return isSame(given, wanted);
    }

    private Column[] fields(Column value, StructType from, StructType to, String path) {
        boolean byPlace = goesByPlace(to);
        Column[] fields = IntStream.range(0, to.size())
                .mapToObj(i -> {
                    StructField field = to.field(i);
                    Optional<StructField> found = byPlace ? nth(from, i) : find(from, field.name());
                    return found.map(each -> match(
                                    value.getField(each.name()),
                                    each.dataType(),
                                    field.dataType(),
                                    path + "." + field.name()))
                            .orElseGet(() -> missing(field, from, path))
                            .as(field.name());
                })
                .toArray(Column[]::new);
        from.forEach(field -> {
            if (!byPlace && find(to, field.name()).isEmpty()) {
                checkSurplus(field, to, path);
            }
        });
        return fields;
    }

    private static Optional<StructField> nth(StructType struct, int ordinal) {
        List<StructField> fields = struct.fieldList();
        return ordinal < fields.size() ? Optional.of(fields.get(ordinal)) : Optional.empty();
    }

    static Optional<StructField> find(StructType struct, String name) {
        return struct.fieldList().stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .findFirst();
    }
}
