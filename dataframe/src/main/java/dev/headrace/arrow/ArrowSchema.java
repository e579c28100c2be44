package dev.headrace.arrow;

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
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/// Which type the columns of a file have for us.
///
/// @param dictionaries of columns that hold places in a dictionary
record ArrowSchema(Path file, DictionaryProvider dictionaries) {
    private static final int MAX_DIGITS = 38;

    StructType of(List<Field> fields) {
        List<StructField> columns = new ArrayList<>();
        fields.forEach(field -> columns.add(new StructField(field.getName(), type(field), field.isNullable())));
        return new StructType(columns);
    }

    /// @throws dev.headrace.errors.DataException `UNSUPPORTED_ARROW`
    DataType type(Field field) {
        if (field.getDictionary() != null) {
            return type(dictionary(field).getVector().getField());
        }
        return switch (field.getType()) {
            case ArrowType.Null _ -> DataTypes.NullType;
            case ArrowType.Bool _ -> DataTypes.BooleanType;
            case ArrowType.Int integer -> integer(integer);
            case ArrowType.FloatingPoint number ->
                number.getPrecision() == FloatingPointPrecision.DOUBLE ? DataTypes.DoubleType : DataTypes.FloatType;
            case ArrowType.Decimal decimal when decimal.getPrecision() <= MAX_DIGITS
                    && decimal.getScale() >= 0
                    && decimal.getScale() <= decimal.getPrecision() ->
                new DecimalType(decimal.getPrecision(), decimal.getScale());
            case ArrowType.Utf8 _, ArrowType.LargeUtf8 _, ArrowType.Utf8View _ -> DataTypes.StringType;
            case ArrowType.Binary _, ArrowType.LargeBinary _, ArrowType.BinaryView _, ArrowType.FixedSizeBinary _ ->
                DataTypes.BinaryType;
            case ArrowType.Date _ -> DataTypes.DateType;
            case ArrowType.Timestamp time ->
                time.getTimezone() == null ? DataTypes.TimestampNTZType : DataTypes.TimestampType;
            case ArrowType.Time _ -> DataTypes.LongType;
            case ArrowType.Interval interval
                    when interval.getUnit() == IntervalUnit.YEAR_MONTH -> DataTypes.createYearMonthIntervalType();
            case ArrowType.Duration _ -> DataTypes.createDayTimeIntervalType();
            case ArrowType.List _, ArrowType.LargeList _, ArrowType.FixedSizeList _ -> {
                Field element = field.getChildren().getFirst();
                yield new ArrayType(type(element), element.isNullable());
            }
            case ArrowType.Map _ -> {
                List<Field> entry = field.getChildren().getFirst().getChildren();
                yield new MapType(
                        type(entry.get(0)), type(entry.get(1)), entry.get(1).isNullable());
            }
            case ArrowType.Struct _ -> of(field.getChildren());
            default -> throw ArrowErrors.unsupported(file, field);
        };
    }

    private static DataType integer(ArrowType.Int integer) {
        // an unsigned integer needs a type with one bit more
        int bits = integer.getBitWidth();
        if (!integer.getIsSigned()) {
            return switch (bits) {
                case 8 -> DataTypes.ShortType;
                case 16 -> DataTypes.IntegerType;
                case 32 -> DataTypes.LongType;
                default -> new DecimalType(20, 0);
            };
        }
        return switch (bits) {
            case 8 -> DataTypes.ByteType;
            case 16 -> DataTypes.ShortType;
            case 32 -> DataTypes.IntegerType;
            default -> DataTypes.LongType;
        };
    }

    Dictionary dictionary(Field field) {
        return dictionaries.lookup(field.getDictionary().getId());
    }
}
