package dev.headrace.function;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
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
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.VariantType;
import dev.headrace.variant.Variant;
import dev.headrace.variant.VariantJson;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The casts of [Casts] on [dev.headrace.chunk.Cell] objects, chosen by type.
final class CellCasts {
    private CellCasts() {}

    static Object cast(Object value, DataType from, DataType to, EvalContext context) {
        return switch (to) {
            case ByteType _ -> toByte(number(value, from));
            case ShortType _ -> toShort(number(value, from));
            case IntegerType _ -> toInt(number(value, from));
            case LongType _ -> toLong(number(value, from));
            case FloatType _ -> (float) toFloat(timeAsDouble(value, from));
            case DoubleType _ -> toDouble(timeAsDouble(value, from));
            case DecimalType type -> toDecimal(value, from, type);
            case BooleanType _ -> toBoolean(value);
            case StringType _ -> toText(value, from, context);
            case BinaryType _ -> value;
            case VariantType _ -> throw new IllegalArgumentException("no cast of " + from + " to variant");
            case AnsiIntervalType type -> IntervalCasts.toInterval(value, from, type);
            case DateType _ -> toDate(value, from, context);
            case TimestampType _ -> toTimestamp(value, from, context);
            case TimestampNTZType _ -> toTimestampNtz(value, from, context);
            case ArrayType(DataType element, boolean _) ->
                toArray((List<?>) value, ((ArrayType) from).elementType(), element, context);
            case MapType map -> toMap((Map<?, ?>) value, (MapType) from, map, context);
            case StructType struct -> toStruct((List<?>) value, (StructType) from, struct, context);
            case NullType _ -> throw new IllegalArgumentException("no cast of " + from + " to void");
        };
    }

    /// As [#cast], but null if the value does not fit; within arrays, maps and structs only what does not fit is null.
    static @Nullable Object tryCast(@Nullable Object value, DataType from, DataType to, EvalContext context) {
        if (value == null || from.equals(to)) {
            return value;
        }
        return switch (to) {
            case ArrayType(DataType element, boolean _) ->
                tryArray((List<?>) value, ((ArrayType) from).elementType(), element, context);
            case MapType map -> tryMap((Map<?, ?>) value, (MapType) from, map, context);
            case StructType struct -> tryStruct((List<?>) value, (StructType) from, struct, context);
            case DataType _ when from instanceof StringType -> tryText((Slice) value, to, context);
            case DataType _ -> tryAtomic(value, from, to, context);
        };
    }

    private static @Nullable Object tryAtomic(Object value, DataType from, DataType to, EvalContext context) {
        try {
            return cast(value, from, to, context);
        } catch (DataException doesNotFit) {
            return null;
        }
    }

    private static @Nullable Object tryText(Slice value, DataType to, EvalContext context) {
        return switch (to) {
            case ByteType _ -> Casts.tryToByte(value);
            case ShortType _ -> Casts.tryToShort(value);
            case IntegerType _ -> Casts.tryToInt(value);
            case LongType _ -> Casts.tryToLong(value);
            case FloatType _ -> Casts.tryToFloat(value);
            case DoubleType _ -> Casts.tryToDouble(value);
            case DecimalType(int precision, int scale) -> Casts.tryToDecimal(value, precision, scale);
            case BooleanType _ -> Casts.tryToBoolean(value);
            case StringType _, BinaryType _ -> value;
            case DateType _ -> Casts.tryToDate(value);
            case TimestampType _ -> Casts.tryToTimestamp(context, value);
            case TimestampNTZType _ -> Casts.tryToTimestampNtz(value);
            case AnsiIntervalType _ -> tryAtomic(value, DataTypes.StringType, to, context);
            case VariantType _, ArrayType _, MapType _, StructType _, NullType _ ->
                throw new IllegalArgumentException("no cast of string to " + to.simpleString());
        };
    }

