package dev.headrace.json;

import dev.headrace.chunk.Slice;
import dev.headrace.function.IntervalFormat;
import dev.headrace.parse.ByteBuilder;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.TimeOptions;
import dev.headrace.parse.TimeText;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.MapType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.VariantType;
import dev.headrace.variant.Variant;
import dev.headrace.variant.VariantJson;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes values as JSON text, as Spark does: fields of structs that are null are left out unless the option
/// `ignoreNullFields` is false; binaries are in base 64; NaN and the infinities are strings.
final class JsonWriter {
    /// The options that concern how a value is written.
    static final List<String> OPTIONS = FormatOptions.joined(TimeOptions.NAMES, List.of("ignoreNullFields"));

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private final boolean ignoreNulls;
    private final TimeText times;
    private final ZoneId zone;

    /// @param sessionZone the zone in which timestamps are written without the option `timeZone`
    JsonWriter(FormatOptions options, ZoneId sessionZone) {
        this.ignoreNulls = options.flag("ignoreNullFields", true);
        this.times = new TimeText(options, sessionZone);
        this.zone = sessionZone;
    }

    /// @param value as [dev.headrace.chunk.Cell] describes it
    void append(ByteBuilder out, @Nullable Object value, DataType type) {
        switch (value) {
            case null -> out.appendAscii("null");
            case Slice slice when type instanceof BinaryType -> {
                out.append('"');
                out.append(Base64.getEncoder().encode(slice.bytes()));
                out.append('"');
            }
            case Slice slice when type instanceof VariantType ->
                out.append(VariantJson.text(Variant.of(slice), zone).getBytes(StandardCharsets.UTF_8));
            case Slice slice -> appendString(out, slice);
            case Boolean flag -> out.appendAscii(flag.toString());
            case Double number -> appendDouble(out, number);
            case Float number -> appendFloating(out, number, number.toString());
            case BigDecimal decimal -> out.appendAscii(decimal.toPlainString());
            case Map<?, ?> map -> appendMap(out, map, (MapType) type);
            case List<?> list when type instanceof StructType struct -> appendStruct(out, list, struct);
            case List<?> list -> appendArray(out, list, ((ArrayType) type).elementType());
            case Number number -> appendWhole(out, number.longValue(), type);
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
        }
    }

    private void appendWhole(ByteBuilder out, long number, DataType type) {
        switch (type) {
            case DateType _ -> {
                out.append('"');
                times.appendDate(out, (int) number);
                out.append('"');
            }
            case TimestampType _ -> {
                out.append('"');
                times.appendTimestamp(out, number);
                out.append('"');
            }
            case TimestampNTZType _ -> {
                out.append('"');
                times.appendTimestampWithoutZone(out, number);
                out.append('"');
            }
            case AnsiIntervalType interval -> {
                out.append('"');
                out.appendAscii(IntervalFormat.text(number, interval));
                out.append('"');
            }
            default -> out.append(number);
        }
    }

    static void appendDouble(ByteBuilder out, double number) {
        appendFloating(out, number, Double.toString(number));
    }

    private static void appendFloating(ByteBuilder out, double number, String text) {
        if (Double.isFinite(number)) {
            out.appendAscii(text);
        } else {
            out.append('"');
            out.appendAscii(text);
            out.append('"');
        }
    }

    void appendStruct(ByteBuilder out, List<?> values, StructType type) {
        out.append('{');
        boolean first = true;
        for (int i = 0; i < type.size(); i++) {
            Object value = values.get(i);
            if (value == null && ignoreNulls) {
                continue;
            }
            if (!first) {
                out.append(',');
            }
            first = false;
            appendString(out, Slice.utf8(type.field(i).name()));
            out.append(':');
            append(out, value, type.field(i).dataType());
        }
        out.append('}');
    }

    private void appendArray(ByteBuilder out, List<?> values, DataType element) {
        out.append('[');
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            append(out, values.get(i), element);
        }
        out.append(']');
    }

    private void appendMap(ByteBuilder out, Map<?, ?> map, MapType type) {
        out.append('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!first) {
                out.append(',');
            }
            first = false;
            appendKey(out, entry.getKey(), type.keyType());
            out.append(':');
            append(out, entry.getValue(), type.valueType());
        }
        out.append('}');
    }

    /// Names are strings, whatever the type of the keys is.
    private void appendKey(ByteBuilder out, Object key, DataType type) {
        if (type instanceof StringType && key instanceof Slice slice) {
            appendString(out, slice);
            return;
        }
        ByteBuilder text = new ByteBuilder();
        append(text, key, type);
        byte[] bytes = text.toArray();
        boolean quoted = bytes.length > 0 && bytes[0] == '"';
        if (quoted) {
            out.append(bytes);
        } else {
            appendString(out, Slice.of(bytes));
        }
    }

    static void appendString(ByteBuilder out, Slice text) {
        int length = text.length();
        out.reserve(length + 2);
        out.append('"');
        int plainFrom = 0;
        for (int i = 0; i < length; i++) {
            byte c = text.byteAt(i);
            if (c == '"' || c == '\\' || c >= 0 && c < ' ') {
                out.append(text.subslice(plainFrom, i - plainFrom));
                appendEscape(out, c);
                plainFrom = i + 1;
            }
        }
        out.append(plainFrom == 0 ? text : text.subslice(plainFrom, length - plainFrom));
        out.append('"');
    }

    /// @param c a quote, a backslash or a control character
    static void appendEscape(ByteBuilder out, byte c) {
        out.append('\\');
        switch (c) {
            case '"', '\\' -> out.append(c);
            case '\b' -> out.append('b');
            case '\f' -> out.append('f');
            case '\n' -> out.append('n');
            case '\r' -> out.append('r');
            case '\t' -> out.append('t');
            default -> {
                out.appendAscii("u00");
                out.append(HEX[c >> 4]);
                out.append(HEX[c & 15]);
            }
        }
    }
}
