package dev.headrace;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.QueryException;
import dev.headrace.plan.Scalar;
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
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The one place where values cross between the program and the engine: what [Row] gives and takes on one side,
/// [dev.headrace.chunk.Cell] objects on the other.
///
/// @param java8Time whether dates and timestamps come out as `java.time` classes instead of `java.sql` ones
record JavaValues(boolean java8Time) {

    Row toRow(List<? extends @Nullable Object> cells, StructType schema) {
        List<@Nullable Object> values = new ArrayList<>(cells.size());
        for (int i = 0; i < cells.size(); i++) {
            values.add(toJava(cells.get(i), schema.field(i).dataType()));
        }
        return new GenericRow(values, schema);
    }

    @Nullable Object toJava(@Nullable Object cell, DataType type) {
        if (cell == null) {
            return null;
        }
        return switch (type) {
            case BooleanType _, ByteType _, ShortType _, IntegerType _, LongType _, FloatType _, DoubleType _ -> cell;
            case DecimalType _ -> cell;
            case StringType _ -> cell.toString();
            case BinaryType _ -> ((Slice) cell).bytes();
            case VariantType _ -> VariantVal.of((Slice) cell);
            case DateType _ -> date(LocalDate.ofEpochDay((Integer) cell));
            case TimestampType _ -> timestamp(instant((Long) cell));
            case TimestampNTZType _ -> LocalDateTime.ofInstant(instant((Long) cell), ZoneOffset.UTC);
            case YearMonthIntervalType _ -> Period.ofMonths((Integer) cell).normalized();
            case DayTimeIntervalType _ -> Duration.of((Long) cell, ChronoUnit.MICROS);
            case ArrayType(DataType element, boolean _) -> list((List<?>) cell, element);
            case MapType(DataType key, DataType value, boolean _) -> map((Map<?, ?>) cell, key, value);
            case StructType struct -> toRow((List<?>) cell, struct);
            case NullType _ -> throw new IllegalArgumentException("a value of type void: " + cell);
        };
    }

    private Object date(LocalDate date) {
        return java8Time ? date : Date.valueOf(date);
    }

    private Object timestamp(Instant instant) {
        return java8Time ? instant : Timestamp.from(instant);
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }

    private List<@Nullable Object> list(List<?> cells, DataType element) {
        List<@Nullable Object> values = new ArrayList<>(cells.size());
        cells.forEach(cell -> values.add(toJava(cell, element)));
        return Collections.unmodifiableList(values);
    }

    private Map<@Nullable Object, @Nullable Object> map(Map<?, ?> cells, DataType keyType, DataType valueType) {
        Map<@Nullable Object, @Nullable Object> values = new LinkedHashMap<>();
        cells.forEach((key, value) -> values.put(toJava(key, keyType), toJava(value, valueType)));
        return Collections.unmodifiableMap(values);
    }

    /// The cells of a row that the program gives.
    ///
    /// @param where which row it is, for messages
    /// @throws QueryException `INVALID_ROW_VALUE` if a value doesn't fit its column, or the row the schema
    static List<@Nullable Object> toCells(Row row, StructType schema, String where) {
        if (row.size() != schema.size()) {
            throw new QueryException(
                    "INVALID_ROW_VALUE",
                    where + " has " + row.size() + " values, but the schema has " + schema.size() + " columns: "
                            + schema.toDDL() + ".");
        }
        List<@Nullable Object> cells = new ArrayList<>(schema.size());
        for (int i = 0; i < schema.size(); i++) {
            StructField field = schema.field(i);
            cells.add(
                    toCell(row.get(i), field.dataType(), field.nullable(), where + ", column '" + field.name() + "'"));
        }
        return cells;
    }

    static @Nullable Object toCell(@Nullable Object value, DataType type, boolean nullable, String where) {
        if (value == null) {
            if (!nullable) {
                throw new QueryException(
                        "INVALID_ROW_VALUE", where + " is null, but the schema says that it never is.");
            }
            return null;
        }
        Object cell = cell(value, type, where);
        if (cell == null) {
            throw new QueryException(
                    "INVALID_ROW_VALUE",
                    where + " is '" + value + "' of class " + value.getClass().getName() + ", which is no "
                            + type.simpleString() + ".");
        }
        return cell;
    }

