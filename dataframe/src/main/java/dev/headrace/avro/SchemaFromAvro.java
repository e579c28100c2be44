package dev.headrace.avro;

import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/// Which types a file's values have for us: as Spark's, but that times are bigints of microseconds.
final class SchemaFromAvro {
    /// The property that says the type of a number, where Avro has no type for it.
    static final String NOTE = "spark.sql.catalyst.type";

    private static final int MAX_DIGITS = 38;

    private final String origin;
    private final boolean strict;
    /// The records that we are in: one within itself has no type.
    private final Set<String> open = new HashSet<>();

    /// @param origin for errors
    /// @param strict whether only that is nullable which the schema says to be null at times, rather than everything
    private SchemaFromAvro(String origin, boolean strict) {
        this.origin = origin;
        this.strict = strict;
    }

    /// Of files, where everything may be null.
    static SchemaFromAvro nullable(String origin) {
        return new SchemaFromAvro(origin, false);
    }

    /// Of schemas, where only that may be null which they say.
    static SchemaFromAvro strict(String origin) {
        return new SchemaFromAvro(origin, true);
    }

    /// @param schema of a file; one that is no record is a column `value`
    StructType table(Schema schema) {
        return schema.getType() == Schema.Type.RECORD
                ? (StructType) type(schema, "")
                : new StructType(List.of(new StructField("value", type(schema, "value"), true)));
    }

    /// @throws dev.headrace.errors.DataException `UNSUPPORTED_AVRO`
    DataType type(Schema schema, String column) {
        return switch (schema.getType()) {
            case NULL -> DataTypes.NullType;
            case BOOLEAN -> DataTypes.BooleanType;
            case INT -> noted(schema, integer(schema.getLogicalType()));
            case LONG -> noted(schema, longInteger(schema.getLogicalType()));
            case FLOAT -> DataTypes.FloatType;
            case DOUBLE -> DataTypes.DoubleType;
            case STRING, ENUM -> DataTypes.StringType;
            case BYTES, FIXED -> bytes(schema.getLogicalType(), column);
            case ARRAY -> new ArrayType(type(schema.getElementType(), column), mayBeNull(schema.getElementType()));
            case MAP ->
                new MapType(
                        DataTypes.StringType, type(schema.getValueType(), column), mayBeNull(schema.getValueType()));
            case RECORD -> record(schema, column);
            case UNION -> union(schema, column);
        };
    }

    private boolean mayBeNull(Schema schema) {
        return !strict || schema.isNullable();
    }

    /// The interval that the schema's note says, else the number.
    private static DataType noted(Schema schema, DataType number) {
        String note = schema.getProp(NOTE);
        return note != null && note.startsWith("interval ") ? DataType.fromDDL(note) : number;
    }

    private static DataType integer(LogicalType logical) {
        if (logical instanceof LogicalTypes.TimeMillis) {
            return DataTypes.LongType;
        }
        return logical instanceof LogicalTypes.Date ? DataTypes.DateType : DataTypes.IntegerType;
    }

    private static DataType longInteger(LogicalType logical) {
        return switch (logical) {
            case LogicalTypes.TimestampMillis _, LogicalTypes.TimestampMicros _, LogicalTypes.TimestampNanos _ ->
                DataTypes.TimestampType;
            case LogicalTypes.LocalTimestampMillis _,
                    LogicalTypes.LocalTimestampMicros _,
                    LogicalTypes.LocalTimestampNanos _ -> DataTypes.TimestampNTZType;
            case null, default -> DataTypes.LongType;
        };
    }

    private DataType bytes(LogicalType logical, String column) {
        if (!(logical instanceof LogicalTypes.Decimal decimal)) {
            return DataTypes.BinaryType;
        }
        if (decimal.getPrecision() > MAX_DIGITS) {
            throw AvroErrors.unsupported(origin, column, "a decimal of " + decimal.getPrecision() + " digits");
        }
        return new DecimalType(decimal.getPrecision(), decimal.getScale());
    }

    private StructType record(Schema schema, String column) {
        if (!open.add(schema.getFullName())) {
            throw AvroErrors.unsupported(
                    origin, column, "the record '" + schema.getFullName() + "', which holds itself,");
        }
        List<StructField> fields = new ArrayList<>();
        for (Schema.Field field : schema.getFields()) {
            String path = column.isEmpty() ? field.name() : column + "." + field.name();
            fields.add(new StructField(field.name(), type(field.schema(), path), mayBeNull(field.schema())));
        }
        open.remove(schema.getFullName());
        return new StructType(fields);
    }

    /// A choice of one type and null is that type; of int and long, long; of float and double, double; of others a
    /// struct with a member for each.
    private DataType union(Schema schema, String column) {
        List<Schema> members = members(schema);
        if (members.isEmpty()) {
            return DataTypes.NullType;
        }
        if (members.size() == 1) {
            return type(members.getFirst(), column);
        }
        List<DataType> types = new ArrayList<>();
        members.forEach(member -> types.add(type(member, column)));
        if (isChoice(types, DataTypes.IntegerType, DataTypes.LongType)) {
            return DataTypes.LongType;
        }
        if (isChoice(types, DataTypes.FloatType, DataTypes.DoubleType)) {
            return DataTypes.DoubleType;
        }
        List<StructField> fields = new ArrayList<>();
        types.forEach(type -> fields.add(new StructField("member" + fields.size(), type, true)));
        return new StructType(fields);
    }

    private static boolean isChoice(List<DataType> types, DataType left, DataType right) {
        return types.size() == 2 && types.contains(left) && types.contains(right);
    }

    static List<Schema> members(Schema union) {
        return union.getTypes().stream()
                .filter(member -> member.getType() != Schema.Type.NULL)
                .toList();
    }
}
