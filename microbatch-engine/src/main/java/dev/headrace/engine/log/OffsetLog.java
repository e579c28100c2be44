package dev.headrace.engine.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The folder `offsets`: the plan of each batch, in the format of Spark's offset log.
///
/// ```text
/// v1
/// {"batchWatermarkMs":0,"batchTimestampMs":1763632800000,"conf":{"k":"v"},"headrace":{…,"startOffsets":["…",null]},"crc32c":"…"}
/// {"clicks":{"0":1200}}
/// -
/// ```
///
/// After the header comes one line per source with its end offset, `-` for none. Spark does not write where a batch
/// begins; it is the end of the batch before. `headrace.tables` has the versions of tables that are read anew,
/// `headrace.shedding` what the batch leaves out.
final class OffsetLog {

    private static final String NO_OFFSET = "-";
    private static final String START_OFFSETS = "startOffsets";
    private static final String TABLES = "tables";
    private static final String SHEDDING = "shedding";

    private final EntryLog log;
    private final Driver self;

    OffsetLog(EntryLog log, Driver self) {
        this.log = log;
        this.self = self;
    }

    EntryLog entries() {
        return log;
    }

    void append(PlannedBatch batch) {
        log.append(batch.id(), encode(batch));
    }

    /// @throws dev.headrace.errors.CheckpointException if the entry is missing, damaged or from a newer release
    PlannedBatch read(BatchId id) {
        String location = log.locate(id);
        EntryFile entry = log.read(id, 1);
        List<Optional<String>> ends = ends(location, entry);
        List<Optional<String>> starts = entry.sealed() ? starts(location, entry) : endsBefore(id);
        if (starts.isEmpty()) {
            starts = ends.stream().map(end -> Optional.<String>empty()).toList();
        }
        if (starts.size() != ends.size()) {
            throw LogErrors.damaged(location, "has " + ends.size() + " sources where " + starts.size() + " should be");
        }
        List<OffsetRange> sources = new ArrayList<>();
        for (int i = 0; i < ends.size(); i++) {
            sources.add(new OffsetRange(starts.get(i), ends.get(i)));
        }
        return new PlannedBatch(
                id,
                sources,
                entry.number(location, "batchWatermarkMs"),
                entry.number(location, "batchTimestampMs"),
                texts(entry, TABLES),
                shedding(entry),
                settings(location, entry));
    }

    private byte[] encode(PlannedBatch batch) {
        ObjectNode header = Json.object();
        header.put("batchWatermarkMs", batch.watermarkMillis());
        header.put("batchTimestampMs", batch.timestampMillis());
        ObjectNode conf = header.putObject("conf");
        batch.settings().forEach(conf::put);
        ObjectNode ours = header.putObject(EntryFile.HEADRACE);
        ours.put("batchId", batch.id().value());
        self.writeTo(ours);
        ArrayNode starts = ours.putArray(START_OFFSETS);
        for (OffsetRange source : batch.sources()) {
            source.from().ifPresentOrElse(starts::add, starts::addNull);
        }
        if (!batch.tables().isEmpty()) {
            ArrayNode tables = ours.putArray(TABLES);
            batch.tables().forEach(version -> version.ifPresentOrElse(tables::add, tables::addNull));
        }
        if (batch.shedding().stream().anyMatch(Optional::isPresent)) {
            ArrayNode shedding = ours.putArray(SHEDDING);
            for (Optional<Shed> shed : batch.shedding()) {
                shed.ifPresentOrElse(
                        now -> shedding.addObject()
                                .put("waiting", now.waiting())
                                .put("kept", now.kept()),
                        shedding::addNull);
            }
        }
        List<String> ends = batch.sources().stream()
                .map(source -> source.to().orElse(NO_OFFSET))
                .toList();
        return EntryFile.seal(1, header, ends);
    }

    private static List<Optional<String>> ends(String location, EntryFile entry) {
        if (entry.lines().isEmpty()) {
            throw LogErrors.damaged(location, "names no source");
        }
        List<Optional<String>> ends = new ArrayList<>();
        for (String line : entry.lines()) {
            if (line.equals(NO_OFFSET)) {
                ends.add(Optional.empty());
            } else if (Json.isValue(line)) {
                ends.add(Optional.of(line));
            } else {
                throw LogErrors.damaged(location, "has an offset of source " + ends.size() + " that is not whole JSON");
            }
        }
        return ends;
    }

    private static List<Optional<String>> starts(String location, EntryFile entry) {
        List<Optional<String>> starts = texts(entry, START_OFFSETS);
        if (starts.isEmpty()) {
            throw LogErrors.damaged(location, "does not say where its sources begin");
        }
        return starts;
    }

    private static List<Optional<Shed>> shedding(EntryFile entry) {
        List<Optional<Shed>> shedding = new ArrayList<>();
        for (JsonNode shed : entry.header().path(EntryFile.HEADRACE).path(SHEDDING)) {
            shedding.add(
                    shed.isNull()
                            ? Optional.empty()
                            : Optional.of(new Shed(
                                    shed.path("waiting").asLong(),
                                    shed.path("kept").asDouble())));
        }
        return shedding;
    }

    private static List<Optional<String>> texts(EntryFile entry, String list) {
        List<Optional<String>> texts = new ArrayList<>();
        for (JsonNode text : entry.header().path(EntryFile.HEADRACE).path(list)) {
            texts.add(text.isNull() ? Optional.empty() : Optional.of(text.asText()));
        }
        return texts;
    }

    /// The ends of the batch before `id`, or nothing when there is none.
    private List<Optional<String>> endsBefore(BatchId id) {
        if (id.equals(BatchId.FIRST)) {
            return List.of();
        }
        BatchId before = new BatchId(id.value() - 1);
        return log.holds(before) ? ends(log.locate(before), log.read(before, 1)) : List.of();
    }

    private static Map<String, String> settings(String location, EntryFile entry) {
        Map<String, String> settings = new TreeMap<>();
        entry.header().path("conf").fields().forEachRemaining(setting -> {
            if (!setting.getValue().isTextual()) {
                throw LogErrors.damaged(location, "has a setting '" + setting.getKey() + "' that is not a text");
            }
            settings.put(setting.getKey(), setting.getValue().asText());
        });
        return settings;
    }
}
