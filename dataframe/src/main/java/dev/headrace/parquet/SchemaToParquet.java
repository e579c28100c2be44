package dev.headrace.parquet;

import dev.headrace.errors.QueryException;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.VariantType;
import dev.headrace.types.YearMonthIntervalType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/// The Parquet schema of a file to write, as Spark writes it.
final class SchemaToParquet {
    /// The binaries that a variant is made of, in the order in which Spark writes them.
    static final String VALUE = "value";

    static final String METADATA = "metadata";
    private static final byte VARIANT_VERSION = 1;

    private static final int INT32_DIGITS = 9;
    private static final int INT64_DIGITS = 18;

    private SchemaToParquet() {}

    /// @throws QueryException `UNSUPPORTED_PARQUET_TYPE` for a column without a type or a struct without fields
    static MessageType convert(StructType schema) {
        return new MessageType("spark_schema", fields(schema, ""));
    }

    private static List<Type> fields(StructType struct, String prefix) {
        List<Type> fields = new ArrayList<>();
        for (StructField field : struct) {
            Type type = type(field.name(), field.dataType(), field.nullable(), prefix + field.name());
            OptionalInt id = FieldIds.of(field);
            fields.add(id.isPresent() ? type.withId(id.getAsInt()) : type);
        }
        if (fields.isEmpty()) {
            throw unsupported(prefix.isEmpty() ? "the table" : prefix.substring(0, prefix.length() - 1), struct);
        }
        return fields;
    }

    private static Type type(String name, DataType type, boolean nullable, String path) {
        Repetition repetition = nullable ? Repetition.OPTIONAL : Repetition.REQUIRED;
        return switch (type) {
            case StructType struct -> new GroupType(repetition, name, fields(struct, path + "."));
            case ArrayType(DataType element, boolean containsNull) -> {
                Type inner = type("element", element, containsNull, path + ".element");
                yield Types.buildGroup(repetition)
                        .as(LogicalTypeAnnotation.listType())
                        .addField(new GroupType(Repetition.REPEATED, "list", inner))
                        .named(name);
            }
            case MapType(DataType key, DataType value, boolean valueContainsNull) -> {
                Type keys = type("key", key, false, path + ".key");
                Type values = type("value", value, valueContainsNull, path + ".value");
                yield Types.buildGroup(repetition)
                        .as(LogicalTypeAnnotation.mapType())
                        .addField(new GroupType(Repetition.REPEATED, "key_value", keys, values))
                        .named(name);
            }
            case VariantType _ ->
                Types.buildGroup(repetition)
                        .as(LogicalTypeAnnotation.variantType(VARIANT_VERSION))
                        .addField(primitive(PrimitiveTypeName.BINARY, Repetition.REQUIRED, null, VALUE))
                        .addField(primitive(PrimitiveTypeName.BINARY, Repetition.REQUIRED, null, METADATA))
                        .named(name);
            case DataType atomic -> atomic(name, atomic, repetition, path);
        };
    }

    private static PrimitiveType atomic(String name, DataType type, Repetition repetition, String path) {
        return switch (type) {
            case BooleanType _ -> primitive(PrimitiveTypeName.BOOLEAN, repetition, null, name);
            case ByteType _ ->
                primitive(PrimitiveTypeName.INT32, repetition, LogicalTypeAnnotation.intType(8, true), name);
            case ShortType _ ->
                primitive(PrimitiveTypeName.INT32, repetition, LogicalTypeAnnotation.intType(16, true), name);
            case IntegerType _ -> primitive(PrimitiveTypeName.INT32, repetition, null, name);
            case LongType _ -> primitive(PrimitiveTypeName.INT64, repetition, null, name);
            case FloatType _ -> primitive(PrimitiveTypeName.FLOAT, repetition, null, name);
            case DoubleType _ -> primitive(PrimitiveTypeName.DOUBLE, repetition, null, name);
            case StringType _ ->
                primitive(PrimitiveTypeName.BINARY, repetition, LogicalTypeAnnotation.stringType(), name);
            case BinaryType _ -> primitive(PrimitiveTypeName.BINARY, repetition, null, name);
            case DateType _ -> primitive(PrimitiveTypeName.INT32, repetition, LogicalTypeAnnotation.dateType(), name);
            case TimestampType _ -> primitive(PrimitiveTypeName.INT64, repetition, micros(true), name);
            case TimestampNTZType _ -> primitive(PrimitiveTypeName.INT64, repetition, micros(false), name);
            case YearMonthIntervalType _ -> primitive(PrimitiveTypeName.INT32, repetition, null, name);
            case DayTimeIntervalType _ -> primitive(PrimitiveTypeName.INT64, repetition, null, name);
            case DecimalType decimal -> decimal(decimal, repetition, name);
            case NullType _, VariantType _, StructType _, ArrayType _, MapType _ -> throw unsupported(path, type);
        };
    }

    private static LogicalTypeAnnotation micros(boolean utc) {
        return LogicalTypeAnnotation.timestampType(utc, TimeUnit.MICROS);
    }

    private static PrimitiveType decimal(DecimalType type, Repetition repetition, String name) {
        LogicalTypeAnnotation annotation = LogicalTypeAnnotation.decimalType(type.scale(), type.precision());
        if (type.precision() <= INT32_DIGITS) {
            return primitive(PrimitiveTypeName.INT32, repetition, annotation, name);
        }
        if (type.precision() <= INT64_DIGITS) {
            return primitive(PrimitiveTypeName.INT64, repetition, annotation, name);
        }
        return Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
                .length(bytes(type.precision()))
                .as(annotation)
                .named(name);
    }

    /// The bytes that every number of so many digits fits into.
    private static int bytes(int digits) {
        return BigInteger.TEN.pow(digits).subtract(BigInteger.ONE).bitLength() / 8 + 1;
    }

    private static PrimitiveType primitive(
            PrimitiveTypeName physical,
            Repetition repetition,
            @org.jspecify.annotations.Nullable LogicalTypeAnnotation annotation,
            String name) {
        return Types.primitive(physical, repetition).as(annotation).named(name);
    }

    private static QueryException unsupported(String path, DataType type) {
        String what = type instanceof StructType ? "has no columns" : "has the type " + type.simpleString();
        return new QueryException(
                "UNSUPPORTED_PARQUET_TYPE",
                "Parquet can't hold '" + path + "', which " + what + ". Cast it to another type, or leave it out.");
    }
}
