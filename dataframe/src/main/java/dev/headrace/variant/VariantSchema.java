package dev.headrace.variant;

import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.LongType;
import dev.headrace.types.NullType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/// The types in a variant, where a struct stands for an object, and variant for what has no type in common.
public final class VariantSchema {
    private static final int BIGINT_DIGITS = 20;

    private VariantSchema() {}

    public static DataType of(Variant variant) {
        return switch (variant.kind()) {
            case NULL -> DataTypes.NullType;
            case BOOLEAN -> DataTypes.BooleanType;
            case LONG -> DataTypes.LongType;
            case DOUBLE -> DataTypes.DoubleType;
            case FLOAT -> DataTypes.FloatType;
            case DECIMAL -> decimal((BigDecimal) variant.scalar());
            case DATE -> DataTypes.DateType;
            case TIMESTAMP -> DataTypes.TimestampType;
            case TIMESTAMP_NTZ -> DataTypes.TimestampNTZType;
            case BINARY -> DataTypes.BinaryType;
            // A uuid has no type in SQL.
            case STRING, UUID -> DataTypes.StringType;
            case OBJECT -> {
                List<StructField> fields = new ArrayList<>();
                variant.forEachPart((part, i) -> fields.add(new StructField(variant.name(i), of(part), true)));
                yield new StructType(fields);
            }
            case ARRAY -> {
                AtomicReference<DataType> element = new AtomicReference<>(DataTypes.NullType);
                variant.forEachPart((part, _) -> element.set(merge(element.get(), of(part))));
                yield new ArrayType(element.get(), true);
            }
        };
    }

    private static DecimalType decimal(BigDecimal value) {
        int scale = Math.max(0, value.scale());
        int precision = value.scale() < 0 ? value.precision() - value.scale() : value.precision();
        return new DecimalType(Math.max(precision, scale), scale);
    }

    /// The type of values of both types.
    public static DataType merge(DataType a, DataType b) {
        if (a.equals(b) || b instanceof NullType) {
            return a;
        }
        if (a instanceof NullType) {
            return b;
        }
        if (a instanceof ArrayType(DataType x, boolean _) && b instanceof ArrayType(DataType y, boolean _)) {
            return new ArrayType(merge(x, y), true);
        }
        if (a instanceof StructType x && b instanceof StructType y) {
            return merge(x, y);
        }
        return scalar(a, b);
    }

    private static DataType scalar(DataType a, DataType b) {
        boolean times = isTime(a) && isTime(b);
        if (times) {
            return DataTypes.TimestampType;
        }
        if (a instanceof DecimalType || b instanceof DecimalType) {
            DataType other = a instanceof DecimalType ? b : a;
            if (other instanceof DoubleType || other instanceof FloatType) {
                return DataTypes.DoubleType;
            }
            return digits(a) instanceof DecimalType x && digits(b) instanceof DecimalType y
                    ? wider(x, y)
                    : DataTypes.VariantType;
        }
        boolean numbers = isNumber(a) && isNumber(b);
        if (!numbers) {
            return DataTypes.VariantType;
        }
        return a instanceof DoubleType || b instanceof DoubleType ? DataTypes.DoubleType : DataTypes.FloatType;
    }

    private static boolean isTime(DataType type) {
        return type instanceof TimestampType || type instanceof TimestampNTZType;
    }

    private static boolean isNumber(DataType type) {
        return type instanceof LongType || type instanceof DoubleType || type instanceof FloatType;
    }

    private static DataType digits(DataType type) {
        return type instanceof LongType ? new DecimalType(BIGINT_DIGITS, 0) : type;
    }

    private static DataType wider(DecimalType a, DecimalType b) {
        int scale = Math.max(a.scale(), b.scale());
        int digits = Math.max(a.precision() - a.scale(), b.precision() - b.scale()) + scale;
        return digits > 38 ? DataTypes.DoubleType : new DecimalType(digits, scale);
    }

    private static StructType merge(StructType a, StructType b) {
        Map<String, DataType> fields = new TreeMap<>();
        a.forEach(field -> fields.put(field.name(), field.dataType()));
        b.forEach(field -> fields.merge(field.name(), field.dataType(), VariantSchema::merge));
        return new StructType(fields.entrySet().stream()
                .map(field -> new StructField(field.getKey(), field.getValue(), true))
                .toList());
    }

    /// The text that `schema_of_variant` gives, such as `OBJECT<a: BIGINT>`.
    public static String text(DataType type) {
        return switch (type) {
            case StructType struct ->
                struct.fieldList().stream()
                        .map(field -> quoted(field.name()) + ": " + text(field.dataType()))
                        .collect(Collectors.joining(", ", "OBJECT<", ">"));
            case ArrayType(DataType element, boolean _) -> "ARRAY<" + text(element) + ">";
            default -> type.sql();
        };
    }

    private static String quoted(String name) {
        boolean plain = !name.isEmpty()
                && name.chars().allMatch(c -> c == '_' || Character.isLetterOrDigit(c))
                && !name.chars().allMatch(Character::isDigit);
        return plain ? name : "`" + name.replace("`", "``") + "`";
    }
}
