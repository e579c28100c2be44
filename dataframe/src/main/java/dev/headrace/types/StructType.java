package dev.headrace.types;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// The schema of a table or of a nested value: fields in order. Immutable; two are equal when their fields are.
public final class StructType implements DataType, Iterable<StructField> {
    private final List<StructField> fields;

    public StructType() {
        this(List.of());
    }

    public StructType(StructField[] fields) {
        this(Arrays.asList(fields));
    }

    public StructType(List<StructField> fields) {
        this.fields = List.copyOf(fields);
    }

    /// Reads a column list such as `id bigint not null, name string`.
    public static StructType fromDDL(String ddl) {
        return DdlParser.parseColumns(ddl);
    }

    public StructType add(StructField field) {
        List<StructField> more = new ArrayList<>(fields);
        more.add(field);
        return new StructType(more);
    }

    /// Adds a nullable field.
    public StructType add(String name, DataType type) {
        return add(new StructField(name, type, true));
    }

    public StructType add(String name, DataType type, boolean nullable) {
        return add(new StructField(name, type, nullable));
    }

    /// Adds a nullable field whose type is written as in SQL.
    public StructType add(String name, String type) {
        return add(name, DataType.fromDDL(type));
    }

    public StructType add(String name, String type, boolean nullable) {
        return add(name, DataType.fromDDL(type), nullable);
    }

    public StructField[] fields() {
        return fields.toArray(StructField[]::new);
    }

    public String[] fieldNames() {
        return fields.stream().map(StructField::name).toArray(String[]::new);
    }

    /// The fields as an immutable list.
    public List<StructField> fieldList() {
        return fields;
    }

    public List<String> names() {
        return fields.stream().map(StructField::name).toList();
    }

    public int size() {
        return fields.size();
    }

    public int length() {
        return fields.size();
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    public StructField field(int ordinal) {
        return fields.get(ordinal);
    }

    /// The field of exactly this name.
    ///
    /// @throws QueryException `FIELD_NOT_FOUND` if there is none
    public StructField apply(String name) {
        return fields.get(fieldIndex(name));
    }

    /// The ordinal of the field of exactly this name.
    ///
    /// @throws QueryException `FIELD_NOT_FOUND` if there is none
    public int fieldIndex(String name) {
        return indexOf(name)
                .orElseThrow(() -> new QueryException(
                        "FIELD_NOT_FOUND",
                        "'" + name + "' is not a field of " + simpleString() + ". "
                                + Suggestion.didYouMean(name, names())));
    }

    /// The ordinal of the first field of exactly this name, if there is one.
    public OptionalInt indexOf(String name) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(name)) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /// The fields at these ordinals, in this order.
    public StructType select(int... ordinals) {
        return new StructType(Arrays.stream(ordinals).mapToObj(fields::get).toList());
    }

    @Override
    public Iterator<StructField> iterator() {
        return fields.iterator();
    }

    @Override
    public String simpleString() {
        return fields.stream()
                .map(field -> field.name() + ":" + field.dataType().simpleString())
                .collect(Collectors.joining(",", "struct<", ">"));
    }

    @Override
    public String typeName() {
        return "struct";
    }

    @Override
    public String sql() {
        return fields.stream()
                .map(field -> DdlParser.quoteIfNeeded(field.name()) + ": "
                        + field.dataType().sql() + (field.nullable() ? "" : " NOT NULL"))
                .collect(Collectors.joining(", ", "STRUCT<", ">"));
    }

    /// The column list that [#fromDDL] reads back.
    public String toDDL() {
        return fields.stream()
                .map(field -> DdlParser.quoteIfNeeded(field.name()) + " "
                        + field.dataType().sql() + (field.nullable() ? "" : " NOT NULL"))
                .collect(Collectors.joining(","));
    }

    /// The schema as the indented tree that `printSchema` shows.
    public String treeString() {
        StringBuilder out = new StringBuilder("root\n");
        appendFields(out, this, " |");
        return out.toString();
    }

    /// As [#treeString()], down to a level: 1 for the columns alone. 0 and less for all.
    public String treeString(int level) {
        if (level <= 0) {
            return treeString();
        }
        // Each level is indented by five characters, the first by one.
        return treeString()
                .lines()
                .filter(line -> line.equals("root") || line.indexOf("--") < level * 5)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    public void printTreeString() {
        System.out.print(treeString());
    }

    private static void appendFields(StringBuilder out, StructType type, String prefix) {
        for (StructField field : type) {
            out.append(prefix).append("-- ").append(field.name()).append(": ");
            out.append(nameInTree(field.dataType()))
                    .append(" (nullable = ")
                    .append(field.nullable())
                    .append(")\n");
            appendNested(out, field.dataType(), prefix + "    |");
        }
    }

    private static void appendNested(StringBuilder out, DataType type, String prefix) {
        switch (type) {
            case StructType struct -> appendFields(out, struct, prefix);
            case ArrayType(DataType element, boolean containsNull) -> {
                out.append(prefix).append("-- element: ").append(nameInTree(element));
                out.append(" (containsNull = ").append(containsNull).append(")\n");
                appendNested(out, element, prefix + "    |");
            }
            case MapType(DataType key, DataType value, boolean valueContainsNull) -> {
                out.append(prefix).append("-- key: ").append(nameInTree(key)).append("\n");
                appendNested(out, key, prefix + "    |");
                out.append(prefix).append("-- value: ").append(nameInTree(value));
                out.append(" (valueContainsNull = ").append(valueContainsNull).append(")\n");
                appendNested(out, value, prefix + "    |");
            }
            case DataType _ -> {}
        }
    }

    private static String nameInTree(DataType type) {
        return type.typeName();
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof StructType that && fields.equals(that.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    @Override
    public String toString() {
        return fields.stream()
                .map(field -> "StructField(" + field.name() + "," + field.dataType() + "," + field.nullable() + ")")
                .collect(Collectors.joining(",", "StructType(", ")"));
    }
}
