package dev.headrace.engine.log;

import static dev.headrace.engine.log.Batches.ANN;
import static dev.headrace.engine.log.Batches.open;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.CheckpointException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Spark's checkpoints can be read, and what is written has Spark's format.
///
/// The resource folder `spark-4.1.3` was written by Spark 4.1.3 itself, in local mode: a union of two text sources, the
/// second of which has no file, into Parquet files, run to its end with `Trigger.AvailableNow` in three batches of one
/// file. The hand-made files follow the format that Spark documents in its sources: `OffsetSeqLog`,
/// `OffsetSeqMetadata`, `CommitLog` and `StreamMetadata` of the package `org.apache.spark.sql.execution.streaming`.
class SparkFormatTest {

    @TempDir
    Path directory;

    @Test
    void aQueryOfSparkIsContinued() throws Exception {
        copyOfSparksCheckpoint();

        try (Checkpoint checkpoint = open(directory, ANN)) {
            assertEquals(new QueryId(UUID.fromString("2bb0c0c9-a762-4d0a-b119-6d370f404665")), checkpoint.query());
            Recovery.Continue decision = (Recovery.Continue) checkpoint.recovery();
            assertEquals(0, decision.nextWatermarkMillis());
            PlannedBatch last = decision.last();
            assertEquals(new BatchId(2), last.id());
            assertEquals(
                    List.of(OffsetRange.of("{\"logOffset\":1}", "{\"logOffset\":2}"), OffsetRange.NONE),
                    last.sources());
            assertEquals(1_795_218_887_086L, last.timestampMillis());
            assertEquals("2", last.settings().get("spark.sql.shuffle.partitions"));
            assertEquals(11, last.settings().size());
        }
    }

    @Test
    void aBatchThatSparkHasLeftOpenIsReplayed() throws Exception {
        copyOfSparksCheckpoint();
        Files.delete(directory.resolve("commits/2"));

        try (Checkpoint checkpoint = open(directory, ANN)) {
            Recovery.Replay decision = (Recovery.Replay) checkpoint.recovery();
            assertEquals(new BatchId(2), decision.batch().id());
            checkpoint.commit(new CommittedBatch(new BatchId(2), 0));
        }
    }

    @Test
    void whereTheFirstBatchOfSparkBeginsIsLeftToItsSources() throws Exception {
        copyOfSparksCheckpoint();

        try (Checkpoint checkpoint = open(directory, ANN)) {
            assertEquals(
                    List.of(new OffsetRange(Optional.empty(), Optional.of("{\"logOffset\":0}")), OffsetRange.NONE),
                    checkpoint.planned(BatchId.FIRST).orElseThrow().sources());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"offsets/2", "offsets/1", "commits/2"})
    void damageToSparksFilesIsFoundByHadoopsChecksum(String file) throws Exception {
        copyOfSparksCheckpoint();
        String content = Files.readString(directory.resolve(file));
        Files.writeString(directory.resolve(file), content.replaceFirst("Ms\":0", "Ms\":7"));

        CheckpointException error = assertThrows(CheckpointException.class, () -> open(directory, ANN));

        Path sideFile = directory.resolve(file.replace("/", "/.") + ".crc");
        assertEquals(
                "[LOG_ENTRY_DAMAGED] " + directory.resolve(file) + ": the file does not have the checksum that '"
                        + sideFile
                        + "' asks for. It was not used. Restore it from a backup, or start with a new checkpoint"
                        + " directory.",
                error.getMessage());
    }

    @Test
    void purgingTakesHadoopsChecksumsAlong() throws Exception {
        copyOfSparksCheckpoint();

        try (Checkpoint checkpoint = open(directory, ANN)) {
            checkpoint.purge(2);
        }
        assertFalse(Files.exists(directory.resolve("offsets/.0.crc")));
        assertFalse(Files.exists(directory.resolve("commits/.0.crc")));
        assertTrue(Files.exists(directory.resolve("offsets/.1.crc")));
    }

