package dev.headrace.types;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Spark's JSON form of a type, as in
/// `{"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{}}]}`.
///
/// Each Parquet file has one: it is read without Jackson's trees and their mapper, which a new process loads for long.
final class SchemaJson {
    private static final JsonFactory JSON = new JsonFactory();

    private SchemaJson() {}

    static String write(DataType type) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(type, json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static void write(DataType type, JsonGenerator json) throws IOException {
        switch (type) {
            case StructType struct -> {
                json.writeStartObject();
                json.writeStringField("type", "struct");
                json.writeArrayFieldStart("fields");
                for (StructField field : struct) {
                    json.writeStartObject();
                    json.writeStringField("name", field.name());
                    json.writeFieldName("type");
                    write(field.dataType(), json);
                    json.writeBooleanField("nullable", field.nullable());
                    json.writeFieldName("metadata");
                    writeValue(field.metadata().entries(), json);
                    json.writeEndObject();
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            case ArrayType(DataType element, boolean containsNull) -> {
                json.writeStartObject();
                json.writeStringField("type", "array");
                json.writeFieldName("elementType");
                write(element, json);
                json.writeBooleanField("containsNull", containsNull);
                json.writeEndObject();
            }
            case MapType(DataType key, DataType value, boolean valueContainsNull) -> {
                json.writeStartObject();
                json.writeStringField("type", "map");
                json.writeFieldName("keyType");
                write(key, json);
                json.writeFieldName("valueType");
                write(value, json);
                json.writeBooleanField("valueContainsNull", valueContainsNull);
                json.writeEndObject();
            }
            case DataType atomic -> json.writeString(atomic.typeName());
        }
    }

    /// @param value what [Metadata] may hold
    private static void writeValue(@Nullable Object value, JsonGenerator json) throws IOException {
        switch (value) {
            case Map<?, ?> map -> {
                json.writeStartObject();
                // What is compared as text, as by checkpoints, must not depend on the order in which a JVM has them.
                for (Map.Entry<?, ?> entry : new TreeMap<Object, @Nullable Object>(map).entrySet()) {
                    json.writeFieldName((String) entry.getKey());
                    writeValue(entry.getValue(), json);
                }
                json.writeEndObject();
            }
            case List<?> list -> {
                json.writeStartArray();
                for (Object element : list) {
                    writeValue(element, json);
                }
                json.writeEndArray();
            }
            case null -> json.writeNull();
            default -> json.writeObject(value);
        }
    }

    static DataType read(String text) {
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            return type(value(json));
        } catch (JsonProcessingException notJson) {
            throw new QueryException(
                    "INVALID_SCHEMA_JSON", "Not a schema in JSON: " + notJson.getOriginalMessage(), notJson);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// The value that begins with the parser's token: as [Metadata] has it.
    private static @Nullable Object value(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        return switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    map.put(name, value(json));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(json));
                }
                yield list;
            }
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT ->
                json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? json.getDecimalValue()
                        : (Object) json.getLongValue();
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case null, default -> null;
        };
    }

    private static DataType type(@Nullable Object json) {
        if (json instanceof String name) {
            DataType type = DataType.fromDDL(name);
            if (type.isNested()) {
                throw invalid(json);
            }
            return type;
        }
        if (!(json instanceof Map<?, ?> node)) {
            throw invalid(json);
        }
        return switch (node.get("type") instanceof String kind ? kind : "") {
            case "struct" -> struct(node);
            case "array" -> new ArrayType(type(node.get("elementType")), !isFalse(node.get("containsNull")));
            case "map" ->
                new MapType(
                        type(node.get("keyType")),
                        type(node.get("valueType")),
                        !isFalse(node.get("valueContainsNull")));
            default -> throw invalid(json);
        };
    }

    private static boolean isFalse(@Nullable Object json) {
        return Boolean.FALSE.equals(json);
    }

    private static StructType struct(Map<?, ?> node) {
        List<StructField> fields = new ArrayList<>();
        for (Object each : node.get("fields") instanceof List<?> list ? list : List.of()) {
            if (!(each instanceof Map<?, ?> field) || !(field.get("name") instanceof String name)) {
                throw invalid(node);
            }
            fields.add(new StructField(
                    name, type(field.get("type")), !isFalse(field.get("nullable")), metadata(field.get("metadata"))));
        }
        return new StructType(fields);
    }

    private static Metadata metadata(@Nullable Object json) {
        if (!(json instanceof Map<?, ?> map) || map.isEmpty()) {
            return Metadata.empty();
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            // Spark knows nulls here; who reads metadata takes them for what is not there.
            if (value != null) {
                entries.put((String) key, value);
            }
        });
        return new Metadata(entries);
    }

    private static QueryException invalid(@Nullable Object json) {
        return new QueryException("INVALID_SCHEMA_JSON", "Not a type in Spark's JSON schema format: " + json);
    }
}
