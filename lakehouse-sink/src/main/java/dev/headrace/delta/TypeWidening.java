package dev.headrace.delta;

import dev.headrace.delta.log.TableMetadata;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.Metadata;
import dev.headrace.types.ShortType;
import dev.headrace.types.StructField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Columns of a table that get a wider type, without a new file: which ones may, and how the schema remembers it, by
/// Delta's feature `typeWidening`.
final class TypeWidening {
    static final String PROPERTY = "delta.enableTypeWidening";
    private static final String CHANGES = "delta.typeChanges";
    private static final int INT_DIGITS = 10;
    private static final int LONG_DIGITS = 20;

    private TypeWidening() {}

    static boolean isAllowed(TableMetadata table) {
        return table.enabled(PROPERTY);
    }

    /// Whether each value of a type is one of another type, which is wider.
    static boolean widens(DataType from, DataType to) {
        return switch (from) {
            case ByteType _ ->
                to instanceof ShortType || to instanceof IntegerType || to instanceof LongType || holds(to, INT_DIGITS);
            case ShortType _ -> to instanceof IntegerType || to instanceof LongType || holds(to, INT_DIGITS);
            case IntegerType _ -> to instanceof LongType || holds(to, INT_DIGITS);
            case LongType _ -> holdsInDecimal(to, LONG_DIGITS);
            case FloatType _ -> to instanceof DoubleType;
            case DecimalType narrow ->
                to instanceof DecimalType wide
                        && !wide.equals(narrow)
                        && wide.scale() >= narrow.scale()
                        && wide.precision() - wide.scale() >= narrow.precision() - narrow.scale();
            default -> false;
        };
    }

    private static boolean holds(DataType to, int digits) {
        return to instanceof DoubleType || holdsInDecimal(to, digits);
    }

    private static boolean holdsInDecimal(DataType to, int digits) {
        return to instanceof DecimalType decimal && decimal.precision() - decimal.scale() >= digits;
    }

    /// A column with a wider type, which remembers the one that older files have.
    static StructField widened(StructField column, DataType type) {
        Map<String, Object> facts = new HashMap<>(column.metadata().entries());
        List<Object> changes = new ArrayList<>();
        if (facts.get(CHANGES) instanceof List<?> before) {
            changes.addAll(before);
        }
        changes.add(Map.of("fromType", column.dataType().typeName(), "toType", type.typeName()));
        facts.put(CHANGES, changes);
        return new StructField(column.name(), type, column.nullable(), new Metadata(facts));
    }

    /// A column with the type that it had before it became wider.
    static StructField atFirst(StructField column) {
        return column.metadata().entries().get(CHANGES) instanceof List<?> changes
                        && !changes.isEmpty()
                        && changes.getFirst() instanceof Map<?, ?> change
                        && change.get("fromType") instanceof String type
                ? new StructField(
                        column.name(), DataType.fromJson('"' + type + '"'), column.nullable(), column.metadata())
                : column;
    }
}
