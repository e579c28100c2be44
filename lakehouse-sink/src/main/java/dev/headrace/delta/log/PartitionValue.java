package dev.headrace.delta.log;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.CheckpointException;
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
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A partition column's value as the log writes it, and the value it stands for.
///
/// The log's text is of the kind `2026-11-20`, `1.50`, `true`. Null and the empty string are both null, so an empty
/// string in a partition column comes back as null, in every Delta reader. A timestamp is written in UTC with its zone;
/// one that another writer wrote without a zone is taken in the zone that the reader gives.
public final class PartitionValue {
    private static final DateTimeFormatter TIMESTAMP_NTZ = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd")
            .appendLiteral(' ')
            .appendPattern("HH:mm:ss")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .optionalEnd()
            .toFormatter(Locale.ROOT);

    private static final DateTimeFormatter TIMESTAMP_UTC =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT);

    private PartitionValue() {}

    /// Whether a column of this type can be a partition column here.
    public static boolean supports(DataType type) {
        return switch (type) {
            case BooleanType _, ByteType _, ShortType _, IntegerType _, LongType _, FloatType _, DoubleType _ -> true;
            case DecimalType _, StringType _, DateType _, TimestampType _, TimestampNTZType _ -> true;
            case BinaryType _, VariantType _, NullType _, AnsiIntervalType _, ArrayType _, MapType _, StructType _ ->
                false;
        };
    }

    /// @param value an object as [dev.headrace.chunk.Cell] describes it
    /// @return null for null and for the empty string
    public static @Nullable String write(@Nullable Object value, DataType type) {
        if (value == null) {
            return null;
        }
        String text = switch (type) {
            case DateType _ -> LocalDate.ofEpochDay((Integer) value).toString();
            case TimestampType _ -> TIMESTAMP_UTC.format(dateTime((Long) value));
            case TimestampNTZType _ -> TIMESTAMP_NTZ.format(dateTime((Long) value));
            case DecimalType _ -> ((BigDecimal) value).toPlainString();
            case DataType _ -> value.toString();
        };
        return text.isEmpty() ? null : text;
    }

    /// @param text as an [AddFile] holds it
    /// @param column for messages
    /// @param zone the zone of timestamps that are written without one
    /// @return an object as [dev.headrace.chunk.Cell] describes it; null for null and the empty text
    /// @throws CheckpointException `DELTA_LOG_DAMAGED` if the text is not a value of the type
    public static @Nullable Object read(@Nullable String text, DataType type, String column, ZoneId zone) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return switch (type) {
                case BooleanType _ -> bool(text);
                case ByteType _ -> Byte.valueOf(text);
                case ShortType _ -> Short.valueOf(text);
                case IntegerType _ -> Integer.valueOf(text);
                case LongType _ -> Long.valueOf(text);
                case FloatType _ -> Float.valueOf(text);
                case DoubleType _ -> Double.valueOf(text);
                case DecimalType(int _, int scale) -> new BigDecimal(text).setScale(scale);
                case StringType _ -> Slice.utf8(text);
                case DateType _ -> Math.toIntExact(LocalDate.parse(text).toEpochDay());
                case TimestampType _ -> timestamp(text, zone);
                case TimestampNTZType _ ->
                    micros(LocalDateTime.parse(text.replace('T', ' '), TIMESTAMP_NTZ)
                            .toInstant(ZoneOffset.UTC));
                case BinaryType _,
                        VariantType _,
                        NullType _,
                        AnsiIntervalType _,
                        ArrayType _,
                        MapType _,
                        StructType _ ->
                    throw new IllegalArgumentException("no partition values of type " + type.simpleString());
            };
        } catch (DateTimeException | ArithmeticException | NumberFormatException notOfTheType) {
            throw new CheckpointException(
                    "DELTA_LOG_DAMAGED",
                    "The partition column '" + column + "' has the value '" + text
                            + "' in the table's log, which is not of "
                            + "its type '" + type.simpleString()
                            + "'. The writer of that file is at fault: rewrite its "
                            + "partition, or restore the table to a version before it.",
                    notOfTheType);
        }
    }

    private static Boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new NumberFormatException("neither true nor false");
        };
    }

    private static long timestamp(String text, ZoneId zone) {
        return text.indexOf('T') > 0
                ? micros(OffsetDateTime.parse(text).toInstant())
                : micros(LocalDateTime.parse(text, TIMESTAMP_NTZ).atZone(zone).toInstant());
    }

    private static LocalDateTime dateTime(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), (int) Math.floorMod(micros, 1_000_000L) * 1000, ZoneOffset.UTC);
    }

    private static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }
}
