package dev.headrace.delta.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.FloatNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.headrace.chunk.Slice;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
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
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/// A bound of a column's values as statistics write it.
///
/// The JSON form loses something: text is cut at 32 characters and time to milliseconds. What is written and read here
/// is still a bound: a minimum is rounded down, a maximum up. Other writers cut a maximum's time down, so a millisecond
/// is added when one is read.
final class StatisticsValue {
    private static final int MAX_TEXT = 32;
    private static final long MILLI = 1_000L;
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS", Locale.ROOT);

    private StatisticsValue() {}

    /// Whether bounds of this type are kept at all.
    static boolean supports(DataType type) {
        return switch (type) {
            case ByteType _, ShortType _, IntegerType _, LongType _, FloatType _, DoubleType _, DecimalType _ -> true;
            case StringType _, DateType _, TimestampType _, TimestampNTZType _ -> true;
            case BooleanType _,
                    BinaryType _,
                    VariantType _,
                    NullType _,
                    AnsiIntervalType _,
                    ArrayType _,
                    MapType _,
                    StructType _ -> false;
        };
    }

    static Optional<Object> readMin(JsonNode node, DataType type) {
        return read(node, type, 0).map(min -> min instanceof Double number ? Math.min(number, asFloat(number)) : min);
    }

    static Optional<Object> readMax(JsonNode node, DataType type) {
        return read(node, type, MILLI - 1)
                .map(max -> max instanceof Double number ? Math.max(number, asFloat(number)) : max);
    }

    /// What a bound is if the column was a float when the file was written: 0.1 stands for 0.10000000149011612 then.
    private static double asFloat(double bound) {
        float rounded = (float) bound;
        return Float.isFinite(rounded) ? rounded : bound;
    }

    static Optional<JsonNode> writeMin(Object value, DataType type) {
        return switch (type) {
            case StringType _ -> minText((Slice) value).map(TextNode::valueOf);
            case TimestampType _ -> Optional.of(TextNode.valueOf(millis((Long) value, 0) + "Z"));
            case TimestampNTZType _ -> Optional.of(TextNode.valueOf(millis((Long) value, 0)));
            case FloatType _ when (Float) value == 0 -> Optional.of(FloatNode.valueOf(-0.0f));
            case DoubleType _ when (Double) value == 0 -> Optional.of(DoubleNode.valueOf(-0.0));
            case DataType _ -> exact(value, type);
        };
    }

    static Optional<JsonNode> writeMax(Object value, DataType type) {
        return switch (type) {
            case StringType _ -> maxText((Slice) value).map(TextNode::valueOf);
            case TimestampType _ -> Optional.of(TextNode.valueOf(millis((Long) value, MILLI - 1) + "Z"));
            case TimestampNTZType _ -> Optional.of(TextNode.valueOf(millis((Long) value, MILLI - 1)));
            case FloatType _ when (Float) value == 0 -> Optional.of(FloatNode.valueOf(0.0f));
            case DoubleType _ when (Double) value == 0 -> Optional.of(DoubleNode.valueOf(0.0));
            case DataType _ -> exact(value, type);
        };
    }

    private static Optional<JsonNode> exact(Object value, DataType type) {
        return switch (type) {
            case ByteType _, ShortType _, IntegerType _ -> Optional.of(IntNode.valueOf(((Number) value).intValue()));
            case LongType _ -> Optional.of(LongNode.valueOf((Long) value));
            case FloatType _ ->
                Optional.of((Float) value).filter(Float::isFinite).map(FloatNode::valueOf);
            case DoubleType _ ->
                Optional.of((Double) value).filter(Double::isFinite).map(DoubleNode::valueOf);
            case DecimalType _ -> Optional.of(DecimalNode.valueOf((BigDecimal) value));
            case DateType _ ->
                Optional.of(
                        TextNode.valueOf(LocalDate.ofEpochDay((Integer) value).toString()));
            case DataType _ -> Optional.empty();
        };
    }

    private static String millis(long micros, long roundUp) {
        long millis = Math.floorDiv(micros > Long.MAX_VALUE - roundUp ? micros : micros + roundUp, MILLI);
        return MILLIS.format(LocalDateTime.ofEpochSecond(
                Math.floorDiv(millis, 1000L), (int) Math.floorMod(millis, 1000L) * 1_000_000, ZoneOffset.UTC));
    }

    /// A prefix is never larger than the text.
    private static Optional<String> minText(Slice value) {
        return text(value).map(text -> cut(text));
    }

    /// A prefix and then a character that is larger than what follows it in the text.
    private static Optional<String> maxText(Slice value) {
        Optional<String> whole = text(value);
        if (whole.isEmpty()) {
            return whole;
        }
        String prefix = cut(whole.get());
        if (prefix.length() == whole.get().length()) {
            return whole;
        }
        int next = whole.get().codePointAt(prefix.length());
        if (next == Character.MAX_CODE_POINT) {
            return Optional.empty();
        }
        return Optional.of(prefix + Character.toString(next < 0x7f ? 0x7f : Character.MAX_CODE_POINT));
    }

    /// Empty if the bytes are not UTF-8: then the text's order is not that of the bytes.
    private static Optional<String> text(Slice value) {
        String text = value.toString();
        return Slice.utf8(text).equals(value) ? Optional.of(text) : Optional.empty();
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= MAX_TEXT
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_TEXT));
    }

    private static Optional<Object> read(JsonNode node, DataType type, long moreMicros) {
        try {
            return switch (type) {
                case ByteType _ -> integer(node, Byte.MIN_VALUE, Byte.MAX_VALUE).map(Number::byteValue);
                case ShortType _ ->
                    integer(node, Short.MIN_VALUE, Short.MAX_VALUE).map(Number::shortValue);
                case IntegerType _ ->
                    integer(node, Integer.MIN_VALUE, Integer.MAX_VALUE).map(Number::intValue);
                case LongType _ -> integer(node, Long.MIN_VALUE, Long.MAX_VALUE).map(Number::longValue);
                case FloatType _ -> number(node).map(BigDecimal::floatValue);
                case DoubleType _ -> number(node).map(BigDecimal::doubleValue);
                case DecimalType(int _, int scale) -> number(node).map(value -> value.setScale(scale));
                case StringType _ -> text(node).map(Slice::utf8);
                case DateType _ ->
                    text(node).map(text -> Math.toIntExact(LocalDate.parse(text).toEpochDay()));
                case TimestampType _ ->
                    text(node)
                            .map(text -> Math.addExact(
                                    micros(OffsetDateTime.parse(text).toInstant()), moreMicros));
                case TimestampNTZType _ ->
                    text(node)
                            .map(text -> Math.addExact(
                                    micros(LocalDateTime.parse(text).toInstant(ZoneOffset.UTC)), moreMicros));
                case BooleanType _,
                        BinaryType _,
                        VariantType _,
                        NullType _,
                        AnsiIntervalType _,
                        ArrayType _,
                        MapType _,
                        StructType _ -> Optional.empty();
            };
        } catch (DateTimeException | ArithmeticException notUnderstood) {
            return Optional.empty();
        }
    }

    private static Optional<Number> integer(JsonNode node, long min, long max) {
        return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= min && node.longValue() <= max
                ? Optional.of(node.longValue())
                : Optional.empty();
    }

    private static Optional<BigDecimal> number(JsonNode node) {
        return node.isNumber() ? Optional.of(node.decimalValue()) : Optional.empty();
    }

    private static Optional<String> text(JsonNode node) {
        return node.isTextual() ? Optional.of(node.textValue()) : Optional.empty();
    }

    private static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }
}
