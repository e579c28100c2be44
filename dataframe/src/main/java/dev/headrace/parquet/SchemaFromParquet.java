package dev.headrace.parquet;

import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.VariantLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;

/// The schema that a Parquet schema stands for, by Spark's rules.
final class SchemaFromParquet {
    private final Path file;

    private SchemaFromParquet(Path file) {
        this.file = file;
    }

    /// @throws dev.headrace.errors.DataException `UNSUPPORTED_PARQUET` for types that no column can have
    static StructType convert(Path file, GroupType schema) {
        return new SchemaFromParquet(file).struct(schema);
    }

    private StructType struct(GroupType group) {
        List<StructField> fields = new ArrayList<>();
        for (Type type : group.getFields()) {
            if (type.isRepetition(Repetition.REPEATED)) {
                fields.add(new StructField(type.getName(), new ArrayType(value(type), false), false));
            } else {
                fields.add(new StructField(type.getName(), value(type), type.isRepetition(Repetition.OPTIONAL)));
            }
        }
        return new StructType(fields);
    }

    private DataType value(Type type) {
        if (type.isPrimitive()) {
            return atomic(type.asPrimitiveType());
        }
        GroupType group = type.asGroupType();
        if (type.getLogicalTypeAnnotation() instanceof VariantLogicalTypeAnnotation) {
            return DataTypes.VariantType;
        }
        if (NestedTypes.isList(type)) {
            return list(group);
        }
        if (NestedTypes.isMap(type)) {
            GroupType entries = group.getType(0).asGroupType();
            Type value = entries.getType(1);
            return new MapType(value(entries.getType(0)), value(value), value.isRepetition(Repetition.OPTIONAL));
        }
        return struct(group);
    }

    private DataType list(GroupType group) {
        Type repeated = group.getType(0);
        if (NestedTypes.repeatedIsElement(group)) {
            return new ArrayType(value(repeated), false);
        }
        Type element = repeated.asGroupType().getType(0);
        return new ArrayType(value(element), element.isRepetition(Repetition.OPTIONAL));
    }

    private DataType atomic(PrimitiveType type) {
        LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
        return switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> DataTypes.BooleanType;
            case FLOAT -> DataTypes.FloatType;
            case DOUBLE -> DataTypes.DoubleType;
            case INT96 -> DataTypes.TimestampType;
            case INT32 -> int32(type, annotation);
            case INT64 -> int64(type, annotation);
            case BINARY ->
                switch (annotation) {
                    case StringLogicalTypeAnnotation _, EnumLogicalTypeAnnotation _, JsonLogicalTypeAnnotation _ ->
                        DataTypes.StringType;
                    case DecimalLogicalTypeAnnotation decimal -> decimal(type, decimal);
                    case null -> DataTypes.BinaryType;
                    default -> DataTypes.BinaryType;
                };
            case FIXED_LEN_BYTE_ARRAY ->
                switch (annotation) {
                    case DecimalLogicalTypeAnnotation decimal -> decimal(type, decimal);
                    case Float16LogicalTypeAnnotation _ -> DataTypes.FloatType;
                    case null -> DataTypes.BinaryType;
                    default -> DataTypes.BinaryType;
                };
        };
    }

    private DataType int32(PrimitiveType type, LogicalTypeAnnotation annotation) {
        return switch (annotation) {
            case null -> DataTypes.IntegerType;
            case IntLogicalTypeAnnotation integer ->
                switch (integer.getBitWidth()) {
                    case 8 -> integer.isSigned() ? DataTypes.ByteType : DataTypes.ShortType;
                    case 16 -> integer.isSigned() ? DataTypes.ShortType : DataTypes.IntegerType;
                    default -> integer.isSigned() ? DataTypes.IntegerType : DataTypes.LongType;
                };
            case DateLogicalTypeAnnotation _ -> DataTypes.DateType;
            case DecimalLogicalTypeAnnotation decimal -> decimal(type, decimal);
            case TimeLogicalTypeAnnotation _ -> DataTypes.LongType;
            default -> throw unsupported(type);
        };
    }

    private DataType int64(PrimitiveType type, LogicalTypeAnnotation annotation) {
        return switch (annotation) {
            case null -> DataTypes.LongType;
            case IntLogicalTypeAnnotation integer ->
                integer.isSigned() ? DataTypes.LongType : DataTypes.createDecimalType(20, 0);
            case DecimalLogicalTypeAnnotation decimal -> decimal(type, decimal);
            case TimestampLogicalTypeAnnotation timestamp ->
                timestamp.isAdjustedToUTC() ? DataTypes.TimestampType : DataTypes.TimestampNTZType;
            case TimeLogicalTypeAnnotation _ -> DataTypes.LongType;
            default -> throw unsupported(type);
        };
    }

    private DataType decimal(PrimitiveType type, DecimalLogicalTypeAnnotation decimal) {
        if (decimal.getPrecision() > DecimalType.MAX_PRECISION || decimal.getScale() > decimal.getPrecision()) {
            throw unsupported(type);
        }
        return new DecimalType(decimal.getPrecision(), decimal.getScale());
    }

    private RuntimeException unsupported(PrimitiveType type) {
        return ParquetErrors.unsupported(file, type.getName(), "the type '" + type + "'");
    }
}
