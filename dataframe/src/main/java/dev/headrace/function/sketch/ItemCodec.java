package dev.headrace.function.sketch;

import dev.headrace.chunk.Slice;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.datasketches.common.ArrayOfBooleansSerDe;
import org.apache.datasketches.common.ArrayOfDoublesSerDe;
import org.apache.datasketches.common.ArrayOfItemsSerDe;
import org.apache.datasketches.common.ArrayOfLongsSerDe;
import org.apache.datasketches.common.ArrayOfNumbersSerDe;
import org.apache.datasketches.common.ArrayOfStringsSerDe;

/// How values of a type stand in a sketch of frequent items, and its bytes.
record ItemCodec(DataType type) {
    private static final int MAX_INT_DIGITS = 9;
    private static final int MAX_LONG_DIGITS = 18;

    /// Whether items may be of the type.
    static boolean takes(DataType type) {
        return switch (type) {
            case BooleanType _,
                    ByteType _,
                    ShortType _,
                    IntegerType _,
                    LongType _,
                    FloatType _,
                    DoubleType _,
                    DecimalType _,
                    DateType _,
                    TimestampType _,
                    TimestampNTZType _,
                    StringType _ -> true;
            default -> false;
        };
    }

    /// The type as `approx_top_k_accumulate` writes it down.
    String ddl() {
        return type instanceof StringType
                ? "item string not null"
                : new StructType().add("item", type, false).toDDL();
    }

    /// What a sketch gives: an array of the items with their counts.
    StructType entry() {
        return new StructType().add("item", type, true).add(new StructField("count", DataTypes.LongType, false));
    }

    Object item(Object cell) {
        return switch (cell) {
            case Slice text -> text.toString();
            case BigDecimal decimal -> unscaled(decimal.unscaledValue());
            default -> cell;
        };
    }

    private Object unscaled(BigInteger digits) {
        int precision = ((DecimalType) type).precision();
        if (precision <= MAX_INT_DIGITS) {
            return digits.intValueExact();
        }
        return precision <= MAX_LONG_DIGITS ? (Object) digits.longValueExact() : digits;
    }

    Object cell(Object item) {
        if (type instanceof DecimalType(int _, int scale)) {
            return switch (item) {
                case BigInteger digits -> new BigDecimal(digits, scale);
                default -> BigDecimal.valueOf(((Number) item).longValue(), scale);
            };
        }
        return item instanceof String text ? Slice.utf8(text) : item;
    }

    @SuppressWarnings("unchecked")
    ArrayOfItemsSerDe<Object> serDe() {
        ArrayOfItemsSerDe<?> serDe = switch (type) {
            case BooleanType _ -> new ArrayOfBooleansSerDe();
            case LongType _, TimestampType _, TimestampNTZType _ -> new ArrayOfLongsSerDe();
            case DoubleType _ -> new ArrayOfDoublesSerDe();
            case StringType _ -> new ArrayOfStringsSerDe();
            case DecimalType(int precision, int _) when precision > MAX_LONG_DIGITS -> new WideIntegers();
            case DecimalType(int precision, int _) when precision > MAX_INT_DIGITS -> new ArrayOfLongsSerDe();
            default -> new ArrayOfNumbersSerDe();
        };
        return (ArrayOfItemsSerDe<Object>) serDe;
    }
}
