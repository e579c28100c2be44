package dev.headrace.parquet;

import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/// Numbers that tell a file's columns apart whatever they are called: field ids, as Spark has them in a field's
/// metadata.
public final class FieldIds {
    private static final String KEY = "parquet.field.id";

    private FieldIds() {}

    static OptionalInt of(StructField field) {
        return field.metadata().entries().get(KEY) instanceof Number id
                ? OptionalInt.of(id.intValue())
                : OptionalInt.empty();
    }

    /// The member of a group that has an id, or null.
    static @Nullable Type find(GroupType group, int id) {
        for (Type type : group.getFields()) {
            if (type.getId() != null && type.getId().intValue() == id) {
                return type;
            }
        }
        return null;
    }

    /// The field with an id: it is written with it, and read from the column that has it, whatever its name.
    public static StructField with(StructField field, int id) {
        Map<String, Object> facts = new HashMap<>(field.metadata().entries());
        facts.put(KEY, id);
        return new StructField(field.name(), field.dataType(), field.nullable(), new Metadata(facts));
    }
}
