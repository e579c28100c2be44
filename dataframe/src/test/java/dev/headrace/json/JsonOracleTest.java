package dev.headrace.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headrace.chunk.Cell;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.DataType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.MapType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random documents under random schemas, read by Jackson and by the decoder.
class JsonOracleTest {
    private static final ObjectMapper JACKSON = new ObjectMapper(JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build());

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void documentsGiveWhatJacksonReads(long seed) throws IOException {
        Random random = new Random(seed);
        StructType schema = (StructType) new RandomJson(random).struct(3);
        RandomJson documents = new RandomJson(random);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            texts.add(documents.document(schema));
        }
        assertDecoded(schema, texts);
    }

    @Test
    void damagedDocumentsAreMalformedWhereJacksonSaysSo() throws IOException {
        Random random = new Random(42);
        StructType schema = (StructType) new RandomJson(random).struct(2);
        RandomJson documents = new RandomJson(random);
        String noise = "{}[]\":,\\ 0-e.tn\tx'";
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder(documents.document(schema));
            for (int damage = random.nextInt(3); damage >= 0; damage--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, noise.charAt(random.nextInt(noise.length())));
                    case 1 -> text.deleteCharAt(at);
                    default -> text.insert(at, noise.charAt(random.nextInt(noise.length())));
                }
                if (text.isEmpty()) {
                    text.append('{');
                }
            }
            texts.add(text.toString());
        }
        assertDecoded(schema, texts);
    }

    private static void assertDecoded(StructType schema, List<String> texts) throws IOException {
        try (RootAllocator allocator = new RootAllocator();
                JsonDecoder decoder = new JsonDecoder(
                        schema,
                        Map.of("allowSingleQuotes", "false", "allowNonNumericNumbers", "false"),
                        ZoneOffset.UTC,
                        allocator)) {
            for (String text : texts) {
                byte[] payload = text.getBytes(StandardCharsets.UTF_8);
                decoder.decode(payload, 0, payload.length);
            }
            try (FieldVector rows = decoder.finish("value")) {
                for (int i = 0; i < texts.size(); i++) {
                    String expected = expected(texts.get(i), schema);
                    if (!expected.contains(ANY_TEXT)) {
                        assertEquals(expected, String.valueOf(Cell.detach(Cell.read(rows, i))), texts.get(i));
                    }
                }
            }
        }
    }

    private static String expected(String text, StructType schema) throws IOException {
        List<Object> nulls = Arrays.asList(new Object[schema.size()]);
        try (JsonParser parser = JACKSON.createParser(text)) {
            JsonNode node = JACKSON.readTree(parser);
            if (node == null) {
                return "null";
            }
            return node.isObject() ? convert(node, schema).toString() : nulls.toString();
        } catch (com.fasterxml.jackson.core.JsonProcessingException malformed) {
            return nulls.toString();
        }
    }

    /// With a question mark for each half of a surrogate pair.
    private static String whole(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static final Object MISFIT = new Object();

    /// What the text of a value that isn't a string is, Jackson does not say.
    private static final String ANY_TEXT = "<any text>";

    /// What a value becomes; [#MISFIT] if it doesn't fit.
    private static Object convert(JsonNode node, DataType type) {
        if (node == null || node.isNull()) {
            return null;
        }
        return switch (type) {
            case BooleanType _ -> node.isBoolean() ? node.asBoolean() : MISFIT;
            case IntegerType _ -> node.isIntegralNumber() && node.canConvertToInt() ? node.asInt() : MISFIT;
            case LongType _ -> node.isIntegralNumber() && node.canConvertToLong() ? node.asLong() : MISFIT;
            case DoubleType _ -> node.isNumber() ? node.asDouble() : MISFIT;
            case StringType _ -> node.isTextual() ? whole(node.asText()) : ANY_TEXT;
            case ArrayType(DataType element, boolean _) -> {
                List<Object> elements = new ArrayList<>();
                node.forEach(child -> elements.add(convert(child, element)));
                yield !node.isArray() || elements.contains(MISFIT) ? MISFIT : elements;
            }
            case MapType(DataType _, DataType value, boolean _) -> {
                Map<String, Object> entries = new LinkedHashMap<>();
                node.fields().forEachRemaining(e -> entries.put(e.getKey(), convert(e.getValue(), value)));
                yield !node.isObject() || entries.containsValue(MISFIT) ? MISFIT : entries;
            }
            case StructType struct -> {
                List<Object> fields = new ArrayList<>();
                for (StructField field : struct) {
                    Object value = convert(node.get(field.name()), field.dataType());
                    fields.add(value == MISFIT ? null : value);
                }
                yield node.isObject() ? fields : MISFIT;
            }
            default -> throw new IllegalArgumentException(type.toString());
        };
    }
}
