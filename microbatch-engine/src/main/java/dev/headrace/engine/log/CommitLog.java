package dev.headrace.engine.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// The folder `commits`: which batches are done, in the format of Spark's commit log.
///
/// ```text
/// v1
/// {"nextBatchWatermarkMs":0,"headrace":{…},"crc32c":"…"}
/// ```
final class CommitLog {

    /// Spark's version 2 adds the names of state files; without state it says the same as version 1.
    private static final int NEWEST_VERSION = 2;

    private static final String NEXT_WATERMARK = "nextBatchWatermarkMs";

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
        return new CommittedBatch(id, entry.number(log.locate(id), NEXT_WATERMARK));
    }
}
