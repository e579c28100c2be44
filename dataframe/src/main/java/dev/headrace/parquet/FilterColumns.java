package dev.headrace.parquet;

import dev.headrace.files.ExistsDefault;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.jspecify.annotations.Nullable;

/// Finds what a filter's operand is in a file.
record FilterColumns(MessageType fileSchema, ParquetScan scan) {
    /// What an operand is in a file.
    sealed interface Found {
        /// A column without lists around it.
        ///
        /// @param path its name with dots
        record Stored(String path, PrimitiveType type) implements Found {}

        /// The file lacks it, and it has no default for that: it is null in every row.
        record Missing() implements Found {}
    }

    /// @return empty if the operand is no column of the file that statistics tell about
    Optional<Found> find(BoundExpr operand) {
        List<StructField> fields = new ArrayList<>();
        if (!path(operand, fields)) {
            return Optional.empty();
        }
        return Optional.ofNullable(find(fields));
    }

    private boolean path(BoundExpr operand, List<StructField> fields) {
        return switch (operand) {
            case BoundExpr.Column column -> {
                StructField field = scan.filterSchema().field(column.ordinal());
                fields.add(field);
                yield !scan.notInFiles().contains(field.name());
            }
            case BoundExpr.GetField(BoundExpr struct, int ordinal) when struct.type() instanceof StructType type -> {
                boolean found = path(struct, fields);
                fields.add(type.field(ordinal));
                yield found;
            }
            default -> false;
        };
    }

    private @Nullable Found find(List<StructField> fields) {
        GroupType group = fileSchema;
        List<String> exact = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            OptionalInt id = FieldIds.of(fields.get(i));
            @Nullable Type type = id.isPresent()
                    ? FieldIds.find(group, id.getAsInt())
                    : member(group, fields.get(i).name());
            if (type == null) {
                return i == 0 && ExistsDefault.isIn(fields.getFirst()) ? null : new Found.Missing();
            }
            if (type.isRepetition(Repetition.REPEATED) || type.getName().contains(".")) {
                return null;
            }
            exact.add(type.getName());
            boolean last = i == fields.size() - 1;
            if (last != type.isPrimitive()) {
                return null;
            }
            if (last) {
                return new Found.Stored(String.join(".", exact), type.asPrimitiveType());
            }
            group = type.asGroupType();
        }
        return null;
    }

    /// The member of exactly this name, else one that differs in letter case only. Which of several does not matter:
    /// the scan refuses such a name.
    private static @Nullable Type member(GroupType group, String name) {
        if (group.containsField(name)) {
            return group.getType(name);
        }
        for (Type type : group.getFields()) {
            if (type.getName().equalsIgnoreCase(name)) {
                return type;
            }
        }
        return null;
    }
}
