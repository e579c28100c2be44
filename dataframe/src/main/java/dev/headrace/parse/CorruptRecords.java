package dev.headrace.parse;

import dev.headrace.errors.QueryException;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/// The column that gets the text of malformed records.
public final class CorruptRecords {
    private CorruptRecords() {}

    /// Its place in a schema.
    ///
    /// @param owner of the option that names it, for messages
    /// @throws QueryException `INVALID_CORRUPT_RECORD_COLUMN` if it is not a string
    public static OptionalInt column(String owner, String name, DataType type) {
        if (!(type instanceof StructType schema)) {
            return OptionalInt.empty();
        }
        OptionalInt ordinal = schema.indexOf(name);
        if (ordinal.isPresent() && !(schema.field(ordinal.getAsInt()).dataType() instanceof StringType)) {
            StructField field = schema.field(ordinal.getAsInt());
            throw new QueryException(
                    "INVALID_CORRUPT_RECORD_COLUMN",
                    owner + ": the column '" + field.name()
                            + "' gets the text of malformed records, so it must be of type string, not "
                            + field.dataType().simpleString()
                            + ". Change its type, or name another column in the option 'columnNameOfCorruptRecord'.");
        }
        return ordinal;
    }

    /// A schema whose fields come by name, with that column.
    public static StructType with(StructType schema, String name) {
        List<StructField> fields = new ArrayList<>(schema.fieldList());
        fields.removeIf(field -> field.name().equals(name));
        fields.add(new StructField(name, DataTypes.StringType, true));
        fields.sort(Comparator.comparing(StructField::name));
        return new StructType(fields);
    }
}
