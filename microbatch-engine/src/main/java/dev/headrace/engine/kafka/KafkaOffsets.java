package dev.headrace.engine.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.errors.CheckpointException;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/// Offsets of partitions, and their JSON form, which is Spark's: `{"topic":{"0":23,"1":42}}`.
final class KafkaOffsets {
    static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);
    private static final ObjectMapper JSON = new ObjectMapper();

    private KafkaOffsets() {}

    static String json(Map<TopicPartition, Long> offsets) {
        SortedMap<String, SortedMap<Integer, Long>> byTopic = new TreeMap<>();
        offsets.forEach((partition, offset) ->
                byTopic.computeIfAbsent(partition.topic(), _ -> new TreeMap<>()).put(partition.partition(), offset));
        try {
            return JSON.writeValueAsString(byTopic);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Reads an offset of the log.
    ///
    /// @throws CheckpointException `INVALID_KAFKA_OFFSETS`
    static SortedMap<TopicPartition, Long> parse(String json) {
        SortedMap<TopicPartition, Long> offsets = new TreeMap<>(ORDER);
        try {
            if (collect(JSON.readTree(json), offsets)) {
                return offsets;
            }
        } catch (JsonProcessingException notJson) {
            throw invalid(json);
        }
        throw invalid(json);
    }

    private static CheckpointException invalid(String json) {
        return new CheckpointException(
                "INVALID_KAFKA_OFFSETS",
                "The checkpoint has '" + json
                        + "' where Kafka offsets as in {\"topic\":{\"0\":23}} should be. Does it belong "
                        + "to a query with another source?");
    }

    /// Reads an option with offsets or timestamps per partition.
    static SortedMap<TopicPartition, Long> parse(ConnectorOptions options, String key) {
        SortedMap<TopicPartition, Long> offsets = new TreeMap<>(ORDER);
        try {
            if (collect(JSON.readTree(options.get(key, "")), offsets)) {
                return offsets;
            }
        } catch (JsonProcessingException notJson) {
            throw options.invalid(key, "JSON as in {\"topic\":{\"0\":23,\"1\":-1}}");
        }
        throw options.invalid(key, "JSON as in {\"topic\":{\"0\":23,\"1\":-1}}");
    }

    private static boolean collect(JsonNode json, Map<TopicPartition, Long> out) {
        for (Map.Entry<String, JsonNode> topic : (Iterable<Map.Entry<String, JsonNode>>) json::fields) {
            for (Map.Entry<String, JsonNode> entry : (Iterable<Map.Entry<String, JsonNode>>) topic.getValue()::fields) {
                boolean numbers =
                        entry.getKey().matches("\\d{1,9}") && entry.getValue().canConvertToLong();
                if (!numbers) {
                    return false;
                }
                out.put(
                        new TopicPartition(topic.getKey(), Integer.parseInt(entry.getKey())),
                        entry.getValue().asLong());
            }
        }
        return json.isObject();
    }

    /// Reads the option `assign`.
    static Set<TopicPartition> parsePartitions(ConnectorOptions options) {
        String expected = "JSON as in {\"topic\":[0,1]}";
        Set<TopicPartition> partitions = new TreeSet<>(ORDER);
        try {
            JsonNode json = JSON.readTree(options.get("assign", ""));
            for (Map.Entry<String, JsonNode> topic : (Iterable<Map.Entry<String, JsonNode>>) json::fields) {
                for (JsonNode partition : topic.getValue()) {
                    if (!partition.canConvertToInt()) {
                        throw options.invalid("assign", expected);
                    }
                    partitions.add(new TopicPartition(topic.getKey(), partition.asInt()));
                }
            }
        } catch (JsonProcessingException notJson) {
            throw options.invalid("assign", expected);
        }
        if (partitions.isEmpty()) {
            throw options.invalid("assign", expected);
        }
        return partitions;
    }
}
