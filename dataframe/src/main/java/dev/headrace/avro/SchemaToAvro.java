package dev.headrace.avro;

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
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/// The schema of a file that we write: as Spark's.
final class SchemaToAvro {
    /// How a record is called without another name, as by Spark.
    static final String RECORD_NAME = "topLevelRecord";

    private SchemaToAvro() {}

    /// Of a value that stands alone.
    ///
    /// @throws dev.headrace.errors.QueryException `UNSUPPORTED_AVRO_TYPE`
    static Schema value(DataType type, boolean nullable) {
        return nullable(
                type instanceof StructType struct ? record(struct, RECORD_NAME, "") : type(type, "value", RECORD_NAME),
                nullable);
    }

    /// @throws dev.headrace.errors.QueryException `UNSUPPORTED_AVRO_TYPE`
    static Schema record(StructType struct, String name, String namespace) {
        String inner = namespace.isEmpty() ? name : namespace + "." + name;
        List<Schema.Field> fields = new ArrayList<>();
        for (StructField field : struct) {
            try {
                Schema schema = type(field.dataType(), field.name(), inner);
                fields.add(new Schema.Field(field.name(), nullable(schema, field.nullable())));
            } catch (SchemaParseException invalid) {
                throw AvroErrors.notWritable(
                        "a column named '" + field.name() + "'",
                        "A name there has letters, digits and underscores: rename the column with "
                                + "withColumnRenamed(…)");
            }
        }
        return Schema.createRecord(name, null, namespace, false, fields);
    }

    private static Schema nullable(Schema schema, boolean nullable) {
        return nullable && schema.getType() != Schema.Type.NULL
                ? Schema.createUnion(schema, Schema.create(Schema.Type.NULL))
                : schema;
    }

    private static Schema type(DataType type, String name, String namespace) {
        return switch (type) {
            case NullType _ -> Schema.create(Schema.Type.NULL);
            case BooleanType _ -> Schema.create(Schema.Type.BOOLEAN);
            case ByteType _, ShortType _, IntegerType _ -> Schema.create(Schema.Type.INT);
            case LongType _ -> Schema.create(Schema.Type.LONG);
            case FloatType _ -> Schema.create(Schema.Type.FLOAT);
            case DoubleType _ -> Schema.create(Schema.Type.DOUBLE);
            case StringType _ -> Schema.create(Schema.Type.STRING);
            case BinaryType _ -> Schema.create(Schema.Type.BYTES);
            case VariantType _ ->
                throw AvroErrors.notWritable("the variant '" + name + "'", "Write to_json(" + name + ")");
            case DateType _ -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
            case TimestampType _ -> LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
            case TimestampNTZType _ -> LogicalTypes.localTimestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
            case YearMonthIntervalType months -> noted(Schema.create(Schema.Type.INT), months);
            case DayTimeIntervalType time -> noted(Schema.create(Schema.Type.LONG), time);
            case DecimalType(int precision, int scale) ->
                LogicalTypes.decimal(precision, scale)
                        .addToSchema(Schema.createFixed("fixed", null, namespace + "." + name, bytes(precision)));
            case ArrayType(DataType element, boolean containsNull) ->
                Schema.createArray(nullable(type(element, name, namespace), containsNull));
            case MapType(DataType key, DataType value, boolean containsNull) -> {
                if (!key.equals(dev.headrace.types.DataTypes.StringType)) {
                    throw AvroErrors.notWritable(
                            "the column '" + name + "': the keys of maps are texts there, not " + key.simpleString(),
                            "Write map_entries(" + name + ")");
                }
                yield Schema.createMap(nullable(type(value, name, namespace), containsNull));
            }
            case StructType struct -> record(struct, name, namespace);
        };
    }

    /// Avro has no such type: the schema says as a property which it is, as Spark's do.
    private static Schema noted(Schema number, DataType type) {
        number.addProp(SchemaFromAvro.NOTE, type.typeName());
        return number;
    }

    /// The fewest bytes that hold all numbers of so many digits.
    static int bytes(int precision) {
        return BigInteger.TEN.pow(precision).subtract(BigInteger.ONE).bitLength() / 8 + 1;
    }
}