    /// The cell, or null if the object is no value of the type.
    private static @Nullable Object cell(Object value, DataType type, String where) {
        return switch (type) {
            case BooleanType _ -> value instanceof Boolean ? value : null;
            case ByteType _ ->
                whole(value, Byte.MIN_VALUE, Byte.MAX_VALUE) ? (Object) ((Number) value).byteValue() : null;
            case ShortType _ ->
                whole(value, Short.MIN_VALUE, Short.MAX_VALUE) ? (Object) ((Number) value).shortValue() : null;
            case IntegerType _ ->
                whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE) ? (Object) ((Number) value).intValue() : null;
            case LongType _ ->
                whole(value, Long.MIN_VALUE, Long.MAX_VALUE) ? (Object) ((Number) value).longValue() : null;
            case FloatType _ -> value instanceof Float ? value : null;
            case DoubleType _ ->
                value instanceof Double || value instanceof Float ? (Object) ((Number) value).doubleValue() : null;
            case DecimalType decimal -> decimal(value, decimal);
            case StringType _ ->
                value instanceof CharSequence || value instanceof Character ? Slice.utf8(value.toString()) : null;
            case BinaryType _ -> value instanceof byte[] bytes ? Slice.of(bytes.clone()) : null;
            case VariantType _ -> value instanceof VariantVal variant ? variant.toCell() : null;
            case DateType _ -> day(value);
            case TimestampType _ -> instantMicros(value);
            case TimestampNTZType _ ->
                value instanceof LocalDateTime time ? (Object) micros(time.toInstant(ZoneOffset.UTC)) : null;
            case YearMonthIntervalType _ -> value instanceof Period ? interval(value) : null;
            case DayTimeIntervalType _ -> value instanceof Duration ? interval(value) : null;
            case ArrayType(DataType element, boolean containsNull) -> array(value, element, containsNull, where);
            case MapType map -> value instanceof Map<?, ?> entries ? mapCells(entries, map, where) : null;
            case StructType struct -> value instanceof Row row ? toCells(row, struct, where) : null;
            case NullType _ -> null;
        };
    }

    private static boolean whole(Object value, long min, long max) {
        boolean integer =
                value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long;
        return integer && ((Number) value).longValue() >= min && ((Number) value).longValue() <= max;
    }

    private static @Nullable BigDecimal decimal(Object value, DecimalType type) {
        BigDecimal decimal = switch (value) {
            case BigDecimal number -> number;
            case BigInteger number -> new BigDecimal(number);
            case Object number
                    when whole(number, Long.MIN_VALUE, Long.MAX_VALUE) -> BigDecimal.valueOf(((Number) number).longValue());
            default -> null;
        };
        if (decimal == null) {
            return null;
        }
        BigDecimal scaled = decimal.setScale(type.scale(), RoundingMode.HALF_UP);
        return scaled.precision() <= type.precision() ? scaled : null;
    }

    private static @Nullable Integer day(Object value) {
        return switch (value) {
            case LocalDate date -> Math.toIntExact(date.toEpochDay());
            case Date date -> Math.toIntExact(date.toLocalDate().toEpochDay());
            default -> null;
        };
    }

    private static @Nullable Long instantMicros(Object value) {
        return switch (value) {
            case Instant instant -> micros(instant);
            case Timestamp timestamp -> micros(timestamp.toInstant());
            default -> null;
        };
    }

    private static @Nullable Object interval(Object value) {
        return Scalar.ofInterval(value).map(Scalar::value).orElse(null);
    }

    private static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    private static @Nullable List<@Nullable Object> array(
            Object value, DataType element, boolean containsNull, String where) {
        List<?> elements = switch (value) {
            case List<?> list -> list;
            case Object[] array -> Arrays.asList(array);
            case int[] array -> Arrays.stream(array).boxed().toList();
            case long[] array -> Arrays.stream(array).boxed().toList();
            case double[] array -> Arrays.stream(array).boxed().toList();
            default -> null;
        };
        if (elements == null) {
            return null;
        }
        List<@Nullable Object> cells = new ArrayList<>(elements.size());
        for (Object each : elements) {
            cells.add(toCell(each, element, containsNull, where + ", element " + cells.size()));
        }
        return cells;
    }

    private static Map<Object, @Nullable Object> mapCells(Map<?, ?> entries, MapType type, String where) {
        Map<Object, @Nullable Object> cells = new LinkedHashMap<>();
        entries.forEach((key, value) -> {
            Object keyCell = toCell(key, type.keyType(), false, where + ", key");
            cells.put(
                    java.util.Objects.requireNonNull(keyCell),
                    toCell(value, type.valueType(), type.valueContainsNull(), where + ", key '" + key + "'"));
        });
        return cells;
    }
}
