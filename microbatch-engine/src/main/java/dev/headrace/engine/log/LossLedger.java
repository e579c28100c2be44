package dev.headrace.engine.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.headrace.connector.Gap;
import dev.headrace.errors.CheckpointException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folder `losses`: what batches lack of what they should have read, one file per batch that lacks any. It is
/// written before `commits/N` and never purged. When there are many, those of a hundred old batches become one file,
/// `first-last`, whose lines say their batches. A file of a batch counts instead of what such a file says of it: it is
/// what the merging has not come to delete, or newer.
///
/// ```text
/// v1
/// {"headrace":{"batchId":7,…},"crc32c":"…"}
/// {"batchTimestampMs":1763632800000,"source":0,"description":"…","from":"…","to":"…","operator":0,"waiting":12000,"kept":0.1,"keptRows":100,"lostRows":900}
/// {"batchTimestampMs":1763632800000,"source":0,"description":"…","from":"…","to":"…","gone":{"part":"orders-3","unit":"OFFSETS","first":100,"last":499}}
/// ```
final class LossLedger {
    private static final String FOLDER = "losses";
    private static final Pattern ENTRY = Pattern.compile("0|[1-9][0-9]{0,17}");
    private static final Pattern MERGED = Pattern.compile("(0|[1-9][0-9]{0,17})-(0|[1-9][0-9]{0,17})");
    private static final String BATCH = "batchId";
    /// How many files become one.
    private static final int MERGE = 100;
    /// How many files of newer batches stay.
    private static final int NEWEST = 100;
    /// How often a reader lists the files anew when one of them was merged meanwhile.
    private static final int TRIES = 3;

    private static final Logger LOG = LoggerFactory.getLogger(LossLedger.class);

    private final CheckpointFiles files;
    private final Driver self;

    LossLedger(CheckpointFiles files, Driver self) {
        this.files = files;
        this.self = self;
    }

    /// Adds what a batch has left out. A batch that is run again leaves out the same rows, unless its source has lost
    /// some or the query was changed meanwhile: then what it has left out now counts.
    ///
    /// @param losses at least one
    /// @throws dev.headrace.errors.FencedException if another driver is writing the same batch
    void append(BatchId batch, List<Loss> losses) {
        ObjectNode header = Json.object();
        ObjectNode ours = header.putObject(EntryFile.HEADRACE);
        ours.put(BATCH, batch.value());
        self.writeTo(ours);
        List<String> lines = losses.stream().map(LossLedger::line).toList();
        byte[] content = EntryFile.seal(1, header, lines);
        try {
            files.createFolder(FOLDER);
            files.create(path(batch), content);
        } catch (FileAlreadyExistsException e) {
            if (!EntryFile.parse(locate(batch), read(batch), 1).lines().equals(lines)) {
                replace(batch, content);
            }
        } catch (IOException e) {
            throw LogErrors.io(locate(batch), "writing", e);
        }
        merge();
    }

    /// Puts the oldest files together if there are many.
    private void merge() {
        try {
            List<Long> all = entries(files.list(FOLDER));
            if (all.size() < NEWEST + MERGE) {
                return;
            }
            List<BatchId> oldest =
                    all.subList(0, MERGE).stream().map(BatchId::new).toList();
            List<String> lines = new ArrayList<>();
            for (BatchId batch : oldest) {
                for (String line :
                        EntryFile.parse(locate(batch), read(batch), 1).lines()) {
                    ObjectNode json = Json.object();
                    json.put(BATCH, batch.value());
                    json.setAll((ObjectNode) parsed(locate(batch), line));
                    lines.add(Json.text(json));
                }
            }
            store(FOLDER + "/" + oldest.getFirst() + "-" + oldest.getLast(), lines);
            for (BatchId batch : oldest) {
                files.delete(path(batch));
            }
        } catch (IOException e) {
            throw LogErrors.io(files.locate(FOLDER), "merging", e);
        }
    }

    /// Writes a file of several batches, if no crash has left it whole.
    private void store(String path, List<String> lines) throws IOException {
        ObjectNode header = Json.object();
        self.writeTo(header.putObject(EntryFile.HEADRACE));
        byte[] content = EntryFile.seal(1, header, lines);
        try {
            files.create(path, content);
        } catch (FileAlreadyExistsException merged) {
            if (!has(path, lines)) {
                LOG.warn("{} is not whole and is written anew from the files that it is made of", files.locate(path));
                files.delete(path);
                files.create(path, content);
            }
        }
    }

    private boolean has(String path, List<String> lines) throws IOException {
        try {
            return EntryFile.parse(files.locate(path), files.read(path), 1)
                    .lines()
                    .equals(lines);
        } catch (CheckpointException damaged) {
            return false;
        }
    }

    /// The batches that have a file, in their order.
    private static List<Long> entries(List<String> names) {
        return names.stream()
                .filter(name -> ENTRY.matcher(name).matches())
                .map(Long::parseLong)
                .sorted()
                .toList();
    }

