package dev.headrace.xml;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.QueryException;
import dev.headrace.function.IntervalFormat;
import dev.headrace.parse.TimeFormats;
import dev.headrace.parse.TimestampText;
import dev.headrace.types.AnsiIntervalType;
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
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.YearMonthIntervalType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.ParsePosition;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Reads texts as values of a type.
@FunctionalInterface
interface TextReader {
    /// The value as [dev.headrace.chunk.Cell] describes it; null if the text is none.
    @Nullable Object read(String text);

    /// The reader for a type that is not made of others.
    ///
    /// @throws QueryException `UNSUPPORTED_XML_TYPE`
    static TextReader of(DataType type, XmlOptions options) {
        Numbers numbers = new Numbers(options.times().locale());
        Times times = new Times(options);
        return switch (type) {
            case BooleanType _ -> TextReader::truth;
            case ByteType _ -> text -> number(text, Byte::parseByte);
            case ShortType _ -> text -> number(text, Short::parseShort);
            case IntegerType _ -> text -> number(text, Integer::parseInt);
            case LongType _ -> text -> number(text, Long::parseLong);
            case FloatType _ -> numbers::single;
            case DoubleType _ -> numbers::floating;
            case DecimalType decimal -> text -> numbers.decimal(text, decimal);
            case StringType _ -> Slice::utf8;
            case BinaryType _ -> TextReader::binary;
            case DateType _ -> times::date;
            case TimestampType _ -> times::timestamp;
            case TimestampNTZType _ -> times::timestampWithoutZone;
            case AnsiIntervalType interval -> text -> interval(text, interval);
            default -> throw XmlTypes.unsupported(options.owner(), type);
        };
    }

    private static @Nullable Boolean truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> null;
        };
    }

    private static @Nullable Object number(String text, java.util.function.Function<String, Object> parse) {
        try {
            return parse.apply(text);
        } catch (NumberFormatException _) {
            return null;
        }
    }

    private static @Nullable Slice binary(String text) {
        try {
            return Slice.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static @Nullable Object interval(String text, AnsiIntervalType type) {
        OptionalLong value = IntervalFormat.value(text, type);
        if (value.isEmpty()) {
            return null;
        }
        return type instanceof YearMonthIntervalType ? Math.toIntExact(value.getAsLong()) : value.getAsLong();
    }

    /// Numbers with a point, which may be in groups (`1,234.5`), as the locale writes them.
    final class Numbers {
        private static final int MAX_CHARS = 1000;

        private final DecimalFormat format;

        Numbers(Locale locale) {
            format = new DecimalFormat("", new DecimalFormatSymbols(locale));
            format.setParseBigDecimal(true);
        }

        @Nullable Object floating(String text) {
            @Nullable Object plain = number(text, Double::parseDouble);
            @Nullable BigDecimal grouped = plain == null ? grouped(text) : null;
            return grouped == null ? plain : (Object) grouped.doubleValue();
        }

        @Nullable Object single(String text) {
            @Nullable Object plain = number(text, Float::parseFloat);
            @Nullable BigDecimal grouped = plain == null ? grouped(text) : null;
            return grouped == null ? plain : (Object) grouped.floatValue();
        }

        /// Digits that the scale has no room for are rounded off.
        @Nullable Object decimal(String text, DecimalType type) {
            @Nullable BigDecimal value = plainOrGrouped(text);
            if (value == null || Math.abs((long) value.scale()) > MAX_CHARS) {
                return null;
            }
            BigDecimal fitting = value.setScale(type.scale(), RoundingMode.HALF_UP);
            return fitting.precision() > type.precision() ? null : fitting;
        }

        private @Nullable BigDecimal plainOrGrouped(String text) {
            if (text.length() > MAX_CHARS) {
                return null;
            }
            boolean points = format.getDecimalFormatSymbols().getDecimalSeparator() == '.';
            @Nullable Object plain = points ? number(text, BigDecimal::new) : null;
            return plain == null ? grouped(text) : (BigDecimal) plain;
        }

        private @Nullable BigDecimal grouped(String text) {
            ParsePosition position = new ParsePosition(0);
            // infinities and NaN are doubles
            boolean all = format.parse(text, position) instanceof BigDecimal && position.getIndex() == text.length();
            return all ? (BigDecimal) format.parse(text, new ParsePosition(0)) : null;
        }
    }

    /// Dates and timestamps, from text with the room behind it that their parsers ask for.
    final class Times {
        private static final int PADDING = 16;

        private final TimeFormats formats;
        private final boolean onlyDates;

        Times(XmlOptions options) {
            formats = options.times().formats();
            onlyDates = options.prefersDate() && options.times().dates().isEmpty();
        }

        private static byte[] padded(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            return Arrays.copyOf(utf8, utf8.length + PADDING);
        }

        @Nullable Object date(String text) {
            byte[] data = padded(text);
            int to = data.length - PADDING;
            int day = onlyDates ? TimestampText.date(data, 0, to) : formats.date(data, 0, to);
            return day == TimestampText.OTHER_DATE ? null : (Object) day;
        }

        @Nullable Object timestamp(String text) {
            byte[] data = padded(text);
            long micros = formats.timestamp(data, 0, data.length - PADDING);
            return micros == TimestampText.OTHER ? null : (Object) micros;
        }

        @Nullable Object timestampWithoutZone(String text) {
            byte[] data = padded(text);
            long micros = formats.timestampWithoutZone(data, 0, data.length - PADDING);
            return micros == TimestampText.OTHER ? null : (Object) micros;
        }
    }
}
