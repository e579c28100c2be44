package dev.headrace.types;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.headrace.errors.QueryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Spark's JSON form of a type, as in
/// `{"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{}}]}`.
final class SchemaJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private SchemaJson() {}

    static String write(DataType type) {
        return node(type).toString();
    }

    static DataType read(String json) {
        try {
            return type(MAPPER.readTree(json));
        } catch (JsonProcessingException notJson) {
            throw new QueryException(
                    "INVALID_SCHEMA_JSON", "Not a schema in JSON: " + notJson.getOriginalMessage(), notJson);
        }
    }

    private static JsonNode node(DataType type) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (type) {
            case StructType struct -> {
                ObjectNode node = nodes.objectNode().put("type", "struct");
                for (StructField field : struct) {
                    node.withArray("fields")
                            .addObject()
                            .put("name", field.name())
                            .<ObjectNode>set("type", node(field.dataType()))
                            .put("nullable", field.nullable())
                            .set("metadata", MAPPER.valueToTree(field.metadata().entries()));
                }
                node.withArray("fields");
                yield node;
            }
            case ArrayType(DataType element, boolean containsNull) ->
                nodes.objectNode()
                        .put("type", "array")
                        .<ObjectNode>set("elementType", node(element))
                        .put("containsNull", containsNull);
            case MapType(DataType key, DataType value, boolean valueContainsNull) ->
                nodes.objectNode()
                        .put("type", "map")
                        .<ObjectNode>set("keyType", node(key))
                        .<ObjectNode>set("valueType", node(value))
                        .put("valueContainsNull", valueContainsNull);
            case DataType atomic -> nodes.textNode(atomic.typeName());
        };
    }

    private static DataType type(JsonNode node) {
        if (node.isTextual()) {
            DataType type = DataType.fromDDL(node.asText());
            if (type.isNested()) {
                throw invalid(node);
            }
            return type;
        }
        return switch (node.path("type").asText()) {
            case "struct" -> struct(node);
            case "array" ->
                new ArrayType(
                        type(node.path("elementType")),
                        node.path("containsNull").asBoolean(true));
            case "map" ->
                new MapType(
                        type(node.path("keyType")),
                        type(node.path("valueType")),
                        node.path("valueContainsNull").asBoolean(true));
            default -> throw invalid(node);
        };
    }

    private static StructType struct(JsonNode node) {
        List<StructField> fields = new ArrayList<>();
        for (JsonNode field : node.path("fields")) {
            @SuppressWarnings("unchecked")
            Map<String, Object> metadata = MAPPER.convertValue(field.path("metadata"), Map.class);
            fields.add(new StructField(
                    field.path("name").asText(),
                    type(field.path("type")),
                    field.path("nullable").asBoolean(true),
                    metadata == null ? Metadata.empty() : new Metadata(metadata)));
        }
        return new StructType(fields);
    }

    private static QueryException invalid(JsonNode node) {
        return new QueryException("INVALID_SCHEMA_JSON", "Not a type in Spark's JSON schema format: " + node);
    }
}
