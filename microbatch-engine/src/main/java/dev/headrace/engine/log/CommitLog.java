package dev.headrace.engine.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The folder `commits`: which batches are done, in the format of Spark's commit log.
///
/// ```text
/// v1
/// {"nextBatchWatermarkMs":0,"headrace":{"batchId":7,"latestEvents":[{"topic-0":[micros,millis]}],…},"crc32c":"…"}
/// ```
final class CommitLog {

    /// Spark's version 2 adds the names of state files; without state it says the same as version 1.
    private static final int NEWEST_VERSION = 2;

    private static final String NEXT_WATERMARK = "nextBatchWatermarkMs";
    private static final String EVENTS = "latestEvents";

    private final EntryLog log;
    private final Driver self;

    CommitLog(EntryLog log, Driver self) {
        this.log = log;
        this.self = self;
    }

    EntryLog entries() {
        return log;
    }

    void append(CommittedBatch batch) {
        ObjectNode header = Json.object();
        header.put(NEXT_WATERMARK, batch.nextWatermarkMillis());
        ObjectNode ours = header.putObject(EntryFile.HEADRACE);
        ours.put("batchId", batch.id().value());
        if (!batch.latest().isEmpty()) {
            write(batch.latest(), ours.putArray(EVENTS));
        }
        self.writeTo(ours);
        log.append(batch.id(), EntryFile.seal(1, header, List.of()));
    }

    /// @throws dev.headrace.errors.CheckpointException if the entry is missing, damaged or from a newer release
    CommittedBatch read(BatchId id) {
        EntryFile entry = log.read(id, NEWEST_VERSION);
        JsonNode stateFiles = entry.header().path("stateUniqueIds");
        if (!stateFiles.isEmpty()) {
            throw LogErrors.sparkState(log.locate(id));
        }
        return new CommittedBatch(
                id,
                entry.number(log.locate(id), NEXT_WATERMARK),
                events(entry.header().path(EntryFile.HEADRACE).path(EVENTS)));
    }

    private static void write(List<Map<String, LatestEvent>> latest, ArrayNode out) {
        for (Map<String, LatestEvent> parts : latest) {
            ObjectNode byPart = out.addObject();
            new TreeMap<>(parts)
                    .forEach((part, event) ->
                            byPart.putArray(part).add(event.eventMicros()).add(event.sinceMillis()));
        }
    }

    private static List<Map<String, LatestEvent>> events(JsonNode entries) {
        List<Map<String, LatestEvent>> latest = new ArrayList<>();
        for (JsonNode byPart : entries) {
            Map<String, LatestEvent> parts = new TreeMap<>();
            byPart.fields()
                    .forEachRemaining(part -> parts.put(
                            part.getKey(),
                            new LatestEvent(
                                    part.getValue().path(0).asLong(),
                                    part.getValue().path(1).asLong())));
            latest.add(parts);
        }
        return latest;
    }
}