    /// Null if a key does not fit.
    private static @Nullable Object tryMap(Map<?, ?> value, MapType from, MapType to, EvalContext context) {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : value.entrySet()) {
            Object key = tryCast(entry.getKey(), from.keyType(), to.keyType(), context);
            if (key == null) {
                return null;
            }
            map.put(key, tryCast(entry.getValue(), from.valueType(), to.valueType(), context));
        }
        return map;
    }

    private static List<@Nullable Object> tryArray(List<?> value, DataType from, DataType to, EvalContext context) {
        List<@Nullable Object> elements = new ArrayList<>(value.size());
        for (Object element : value) {
            Cancellation.checkThread(elements.size());
            elements.add(tryCast(element, from, to, context));
        }
        return elements;
    }

    private static List<@Nullable Object> tryStruct(
            List<?> value, StructType from, StructType to, EvalContext context) {
        List<@Nullable Object> fields = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            fields.add(
                    tryCast(value.get(i), from.field(i).dataType(), to.field(i).dataType(), context));
        }
        return fields;
    }

    /// A timestamp as its seconds, an interval as so many of its last field, for casts to integers.
    private static Object number(Object value, DataType from) {
        return switch (from) {
            case TimestampType _ -> Casts.timestampToSeconds((Long) value);
            case AnsiIntervalType type -> IntervalCasts.toLong(value, type);
            default -> value;
        };
    }

    private static Object timeAsDouble(Object value, DataType from) {
        return from instanceof TimestampType ? (Object) Casts.timestampToDouble((Long) value) : value;
    }

    private static byte toByte(Object value) {
        return switch (value) {
            case Boolean b -> Casts.toByte(b);
            case Slice s -> Casts.toByte(s);
            case BigDecimal d -> Casts.toByte(d);
            case Double d -> Casts.toByte(d);
            case Float f -> Casts.toByte(f);
            default -> Casts.toByte(((Number) value).longValue());
        };
    }

    private static short toShort(Object value) {
        return switch (value) {
            case Boolean b -> Casts.toShort(b);
            case Slice s -> Casts.toShort(s);
            case BigDecimal d -> Casts.toShort(d);
            case Double d -> Casts.toShort(d);
            case Float f -> Casts.toShort(f);
            default -> Casts.toShort(((Number) value).longValue());
        };
    }

    private static int toInt(Object value) {
        return switch (value) {
            case Boolean b -> Casts.toInt(b);
            case Slice s -> Casts.toInt(s);
            case BigDecimal d -> Casts.toInt(d);
            case Double d -> Casts.toInt(d);
            case Float f -> Casts.toInt(f);
            default -> Casts.toInt(((Number) value).longValue());
        };
    }

    private static long toLong(Object value) {
        return switch (value) {
            case Boolean b -> Casts.toLong(b);
            case Slice s -> Casts.toLong(s);
            case BigDecimal d -> Casts.toLong(d);
            case Double d -> Casts.toLong(d);
            case Float f -> Casts.toLong(f);
            default -> ((Number) value).longValue();
        };
    }

    private static float toFloat(Object value) {
        return switch (value) {
            case Boolean b -> Casts.toFloat(b);
            case Slice s -> Casts.toFloat(s);
            case BigDecimal d -> Casts.toFloat(d);
            case Double d -> Casts.toFloat(d);
            default -> Casts.toFloat(((Number) value).longValue());
        };
    }

    private static double toDouble(Object value) {
        return switch (value) {
            case Boolean b -> Casts.toDouble(b);
            case Slice s -> Casts.toDouble(s);
            case BigDecimal d -> Casts.toDouble(d);
            case Double d -> d;
            case Float f -> f.doubleValue();
            default -> Casts.toDouble(((Number) value).longValue());
        };
    }

    private static BigDecimal toDecimal(Object value, DataType from, DecimalType type) {
        int precision = type.precision();
        int scale = type.scale();
        if (from instanceof TimestampType) {
            return Casts.timestampToDecimal((Long) value, precision, scale);
        }
        if (from instanceof AnsiIntervalType interval) {
            return Casts.toDecimal(IntervalCasts.toDecimal(value, interval), precision, scale);
        }
        return switch (value) {
            case Boolean b -> Casts.toDecimal(b, precision, scale);
            case Slice s -> Casts.toDecimal(s, precision, scale);
            case BigDecimal d -> Casts.toDecimal(d, precision, scale);
            case Double d -> Casts.toDecimal(d, precision, scale);
            case Float f -> Casts.toDecimal(f.doubleValue(), precision, scale);
            default -> Casts.toDecimal(((Number) value).longValue(), precision, scale);
        };
    }

    private static boolean toBoolean(Object value) {
        return switch (value) {
            case Slice s -> Casts.toBoolean(s);
            case BigDecimal d -> Casts.toBoolean(d);
            case Double d -> Casts.toBoolean(d);
            case Float f -> Casts.toBoolean(f.doubleValue());
            default -> Casts.toBoolean(((Number) value).longValue());
        };
    }

    private static int toDate(Object value, DataType from, EvalContext context) {
        return switch (from) {
            case TimestampType _ -> Casts.timestampToDate(context, (Long) value);
            case TimestampNTZType _ -> Casts.timestampNtzToDate((Long) value);
            default -> Casts.toDate((Slice) value);
        };
    }

    private static long toTimestamp(Object value, DataType from, EvalContext context) {
        return switch (from) {
            case StringType _ -> Casts.toTimestamp(context, (Slice) value);
            case DateType _ -> Casts.dateToTimestamp(context, (Integer) value);
            case TimestampNTZType _ -> Casts.timestampNtzToTimestamp(context, (Long) value);
            case DecimalType _ -> Casts.secondsToTimestamp((BigDecimal) value);
            case FloatType _, DoubleType _ -> Casts.secondsToTimestamp(((Number) value).doubleValue());
            default -> Casts.secondsToTimestamp(((Number) value).longValue());
        };
    }

    private static long toTimestampNtz(Object value, DataType from, EvalContext context) {
        return switch (from) {
            case DateType _ -> Casts.dateToTimestampNtz((Integer) value);
            case TimestampType _ -> Casts.timestampToTimestampNtz(context, (Long) value);
            default -> Casts.toTimestampNtz((Slice) value);
        };
    }

    static Slice toText(Object value, DataType from, EvalContext context) {
        return switch (from) {
            case DateType _ -> Casts.dateToText((Integer) value);
            case TimestampType _ -> Casts.timestampToText(context, (Long) value);
            case TimestampNTZType _ -> Casts.timestampNtzToText((Long) value);
            case BooleanType _ -> Casts.toText((boolean) (Boolean) value);
            case FloatType _ -> Casts.toText((float) (Float) value);
            case DoubleType _ -> Casts.toText((double) (Double) value);
            case DecimalType _ -> Casts.toText((BigDecimal) value);
            case ByteType _, ShortType _, IntegerType _, LongType _ -> Casts.toText(((Number) value).longValue());
            case StringType _, BinaryType _ -> (Slice) value;
            case VariantType _ -> Slice.utf8(VariantJson.text(Variant.of((Slice) value), context.zone()));
            case AnsiIntervalType interval -> IntervalCasts.toText(value, interval);
            case ArrayType _, MapType _, StructType _ -> {
                StringBuilder out = new StringBuilder();
                appendNested(out, value, from, context);
                yield Slice.utf8(out.toString());
            }
            case NullType _ -> throw new IllegalArgumentException("a value of type void");
        };
    }

    /// `[1, 2]`, `{a -> 1}`, `{1, x}`, with `null` for null.
    private static void appendNested(StringBuilder out, Object value, DataType type, EvalContext context) {
        switch (type) {
            case ArrayType(DataType element, boolean _) -> {
                String separator = "[";
                int appended = 0;
                for (Object item : (List<?>) value) {
                    Cancellation.checkThread(appended++);
                    out.append(separator);
                    append(out, item, element, context);
                    separator = ", ";
                }
                out.append(((List<?>) value).isEmpty() ? "[]" : "]");
            }
            case StructType struct -> {
                out.append('{');
                for (int i = 0; i < struct.size(); i++) {
                    out.append(i == 0 ? "" : ", ");
                    append(out, ((List<?>) value).get(i), struct.field(i).dataType(), context);
                }
                out.append('}');
            }
            case MapType map -> {
                String separator = "";
                out.append('{');
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                    out.append(separator);
                    append(out, entry.getKey(), map.keyType(), context);
                    out.append(" -> ");
                    append(out, entry.getValue(), map.valueType(), context);
                    separator = ", ";
                }
                out.append('}');
            }
            default -> append(out, value, type, context);
        }
    }

    private static void append(StringBuilder out, @Nullable Object value, DataType type, EvalContext context) {
        if (value == null) {
            out.append("null");
        } else if (type.isNested()) {
            appendNested(out, value, type, context);
        } else {
            out.append(toText(value, type, context));
        }
    }

    private static @Nullable Object within(@Nullable Object value, DataType from, DataType to, EvalContext context) {
        return value == null || from.equals(to) ? value : cast(value, from, to, context);
    }

    private static List<@Nullable Object> toArray(List<?> value, DataType from, DataType to, EvalContext context) {
        List<@Nullable Object> elements = new ArrayList<>(value.size());
        for (Object element : value) {
            Cancellation.checkThread(elements.size());
            elements.add(within(element, from, to, context));
        }
        return elements;
    }

    private static Map<@Nullable Object, @Nullable Object> toMap(
            Map<?, ?> value, MapType from, MapType to, EvalContext context) {
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        value.forEach((key, item) -> map.put(
                within(key, from.keyType(), to.keyType(), context),
                within(item, from.valueType(), to.valueType(), context)));
        return map;
    }

    private static List<@Nullable Object> toStruct(List<?> value, StructType from, StructType to, EvalContext context) {
        List<@Nullable Object> fields = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            fields.add(
                    within(value.get(i), from.field(i).dataType(), to.field(i).dataType(), context));
        }
        return fields;
    }
}
