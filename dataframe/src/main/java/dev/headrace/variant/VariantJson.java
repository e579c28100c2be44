package dev.headrace.variant;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.headrace.chunk.Slice;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Variants of JSON texts, and their texts.
public final class VariantJson {
    private static final int MAX_DIGITS = 38;
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final DateTimeFormatter LOCAL = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .toFormatter(Locale.ROOT);
    private static final DateTimeFormatter ZONED = new DateTimeFormatterBuilder()
            .append(LOCAL)
            .appendOffset("+HH:MM", "+00:00")
            .toFormatter(Locale.ROOT);

    private VariantJson() {}

    /// The variant of a JSON text; empty if it is none, or if it is nested over 1,000 levels deep. Numbers with a point
    /// and without an exponent are decimals if they have at most 38 digits, else doubles; so are integers beyond a
    /// bigint.
    ///
    /// @throws dev.headrace.errors.DataException `VARIANT_DUPLICATE_KEY`, `VARIANT_SIZE_LIMIT`
    public static Optional<Slice> parse(String json) {
        try (JsonParser in = FACTORY.createParser(json)) {
            return parse(in);
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    /// The variant of a JSON text in UTF-8, as [#parse(String)].
    public static Optional<Slice> parse(byte[] json, int from, int length) {
        try (JsonParser in = FACTORY.createParser(json, from, length)) {
            return parse(in);
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    private static Optional<Slice> parse(JsonParser in) throws IOException {
        VariantBuilder out = new VariantBuilder();
        in.nextToken();
        append(in, out, 0);
        return Optional.of(out.build());
    }

    private static void append(JsonParser in, VariantBuilder out, int depth) throws IOException {
        JsonToken token = in.currentToken();
        if (token == null || depth > Variant.MAX_DEPTH) {
            throw new IOException(token == null ? "the text ends" : "too deep");
        }
        switch (token) {
            case START_OBJECT -> appendObject(in, out, depth);
            case START_ARRAY -> {
                int start = out.position();
                List<Integer> starts = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    starts.add(out.position());
                    append(in, out, depth + 1);
                }
                out.finishArray(start, starts);
            }
            case VALUE_STRING -> out.appendString(in.getText().getBytes(StandardCharsets.UTF_8));
            case VALUE_NUMBER_INT -> appendInteger(in, out);
            case VALUE_NUMBER_FLOAT -> appendNumber(in, out);
            case VALUE_TRUE -> out.appendBoolean(true);
            case VALUE_FALSE -> out.appendBoolean(false);
            case VALUE_NULL -> out.appendNull();
            default -> throw new IOException("not a value: " + token);
        }
    }

    private static void appendObject(JsonParser in, VariantBuilder out, int depth) throws IOException {
        int start = out.position();
        List<VariantBuilder.Field> fields = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            in.nextToken();
            fields.add(out.field(name));
            append(in, out, depth + 1);
        }
        out.finishObject(start, fields);
    }

    private static void appendInteger(JsonParser in, VariantBuilder out) throws IOException {
        try {
            out.appendLong(in.getLongValue());
        } catch (InputCoercionException tooLarge) {
            appendNumber(in, out);
        }
    }

    private static void appendNumber(JsonParser in, VariantBuilder out) throws IOException {
        String text = in.getText();
        if (text.chars().allMatch(c -> c == '-' || c == '.' || c >= '0' && c <= '9')) {
            BigDecimal decimal = new BigDecimal(text);
            if (decimal.scale() <= MAX_DIGITS && decimal.precision() <= MAX_DIGITS) {
                out.appendDecimal(decimal);
                return;
            }
        }
        out.appendDouble(in.getDoubleValue());
    }

    /// A variant as JSON text.
    ///
    /// @param zone in which timestamps are written
    public static String text(Variant variant, ZoneId zone) {
        StringBuilder out = new StringBuilder();
        append(out, variant, zone);
        return out.toString();
    }

    private static void append(StringBuilder out, Variant variant, ZoneId zone) {
        switch (variant.kind()) {
            case NULL -> out.append("null");
            case BOOLEAN, LONG -> out.append(variant.scalar());
            case DOUBLE, FLOAT -> {
                Number number = (Number) variant.scalar();
                if (Double.isFinite(number.doubleValue())) {
                    out.append(number);
                } else {
                    quote(out, number.toString());
                }
            }
            case DECIMAL -> out.append(((BigDecimal) variant.scalar()).toPlainString());
            case DATE ->
                quote(out, LocalDate.ofEpochDay((Integer) variant.scalar()).toString());
            case TIMESTAMP ->
                quote(out, ZONED.format(instant((Long) variant.scalar()).atZone(zone)));
            case TIMESTAMP_NTZ ->
                quote(out, LOCAL.format(instant((Long) variant.scalar()).atOffset(ZoneOffset.UTC)));
            case BINARY -> quote(out, Base64.getEncoder().encodeToString(((Slice) variant.scalar()).bytes()));
            case STRING, UUID -> quote(out, variant.scalar().toString());
            case OBJECT -> {
                out.append('{');
                variant.forEachPart((part, i) -> {
                    quote(i > 0 ? out.append(',') : out, variant.name(i));
                    append(out.append(':'), part, zone);
                });
                out.append('}');
            }
            case ARRAY -> {
                out.append('[');
                variant.forEachPart((part, i) -> append(i > 0 ? out.append(',') : out, part, zone));
                out.append(']');
            }
        }
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        out.append('"');
    }
}
