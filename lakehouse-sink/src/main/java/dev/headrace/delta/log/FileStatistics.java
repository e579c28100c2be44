package dev.headrace.delta.log;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// How many rows a data file has and between which values its columns lie, as an [AddFile] carries it.
///
/// ```json
/// {"numRecords":3,"minValues":{"id":1,"at":"2026-11-20T10:00:00.000Z"},"maxValues":{…},"nullCount":{"id":0,"at":1}}
/// ```
///
/// @param rowCount how many rows the file has, deleted ones included, if known
/// @param columns by name; a column of which nothing is known may be missing
public record FileStatistics(OptionalLong rowCount, Map<String, ColumnStatistics> columns) {
    public static final FileStatistics UNKNOWN = new FileStatistics(OptionalLong.empty(), Map.of());

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);

    public FileStatistics {
        columns = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }

    /// What a file's statistics say about the columns of a schema. Statistics that can't be understood count as none:
    /// they only ever save work.
    public static FileStatistics read(Optional<String> stats, StructType schema) {
        if (stats.isEmpty()) {
            return UNKNOWN;
        }
        try {
            JsonNode node = MAPPER.readTree(stats.get());
            JsonNode rows = node.path("numRecords");
            return new FileStatistics(
                    rows.isIntegralNumber() ? OptionalLong.of(rows.longValue()) : OptionalLong.empty(),
                    columns(schema, node.path("minValues"), node.path("maxValues"), node.path("nullCount")));
        } catch (JsonProcessingException notJson) {
            return UNKNOWN;
        }
    }

    private static Map<String, ColumnStatistics> columns(
            StructType schema, JsonNode min, JsonNode max, JsonNode nullCount) {
        Map<String, ColumnStatistics> columns = new LinkedHashMap<>();
        for (StructField field : schema) {
            String name = field.name();
            columns.put(name, column(field, min.path(name), max.path(name), nullCount.path(name)));
        }
        return columns;
    }

    private static ColumnStatistics column(StructField field, JsonNode min, JsonNode max, JsonNode nullCount) {
        if (field.dataType() instanceof StructType struct) {
            return new ColumnStatistics.Struct(columns(struct, min, max, nullCount));
        }
        return new ColumnStatistics.Leaf(
                StatisticsValue.readMin(min, field.dataType()),
                StatisticsValue.readMax(max, field.dataType()),
                nullCount.isIntegralNumber() ? OptionalLong.of(nullCount.longValue()) : OptionalLong.empty());
    }

    /// Statistics that say of themselves that they are bounds only: rows that they count are deleted.
    static String loosened(String stats) {
        try {
            return MAPPER.readTree(stats) instanceof ObjectNode node
                    ? MAPPER.writeValueAsString(node.put("tightBounds", false))
                    : stats;
        } catch (JsonProcessingException notJson) {
            return stats;
        }
    }

    /// The JSON text for an [AddFile].
    ///
    /// @param schema the columns to write and their types
    public String json(StructType schema) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        rowCount.ifPresent(rows -> node.put("numRecords", rows));
        write(schema, columns, node.putObject("minValues"), node.putObject("maxValues"), node.putObject("nullCount"));
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException impossibleForATree) {
            throw new IllegalStateException(impossibleForATree);
        }
    }

    private static void write(
            StructType schema,
            Map<String, ColumnStatistics> columns,
            ObjectNode min,
            ObjectNode max,
            ObjectNode nullCount) {
        for (StructField field : schema) {
            String name = field.name();
            ColumnStatistics column = columns.get(name);
            switch (column) {
                case ColumnStatistics.Leaf leaf -> {
                    leaf.min()
                            .flatMap(value -> StatisticsValue.writeMin(value, field.dataType()))
                            .ifPresent(value -> min.set(name, value));
                    leaf.max()
                            .flatMap(value -> StatisticsValue.writeMax(value, field.dataType()))
                            .ifPresent(value -> max.set(name, value));
                    leaf.nullCount().ifPresent(nulls -> nullCount.put(name, nulls));
                }
                case ColumnStatistics.Struct(Map<String, ColumnStatistics> fields) ->
                    write(
                            (StructType) field.dataType(),
                            fields,
                            min.putObject(name),
                            max.putObject(name),
                            nullCount.putObject(name));
                case null -> {}
            }
        }
    }
}
