package dev.headrace.files;

import dev.headrace.errors.QueryException;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;

/// Refuses variants where files can't hold them.
final class VariantColumns {
    private VariantColumns() {}

    /// @throws QueryException `UNSUPPORTED_DATA_TYPE`
    static void refuse(String format, StructType schema) {
        for (StructField field : schema) {
            if (hasVariant(field.dataType())) {
                throw new QueryException(
                        "UNSUPPORTED_DATA_TYPE",
                        "format(\"" + format + "\") can't write the column '" + field.name() + "' of type "
                                + field.dataType().simpleString()
                                + ". Write its text, from to_json(…), and read it with parse_json(…).");
            }
        }
    }

    private static boolean hasVariant(DataType type) {
        return switch (type) {
            case VariantType _ -> true;
            case ArrayType(DataType element, boolean _) -> hasVariant(element);
            case MapType map -> hasVariant(map.keyType()) || hasVariant(map.valueType());
            case StructType struct -> struct.fieldList().stream().anyMatch(field -> hasVariant(field.dataType()));
            default -> false;
        };
    }
}
