package dev.headrace.connector;

import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/// What is known about columns because of the table that they lie in: what their values follow from, their defaults,
/// what files call them. It holds there, and not where rows of such columns are written to; comments and whatever else
/// users say about a column hold in both.
public final class TableFacts {
    private static final String FIELD_ID = "parquet.field.id";
    private static final List<String> DEFAULTS = List.of("CURRENT_DEFAULT", "EXISTS_DEFAULT");

    private TableFacts() {}

    /// The columns for a table that has its own names and numbers for columns in files.
    public static StructType without(StructType columns) {
        return (StructType) type(columns, (_, fact) -> isOfTable(fact) || isNumber(fact));
    }

    /// The columns for files: numbers that users give columns stay, as long as they tell the columns apart.
    public static StructType inFiles(StructType columns) {
        return (StructType) type(columns, (all, fact) -> isOfTable(fact) || isNumber(fact) && !areDistinct(all));
    }

    /// The names and types of the columns, of which nothing else is known.
    public static StructType typesOf(StructType columns) {
        return (StructType) type(columns, (_, _) -> true);
    }

    private static boolean isOfTable(String fact) {
        return fact.startsWith("delta.") || DEFAULTS.contains(fact);
    }

    private static boolean isNumber(String fact) {
        return fact.startsWith("parquet.field.");
    }

    private static boolean areDistinct(StructType columns) {
        List<Object> ids = columns.fieldList().stream()
                .flatMap(field -> Optional.ofNullable(field.metadata().entries().get(FIELD_ID)).stream())
                .toList();
        return ids.stream().distinct().count() == ids.size();
    }

    /// @param goes whether a fact about a field of a struct goes
    private static DataType type(DataType type, BiPredicate<StructType, String> goes) {
        return switch (type) {
            case StructType struct ->
                new StructType(struct.fieldList().stream()
                        .map(field -> field(struct, field, goes))
                        .toList());
            case ArrayType(DataType element, boolean nulls) -> new ArrayType(type(element, goes), nulls);
            case MapType(DataType key, DataType value, boolean nulls) ->
                new MapType(type(key, goes), type(value, goes), nulls);
            case DataType atomic -> atomic;
        };
    }

    private static StructField field(StructType struct, StructField field, BiPredicate<StructType, String> goes) {
        Map<String, Object> facts = new HashMap<>(field.metadata().entries());
        facts.keySet().removeIf(fact -> goes.test(struct, fact));
        return new StructField(field.name(), type(field.dataType(), goes), field.nullable(), new Metadata(facts));
    }
}
