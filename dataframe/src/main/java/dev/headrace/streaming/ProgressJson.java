package dev.headrace.streaming;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.headrace.Row;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Progress as the JSON that Spark's `StreamingQueryProgress` gives.
final class ProgressJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ProgressJson() {}

    /// An unmodifiable copy in the order of the keys, so that texts are stable.
    static <V> Map<String, V> sorted(Map<String, V> map) {
        return Collections.unmodifiableMap(new TreeMap<>(map));
    }

    static String write(JsonNode node) {
        return node.toString();
    }

    static String writePretty(JsonNode node) {
        return node.toPrettyString();
    }

    static ObjectNode query(StreamingQueryProgress progress) {
        ObjectNode node = MAPPER.createObjectNode()
                .put("id", progress.id().toString())
                .put("runId", progress.runId().toString())
                .put("name", progress.name())
                .put("timestamp", progress.timestamp())
                .put("batchId", progress.batchId())
                .put("batchDuration", progress.batchDuration())
                .put("numInputRows", progress.numInputRows());
        putRate(node, "inputRowsPerSecond", progress.inputRowsPerSecond());
        putRate(node, "processedRowsPerSecond", progress.processedRowsPerSecond());
        putNumbers(node, "durationMs", progress.durationMs());
        putTexts(node, "eventTime", progress.eventTime());
        ArrayNode stateOperators = node.putArray("stateOperators");
        progress.stateOperatorList().forEach(operator -> stateOperators.add(stateOperator(operator)));
        ArrayNode sources = node.putArray("sources");
        progress.sourceList().forEach(source -> sources.add(source(source)));
        node.set("sink", sink(progress.sink()));
        if (!progress.observedMetrics().isEmpty()) {
            ObjectNode metrics = node.putObject("observedMetrics");
            progress.observedMetrics().forEach((name, values) -> metrics.set(name, metric(values)));
        }
        node.set("rowBalance", rowBalance(progress.rowBalance()));
        return node;
    }

    private static JsonNode metric(@Nullable Object value) {
        return switch (value) {
            case Row row -> {
                ObjectNode fields = MAPPER.createObjectNode();
                for (int i = 0; i < row.size(); i++) {
                    fields.set(Objects.requireNonNull(row.schema()).field(i).name(), metric(row.get(i)));
                }
                yield fields;
            }
            case List<?> values -> {
                ArrayNode array = MAPPER.createArrayNode();
                values.forEach(each -> array.add(metric(each)));
                yield array;
            }
            case null -> MAPPER.nullNode();
            case Number _, Boolean _ -> MAPPER.valueToTree(value);
            case Object other -> MAPPER.getNodeFactory().textNode(other.toString());
        };
    }

    private static ObjectNode rowBalance(RowBalance balance) {
        return MAPPER.createObjectNode()
                .put("in", balance.in())
                .put("made", balance.made())
                .put("out", balance.out())
                .put("late", balance.late())
                .put("filtered", balance.filtered())
                .put("rejected", balance.rejected())
                .put("shed", balance.shed())
                .put("held", balance.held());
    }

    static ObjectNode source(SourceProgress progress) {
        ObjectNode node = MAPPER.createObjectNode().put("description", progress.description());
        node.set("startOffset", offset(progress.startOffset()));
        node.set("endOffset", offset(progress.endOffset()));
        node.set("latestOffset", offset(progress.latestOffset()));
        node.put("numInputRows", progress.numInputRows());
        putRate(node, "inputRowsPerSecond", progress.inputRowsPerSecond());
        putRate(node, "processedRowsPerSecond", progress.processedRowsPerSecond());
        putTexts(node, "metrics", progress.metrics());
        return node;
    }

    static ObjectNode sink(SinkProgress progress) {
        ObjectNode node = MAPPER.createObjectNode()
                .put("description", progress.description())
                .put("numOutputRows", progress.numOutputRows());
        putTexts(node, "metrics", progress.metrics());
        return node;
    }

    static ObjectNode stateOperator(StateOperatorProgress progress) {
        ObjectNode node = MAPPER.createObjectNode()
                .put("operatorName", progress.operatorName())
                .put("numRowsTotal", progress.numRowsTotal())
                .put("numRowsUpdated", progress.numRowsUpdated())
                .put("allUpdatesTimeMs", progress.allUpdatesTimeMs())
                .put("numRowsRemoved", progress.numRowsRemoved())
                .put("allRemovalsTimeMs", progress.allRemovalsTimeMs())
                .put("commitTimeMs", progress.commitTimeMs())
                .put("memoryUsedBytes", progress.memoryUsedBytes())
                .put("numRowsDroppedByWatermark", progress.numRowsDroppedByWatermark())
                .put("numShufflePartitions", progress.numShufflePartitions())
                .put("numStateStoreInstances", progress.numStateStoreInstances());
        putNumbers(node, "customMetrics", progress.customMetrics());
        return node;
    }

    static ObjectNode status(StreamingQueryStatus status) {
        return MAPPER.createObjectNode()
                .put("message", status.message())
                .put("isDataAvailable", status.isDataAvailable())
                .put("isTriggerActive", status.isTriggerActive());
    }

    static ObjectNode event(StreamingQueryListener.Event event) {
        ObjectNode node = MAPPER.createObjectNode();
        switch (event) {
            case StreamingQueryListener.QueryProgressEvent(StreamingQueryProgress progress) ->
                node.set("progress", query(progress));
            case StreamingQueryListener.QueryStartedEvent started ->
                run(node, started).put("name", started.name()).put("timestamp", started.timestamp());
            case StreamingQueryListener.QueryIdleEvent idle -> run(node, idle).put("timestamp", idle.timestamp());
            case StreamingQueryListener.QueryTerminatedEvent terminated ->
                run(node, terminated)
                        .put("exception", terminated.exception().orElse(null))
                        .put(
                                "errorClassOnException",
                                terminated.errorClassOnException().orElse(null));
        }
        return node;
    }

    private static ObjectNode run(ObjectNode node, StreamingQueryListener.Event event) {
        return node.put("id", event.id().toString()).put("runId", event.runId().toString());
    }

    /// A rate that can't be computed (over no time) is left out, as Spark does.
    private static void putRate(ObjectNode node, String name, double rate) {
        if (Double.isFinite(rate)) {
            node.put(name, rate);
        }
    }

    private static void putNumbers(ObjectNode node, String name, Map<String, Long> values) {
        if (!values.isEmpty()) {
            ObjectNode object = node.putObject(name);
            values.forEach(object::put);
        }
    }

    private static void putTexts(ObjectNode node, String name, Map<String, String> values) {
        if (!values.isEmpty()) {
            ObjectNode object = node.putObject(name);
            values.forEach(object::put);
        }
    }

    /// An offset is JSON already; one that isn't is shown as text.
    private static JsonNode offset(@Nullable String json) {
        if (json == null) {
            return MAPPER.nullNode();
        }
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException text) {
            return MAPPER.getNodeFactory().textNode(json);
        }
    }
}
