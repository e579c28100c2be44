package dev.headrace.orc;

import dev.headrace.files.Widening;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.orc.TypeDescription;

/// Types of ORC as ours and back, as Spark has them: an ORC timestamp, which tells the time on the wall, is a timestamp
/// in the session's zone; a timestamp_ntz is a number of microseconds with a note.
final class OrcSchema {
    private static final String NOTE = "spark.sql.catalyst.type";
    private static final String NTZ = "timestamp_ntz";

    private OrcSchema() {}

    static StructType table(Path file, TypeDescription schema) {
        return schema.getCategory() == TypeDescription.Category.STRUCT
                ? (StructType) type(file, schema, "")
                : new StructType(List.of(new StructField("value", type(file, schema, "value"), true)));
    }

    static DataType type(Path file, TypeDescription type, String column) {
        return switch (type.getCategory()) {
            case BOOLEAN -> DataTypes.BooleanType;
            case BYTE -> DataTypes.ByteType;
            case SHORT -> DataTypes.ShortType;
            case INT -> noted(type, DataTypes.IntegerType);
            case LONG -> noted(type, DataTypes.LongType);
            case FLOAT -> DataTypes.FloatType;
            case DOUBLE -> DataTypes.DoubleType;
            case STRING, CHAR, VARCHAR -> DataTypes.StringType;
            case BINARY -> DataTypes.BinaryType;
            case DATE -> DataTypes.DateType;
            case TIMESTAMP ->
                NTZ.equals(type.getAttributeValue(NOTE)) ? DataTypes.TimestampNTZType : DataTypes.TimestampType;
            case TIMESTAMP_INSTANT -> DataTypes.TimestampType;
            case DECIMAL -> new DecimalType(type.getPrecision(), type.getScale());
            case LIST -> new ArrayType(type(file, type.getChildren().getFirst(), column), true);
            case MAP ->
                new MapType(
                        type(file, type.getChildren().get(0), column),
                        type(file, type.getChildren().get(1), column),
                        true);
            case STRUCT -> struct(file, type, column);
            default -> throw OrcErrors.unsupported(file, column, type);
        };
    }

    /// The interval or timestamp_ntz that the file's note says, else the number.
    private static DataType noted(TypeDescription type, DataType number) {
        String note = type.getAttributeValue(NOTE);
        if (NTZ.equals(note) && number instanceof LongType) {
            return DataTypes.TimestampNTZType;
        }
        return note != null && note.startsWith("interval ") ? DataType.fromDDL(note) : number;
    }

    private static StructType struct(Path file, TypeDescription type, String column) {
        List<StructField> fields = new ArrayList<>();
        for (int i = 0; i < type.getFieldNames().size(); i++) {
            String name = type.getFieldNames().get(i);
            String path = column.isEmpty() ? name : column + "." + name;
            fields.add(new StructField(name, type(file, type.getChildren().get(i), path), true));
        }
        return new StructType(fields);
    }

    /// The type to ask the library for: names, and the kind of timestamps, are the file's where it has them.
    ///
    /// @throws dev.headrace.errors.DataException `ORC_TYPE_MISMATCH`
    static TypeDescription reading(Path file, TypeDescription held, DataType asked, String column) {
        DataType natural = type(file, held, column);
        switch (asked) {
            case StructType struct when natural instanceof StructType -> {
                return readingStruct(file, held, struct, column);
            }
            case ArrayType(DataType element, boolean _) when natural instanceof ArrayType -> {
                return TypeDescription.createList(
                        reading(file, held.getChildren().getFirst(), element, column));
            }
            case MapType(DataType key, DataType value, boolean _) when natural instanceof MapType -> {
                return TypeDescription.createMap(
                        reading(file, held.getChildren().get(0), key, column),
                        reading(file, held.getChildren().get(1), value, column));
            }
            case DataType atomic -> {
                boolean zone = isTime(atomic) && isTime(natural);
                if (!zone && (natural instanceof DateType && isTime(atomic) || !Widening.isAllowed(natural, atomic))) {
                    throw OrcErrors.typeMismatch(file, column, asked, held);
                }
                return zone || natural.equals(atomic) ? held.clone() : writing(atomic);
            }
        }
    }

    private static boolean isTime(DataType type) {
        return type instanceof TimestampType || type instanceof TimestampNTZType;
    }

    private static TypeDescription readingStruct(Path file, TypeDescription held, StructType asked, String column) {
        TypeDescription struct = TypeDescription.createStruct();
        for (StructField field : asked) {
            int place = place(held.getFieldNames(), field.name());
            String path = column.isEmpty() ? field.name() : column + "." + field.name();
            struct.addField(
                    place < 0 ? field.name() : held.getFieldNames().get(place),
                    place < 0
                            ? writing(field.dataType())
                            : reading(file, held.getChildren().get(place), field.dataType(), path));
        }
        return struct;
    }

    static int place(List<String> names, String name) {
        int exact = names.indexOf(name);
        for (int i = 0; exact < 0 && i < names.size(); i++) {
            exact = names.get(i).equalsIgnoreCase(name) ? i : -1;
        }
        return exact;
    }

    /// The type of a file that we write.
    static TypeDescription writing(DataType type) {
        return switch (type) {
            case BooleanType _ -> TypeDescription.createBoolean();
            case ByteType _, NullType _ -> TypeDescription.createByte();
            case ShortType _ -> TypeDescription.createShort();
            case IntegerType _ -> TypeDescription.createInt();
            case LongType _ -> TypeDescription.createLong();
            case FloatType _ -> TypeDescription.createFloat();
            case DoubleType _ -> TypeDescription.createDouble();
            case StringType _ -> TypeDescription.createString();
            case BinaryType _ -> TypeDescription.createBinary();
            case VariantType _ -> throw new IllegalArgumentException("a variant in ORC");
            case DateType _ -> TypeDescription.createDate();
            case TimestampType _ -> TypeDescription.createTimestamp().setAttribute(NOTE, "timestamp");
            case TimestampNTZType _ -> TypeDescription.createLong().setAttribute(NOTE, NTZ);
            case YearMonthIntervalType months -> TypeDescription.createInt().setAttribute(NOTE, months.typeName());
            case DayTimeIntervalType time -> TypeDescription.createLong().setAttribute(NOTE, time.typeName());
            case DecimalType(int precision, int scale) ->
                TypeDescription.createDecimal()
                        .withScale(0)
                        .withPrecision(precision)
                        .withScale(scale);
            case ArrayType(DataType element, boolean _) -> TypeDescription.createList(writing(element));
            case MapType(DataType key, DataType value, boolean _) ->
                TypeDescription.createMap(writing(key), writing(value));
            case StructType struct -> {
                TypeDescription description = TypeDescription.createStruct();
                struct.forEach(field -> description.addField(field.name(), writing(field.dataType())));
                yield description;
            }
        };
    }
}
