package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import dev.headrace.variant.Variant;
import dev.headrace.variant.VariantBuilder;
import dev.headrace.variant.VariantJson;
import dev.headrace.variant.VariantKind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Variants as values of other types, and values of other types as variants.
final class VariantCells {
    private VariantCells() {}

    /// Whether values of a type can be variants.
    ///
    /// @param whole whether structs and maps can: a cast does not take them, which would lose their types
    static boolean canBeVariant(DataType type, boolean whole) {
        return switch (type) {
            case AnsiIntervalType _ -> false;
            case ArrayType(DataType element, boolean _) -> canBeVariant(element, whole);
            case MapType(DataType key, DataType value, boolean _) ->
                whole && key instanceof StringType && canBeVariant(value, true);
            case StructType struct ->
                whole && struct.fieldList().stream().allMatch(field -> canBeVariant(field.dataType(), true));
            default -> true;
        };
    }

    /// Whether a variant may hold what a value of this type is made of.
    static boolean canComeOfVariant(DataType type) {
        return canBeVariant(type, true) && !(type instanceof NullType);
    }

    // ---- From variants

    /// A variant as a value of a type; null for a variant that holds null, and if `tolerant` for what does not fit.
    ///
    /// @throws DataException `INVALID_VARIANT_CAST`
    static @Nullable Object cast(Variant variant, DataType to, boolean tolerant, EvalContext context) {
        if (to instanceof VariantType) {
            return variant.toCell();
        }
        return switch (variant.kind()) {
            case NULL -> null;
            case ARRAY, OBJECT -> castWhole(variant, to, tolerant, context);
            case UUID ->
                to instanceof StringType
                        ? Slice.utf8(variant.scalar().toString())
                        : doesNotFit(variant, to, tolerant, context);
            default -> castScalar(variant, to, tolerant, context);
        };
    }

    private static @Nullable Object castWhole(Variant variant, DataType to, boolean tolerant, EvalContext context) {
        boolean array = variant.kind() == VariantKind.ARRAY;
        return switch (to) {
            case StringType _ -> Slice.utf8(VariantJson.text(variant, context.zone()));
            case ArrayType(DataType element, boolean _) when array -> {
                List<@Nullable Object> cells = new ArrayList<>();
                variant.forEachPart((part, _) -> cells.add(cast(part, element, tolerant, context)));
                yield cells;
            }
            case MapType map when !array -> {
                Map<Object, @Nullable Object> cells = new LinkedHashMap<>();
                variant.forEachPart((part, i) ->
                        cells.put(Slice.utf8(variant.name(i)), cast(part, map.valueType(), tolerant, context)));
                yield cells;
            }
            case StructType struct when !array -> {
                List<@Nullable Object> cells = new ArrayList<>();
                for (StructField field : struct) {
                    Optional<Variant> value = variant.field(field.name());
                    cells.add(value.isEmpty() ? null : cast(value.get(), field.dataType(), tolerant, context));
                }
                yield cells;
            }
            default -> doesNotFit(variant, to, tolerant, context);
        };
    }

    private static @Nullable Object castScalar(Variant variant, DataType to, boolean tolerant, EvalContext context) {
        Object value = variant.scalar();
        DataType from = switch (variant.kind()) {
            case BOOLEAN -> DataTypes.BooleanType;
            case LONG -> DataTypes.LongType;
            case DOUBLE -> DataTypes.DoubleType;
            case FLOAT -> DataTypes.FloatType;
            case DECIMAL -> DecimalType.USER_DEFAULT;
            case DATE -> DataTypes.DateType;
            case TIMESTAMP -> DataTypes.TimestampType;
            case TIMESTAMP_NTZ -> DataTypes.TimestampNTZType;
            case BINARY -> DataTypes.BinaryType;
            default -> DataTypes.StringType;
        };
        if (value instanceof BigDecimal decimal) {
            int scale = Math.max(0, decimal.scale());
            BigDecimal plain = decimal.setScale(scale);
            value = plain;
            from = new DecimalType(Math.max(plain.precision(), scale), scale);
        }
        Object cast = CastRules.allowed(from, to) ? CellCasts.tryCast(value, from, to, context) : null;
        return cast == null ? doesNotFit(variant, to, tolerant, context) : cast;
    }

    private static @Nullable Object doesNotFit(Variant variant, DataType to, boolean tolerant, EvalContext context) {
        if (tolerant) {
            return null;
        }
        throw new DataException(
                "INVALID_VARIANT_CAST",
                "The variant " + VariantJson.text(variant, context.zone()) + " can't be cast to " + to.simpleString()
                        + ". Use try_variant_get instead, or try_cast.");
    }

    // ---- To variants

    static Slice variant(@Nullable Object value, DataType type) {
        VariantBuilder out = new VariantBuilder();
        append(out, value, type);
        return out.build();
    }

    private static void append(VariantBuilder out, @Nullable Object value, DataType type) {
        if (value == null) {
            out.appendNull();
            return;
        }
        switch (type) {
            case NullType _ -> out.appendNull();
            case ArrayType(DataType element, boolean _) -> appendArray(out, (List<?>) value, element);
            case MapType map -> appendMap(out, (Map<?, ?>) value, map.valueType());
            case StructType struct -> appendStruct(out, (List<?>) value, struct);
            case DataType atomic -> out.appendScalar(value, atomic);
        }
    }

    private static void appendArray(VariantBuilder out, List<?> values, DataType element) {
        int start = out.position();
        List<Integer> starts = new ArrayList<>();
        for (Object value : values) {
            starts.add(out.position());
            append(out, value, element);
        }
        out.finishArray(start, starts);
    }

    private static void appendMap(VariantBuilder out, Map<?, ?> entries, DataType type) {
        int start = out.position();
        List<VariantBuilder.Field> fields = new ArrayList<>();
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            fields.add(out.field(String.valueOf(entry.getKey())));
            append(out, entry.getValue(), type);
        }
        out.finishObject(start, fields);
    }

    private static void appendStruct(VariantBuilder out, List<?> values, StructType type) {
        int start = out.position();
        List<VariantBuilder.Field> fields = new ArrayList<>();
        for (int i = 0; i < type.size(); i++) {
            fields.add(out.field(type.field(i).name()));
            append(out, values.get(i), type.field(i).dataType());
        }
        out.finishObject(start, fields);
    }
}
