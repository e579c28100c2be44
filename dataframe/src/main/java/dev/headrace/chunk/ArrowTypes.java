package dev.headrace.chunk;

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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/// Which Arrow vector holds a column of which type.
///
/// | type | vector |
/// | --- | --- |
/// | boolean | `BitVector` |
/// | tinyint, smallint, int, bigint | `TinyIntVector`, `SmallIntVector`, `IntVector`, `BigIntVector` |
/// | float, double | `Float4Vector`, `Float8Vector` |
/// | decimal | `DecimalVector` (128 bits) |
/// | string, binary | `VarCharVector`, `VarBinaryVector` |
/// | variant | `VarBinaryVector` of metadata and value |
/// | date | `DateDayVector` |
/// | timestamp, timestamp_ntz | `TimeStampMicroTZVector` (UTC), `TimeStampMicroVector` |
/// | intervals | `IntervalYearVector` (months), `DurationVector` (microseconds) |
/// | array, map, struct | `ListVector`, `MapVector`, `StructVector` |
/// | void | `NullVector` |
public final class ArrowTypes {
    private ArrowTypes() {}

    /// A new, empty vector for a column of this type. The caller owns it.
    public static FieldVector newVector(String name, DataType type, BufferAllocator allocator) {
        return field(name, type, true).createVector(allocator);
    }

    public static Field field(StructField field) {
        return field(field.name(), field.dataType(), field.nullable());
    }

    private static Field field(String name, DataType type, boolean nullable) {
        return new Field(name, new FieldType(nullable, arrowType(type), null), children(type));
    }

    private static ArrowType arrowType(DataType type) {
        return switch (type) {
            case NullType _ -> ArrowType.Null.INSTANCE;
            case BooleanType _ -> ArrowType.Bool.INSTANCE;
            case ByteType _ -> new ArrowType.Int(8, true);
            case ShortType _ -> new ArrowType.Int(16, true);
            case IntegerType _ -> new ArrowType.Int(32, true);
            case LongType _ -> new ArrowType.Int(64, true);
            case FloatType _ -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
            case DoubleType _ -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            case DecimalType(int precision, int scale) -> new ArrowType.Decimal(precision, scale, 128);
            case StringType _ -> ArrowType.Utf8.INSTANCE;
            case BinaryType _, VariantType _ -> ArrowType.Binary.INSTANCE;
            case DateType _ -> new ArrowType.Date(DateUnit.DAY);
            case TimestampType _ -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
            case TimestampNTZType _ -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
            case YearMonthIntervalType _ -> new ArrowType.Interval(IntervalUnit.YEAR_MONTH);
            case DayTimeIntervalType _ -> new ArrowType.Duration(TimeUnit.MICROSECOND);
            case ArrayType _ -> ArrowType.List.INSTANCE;
            case MapType _ -> new ArrowType.Map(false);
            case StructType _ -> ArrowType.Struct.INSTANCE;
        };
    }

    private static List<Field> children(DataType type) {
        return switch (type) {
            case ArrayType(DataType element, boolean containsNull) -> List.of(field("element", element, containsNull));
            case MapType(DataType key, DataType value, boolean valueContainsNull) ->
                List.of(new Field(
                        "entries",
                        FieldType.notNullable(ArrowType.Struct.INSTANCE),
                        List.of(field("key", keyType(key), false), field("value", value, valueContainsNull))));
            case StructType struct -> fields(struct);
            case DataType _ -> List.of();
        };
    }

    /// Of `map()`, which has no keys, any type that may be not null: Arrow's null type is always nullable.
    private static DataType keyType(DataType key) {
        return key instanceof NullType ? DataTypes.BooleanType : key;
    }

    /// Of fields with the same name the later ones have others in Arrow, whose structs would hold the last one alone.
    private static List<Field> fields(StructType struct) {
        Set<String> names = new HashSet<>();
        List<Field> fields = new ArrayList<>();
        for (StructField field : struct) {
            String name = field.name();
            while (!names.add(name)) {
                name += "#" + fields.size();
            }
            fields.add(field(name, field.dataType(), field.nullable()));
        }
        return fields;
    }
}