    /// A batch that runs again has left out nothing.
    void forget(BatchId batch) {
        try {
            files.delete(path(batch));
        } catch (IOException e) {
            throw LogErrors.io(locate(batch), "deleting", e);
        }
    }

    /// What an earlier run has left of a batch that it has not committed.
    private void replace(BatchId batch, byte[] content) {
        LOG.warn("{} is written anew: batch {}, run again, has left out other rows", locate(batch), batch);
        try {
            files.delete(path(batch));
            files.create(path(batch), content);
        } catch (FileAlreadyExistsException e) {
            throw LogErrors.fenced(locate(batch), self, EntryFile.driverOf(read(batch)));
        } catch (IOException e) {
            throw LogErrors.io(locate(batch), "writing", e);
        }
    }

    /// All losses of the batches up to one, in their order.
    ///
    /// @throws dev.headrace.errors.CheckpointException if a file is damaged
    List<Loss> upTo(BatchId last) {
        for (int attempt = 1; ; attempt++) {
            try {
                return all(last);
            } catch (NoSuchFileException merged) {
                if (attempt == TRIES) {
                    throw LogErrors.io(files.locate(FOLDER), "reading", merged);
                }
            } catch (IOException e) {
                throw LogErrors.io(files.locate(FOLDER), "reading", e);
            }
        }
    }

    private List<Loss> all(BatchId last) throws IOException {
        List<String> names = files.list(FOLDER);
        SortedMap<Long, List<Loss>> byBatch = new TreeMap<>();
        for (String name : names) {
            if (MERGED.matcher(name).matches()) {
                byBatch.putAll(
                        read(FOLDER + "/" + name, json -> json.path(BATCH).asLong()));
            }
        }
        for (long batch : entries(names)) {
            byBatch.putAll(read(path(new BatchId(batch)), _ -> batch));
        }
        return byBatch.headMap(last.value() + 1).values().stream()
                .flatMap(List::stream)
                .toList();
    }

    private Map<Long, List<Loss>> read(String path, ToLongFunction<JsonNode> batchOf) throws IOException {
        Map<Long, List<Loss>> losses = new HashMap<>();
        String location = files.locate(path);
        for (String line : EntryFile.parse(location, files.read(path), 1).lines()) {
            JsonNode json = parsed(location, line);
            long batch = batchOf.applyAsLong(json);
            losses.computeIfAbsent(batch, _ -> new ArrayList<>()).add(loss(new BatchId(batch), json));
        }
        return losses;
    }

    private static JsonNode parsed(String location, String line) {
        return Json.parseObject(line)
                .orElseThrow(() -> LogErrors.damaged(location, "has a line that is not whole JSON"));
    }

    private byte[] read(BatchId batch) {
        try {
            return files.read(path(batch));
        } catch (IOException e) {
            throw LogErrors.io(locate(batch), "reading", e);
        }
    }

    private static String line(Loss loss) {
        ObjectNode json = Json.object();
        json.put("batchTimestampMs", loss.timestampMillis());
        json.put("source", loss.source());
        json.put("description", loss.description());
        loss.read().from().ifPresent(from -> json.put("from", from));
        loss.read().to().ifPresent(to -> json.put("to", to));
        switch (loss.cause()) {
            case Loss.Cause.LoadShedding(int operator, Shed shed, long kept, long lost) -> {
                json.put("operator", operator);
                json.put("waiting", shed.waiting());
                json.put("kept", shed.kept());
                json.put("keptRows", kept);
                json.put("lostRows", lost);
            }
            case Loss.Cause.GoneAtSource(Gap(String part, Gap.Unit unit, long first, long last)) -> {
                ObjectNode gone = json.putObject("gone");
                gone.put("part", part);
                gone.put("unit", unit.name());
                gone.put("first", first);
                gone.put("last", last);
            }
        }
        return Json.text(json);
    }

    private static Loss loss(BatchId batch, JsonNode json) {
        return new Loss(
                batch,
                json.path("batchTimestampMs").asLong(),
                json.path("source").asInt(),
                json.path("description").asText(),
                new OffsetRange(text(json, "from"), text(json, "to")),
                cause(json));
    }

    private static Loss.Cause cause(JsonNode json) {
        JsonNode gone = json.path("gone");
        if (gone.isObject()) {
            return new Loss.Cause.GoneAtSource(new Gap(
                    gone.path("part").asText(),
                    Gap.Unit.valueOf(gone.path("unit").asText()),
                    gone.path("first").asLong(),
                    gone.path("last").asLong()));
        }
        return new Loss.Cause.LoadShedding(
                json.path("operator").asInt(),
                new Shed(json.path("waiting").asLong(), json.path("kept").asDouble()),
                json.path("keptRows").asLong(),
                json.path("lostRows").asLong());
    }

    private static Optional<String> text(JsonNode json, String field) {
        return json.has(field) ? Optional.of(json.path(field).asText()) : Optional.empty();
    }

    private static String path(BatchId batch) {
        return FOLDER + "/" + batch;
    }

    private String locate(BatchId batch) {
        return files.locate(path(batch));
    }
}