    @Test
    void filesWithoutAnyChecksumAreAccepted() throws IOException {
        write("metadata", "{\"id\":\"" + Batches.QUERY + "\"}");
        write("offsets/41", "v1\n{\"batchWatermarkMs\":5,\"batchTimestampMs\":6,\"conf\":{}}\n{\"t\":{\"0\":1}}\n7");
        write("offsets/42", "v1\n{\"batchWatermarkMs\":8,\"batchTimestampMs\":9}\n{\"t\":{\"0\":2}}\n7\n");
        write("commits/41", "v1\n{}");

        try (Checkpoint checkpoint = open(directory, ANN)) {
            PlannedBatch expected = new PlannedBatch(
                    new BatchId(42),
                    List.of(OffsetRange.of("{\"t\":{\"0\":1}}", "{\"t\":{\"0\":2}}"), OffsetRange.of("7", "7")),
                    8,
                    9,
                    Map.of());
            assertEquals(new Recovery.Replay(expected), checkpoint.recovery());
            assertEquals(Batches.QUERY, checkpoint.query());
            assertTrue(expected.sources().get(1).isEmpty());
        }
    }

    @Test
    void aCommitOfVersion2IsReadWhenItNamesNoState() throws IOException {
        write("metadata", "{\"id\":\"" + Batches.QUERY + "\"}");
        write("offsets/0", "v1\n{\"batchWatermarkMs\":0,\"batchTimestampMs\":0,\"conf\":{}}\n1");
        write("commits/0", "v2\n{\"nextBatchWatermarkMs\":17,\"stateUniqueIds\":{}}");

        try (Checkpoint checkpoint = open(directory, ANN)) {
            assertEquals(17, ((Recovery.Continue) checkpoint.recovery()).nextWatermarkMillis());
        }
    }

    @Test
    void aCommitThatNamesStateFilesIsRefused() throws IOException {
        write("metadata", "{\"id\":\"" + Batches.QUERY + "\"}");
        write("offsets/0", "v1\n{\"batchWatermarkMs\":0,\"batchTimestampMs\":0,\"conf\":{}}\n1");
        write("commits/0", "v2\n{\"nextBatchWatermarkMs\":0,\"stateUniqueIds\":{\"0\":[[\"x\"]]}}");

        CheckpointException error = assertThrows(CheckpointException.class, () -> open(directory, ANN));

        assertEquals(
                "[SPARK_STATE_UNSUPPORTED] " + directory.resolve("commits/0")
                        + ": the file belongs to a Spark query with"
                        + " state, which can't be read here. Only queries without state can move over with their"
                        + " checkpoint; start this one with a new checkpoint directory.",
                error.getMessage());
    }

    @Test
    void offsetsByNameAreRefused() throws IOException {
        write("metadata", "{\"id\":\"" + Batches.QUERY + "\"}");
        write("offsets/0", "v2\n{\"batchWatermarkMs\":0,\"batchTimestampMs\":0,\"conf\":{}}\nclicks:1");

        CheckpointException error = assertThrows(CheckpointException.class, () -> open(directory, ANN));

        assertEquals("LOG_VERSION_UNKNOWN", error.code());
    }

    @Test
    void whatIsWrittenHasTheFormatOfSparkWithAdditionalFields() throws IOException {
        Batches.run(directory, ANN, 0);

        assertEquals("""
                v1
                {"batchWatermarkMs":0,"batchTimestampMs":1763632800000,"conf":{"headrace.state.keyGroups":"128"},\
                "headrace":{"batchId":0,"runId":"00000000-0000-0000-0000-000000000001","host":"ann","pid":101,\
                "since":"2026-11-20T10:00:00Z","startOffsets":["{\\"clicks\\":{\\"0\\":0}}",null]},"crc32c":"?"}
                {"clicks":{"0":10}}
                -""", withoutChecksum("offsets/0"));
        assertEquals("""
                v1
                {"nextBatchWatermarkMs":1000,\
                "headrace":{"batchId":0,"runId":"00000000-0000-0000-0000-000000000001","host":"ann","pid":101,\
                "since":"2026-11-20T10:00:00Z"},"crc32c":"?"}""", withoutChecksum("commits/0"));
        assertEquals("""
                {"id":"7b0e4f5c-1111-4222-8333-944445555666",\
                "headrace":{"runId":"00000000-0000-0000-0000-000000000001","host":"ann","pid":101,\
                "since":"2026-11-20T10:00:00Z"},"crc32c":"?"}""", withoutChecksum("metadata"));
    }

    private String withoutChecksum(String file) throws IOException {
        return Files.readString(directory.resolve(file)).replaceFirst("\"crc32c\":\"[0-9a-f]{8}\"", "\"crc32c\":\"?\"");
    }

    private void write(String file, String content) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    private void copyOfSparksCheckpoint() throws IOException, URISyntaxException {
        Path source = Path.of(SparkFormatTest.class.getResource("spark-4.1.3").toURI());
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = directory.resolve(source.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }
}
