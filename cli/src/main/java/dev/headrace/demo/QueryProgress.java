package dev.headrace.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// What the demo shows of one batch, taken from the JSON that a query reports.
///
/// @param query the query's name
/// @param batchId the batch
/// @param rowsIn rows read
/// @param rowsOut rows written, if the sink says
/// @param batchMillis how long the batch took
/// @param watermark the event time up to which windows are closed, if the query has a watermark
/// @param lag events in the topic that were not yet read when the batch ended, if the source says
/// @param stateRows rows of state, if the query has state
/// @param late rows left out as late
record QueryProgress(
        String query,
        long batchId,
        long rowsIn,
        OptionalLong rowsOut,
        long batchMillis,
        Optional<Instant> watermark,
        OptionalLong lag,
        OptionalLong stateRows,
        long late) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /// @param json one `StreamingQueryProgress`
    /// @throws IllegalArgumentException if it is not JSON
    static QueryProgress parse(String json) {
        JsonNode node;
        try {
            node = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not the progress of a query: " + json, e);
        }
        JsonNode stateOperators = node.path("stateOperators");
        long sinkRows = node.path("sink").path("numOutputRows").asLong(-1);
        String watermark = node.path("eventTime").path("watermark").asText();
        return new QueryProgress(
                node.path("name").asText(),
                node.path("batchId").asLong(),
                node.path("numInputRows").asLong(),
                sinkRows < 0 ? OptionalLong.empty() : OptionalLong.of(sinkRows),
                node.path("durationMs")
                        .path("triggerExecution")
                        .asLong(node.path("batchDuration").asLong()),
                watermark.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Instant.parse(watermark)).filter(time -> time.isAfter(Instant.EPOCH)),
                lag(node.path("sources")),
                stateOperators.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sum(stateOperators, "numRowsTotal")),
                sum(stateOperators, "numRowsDroppedByWatermark"));
    }

    private static long sum(JsonNode operators, String field) {
        long sum = 0;
        for (JsonNode operator : operators) {
            sum += operator.path(field).asLong();
        }
        return sum;
    }

    /// Kafka sources tell how far their partitions are behind, on average; an offset is
    /// `{"topic":{"partition":offset}}`.
    private static OptionalLong lag(JsonNode sources) {
        double lag = 0;
        boolean known = false;
        for (JsonNode source : sources) {
            JsonNode behind = source.path("metrics").path("avgOffsetsBehindLatest");
            if (!behind.isMissingNode()) {
                known = true;
                lag += behind.asDouble() * partitions(source.path("endOffset"));
            }
        }
        return known ? OptionalLong.of(Math.round(lag)) : OptionalLong.empty();
    }

    private static int partitions(JsonNode topics) {
        int partitions = 0;
        for (JsonNode topic : topics) {
            partitions += topic.size();
        }
        return partitions;
    }
}
