package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchCutTest {
    @TempDir
    Path checkpoint;

    @BeforeEach
    void threeBatches() throws IOException {
        Files.createDirectories(checkpoint.resolve("commits"));
        Files.createDirectories(checkpoint.resolve("offsets"));
        plan(0, "v1\n{\"batchWatermarkMs\":0,\"batchTimestampMs\":1,\"conf\":{}}\n{\"clicks\":{\"0\":3,\"1\":5}}");
        plan(1, "v1\n{\"batchWatermarkMs\":1767603600123,\"conf\":{}}\n{\"clicks\":{\"1\":50,\"0\":30}}");
        plan(2, "v1\n{\"batchWatermarkMs\":1767603660000,\"conf\":{}}\n{\"clicks\":{\"1\":70,\"0\":30}}");
        commit(0);
        commit(1);
        commit(2);
    }

    @Test
    void offsetsAndWatermarksAreReadInOrder() {
        assertEquals(
                List.of(
                        new BatchCut(0, 0, Map.of(0, 3L, 1, 5L)),
                        new BatchCut(1, 1_767_603_600_123L, Map.of(0, 30L, 1, 50L)),
                        new BatchCut(2, 1_767_603_660_000L, Map.of(0, 30L, 1, 70L))),
                BatchCut.readAll(checkpoint, "clicks"));
    }

    @Test
    void aBatchThatWasOnlyPlannedDoesNotCount() throws IOException {
        Files.delete(checkpoint.resolve("commits").resolve("2"));
        assertEquals(2, BatchCut.readAll(checkpoint, "clicks").size());
    }

    @Test
    void aPurgedBatchIsAnError() throws IOException {
        Files.delete(checkpoint.resolve("commits").resolve("0"));
        Files.delete(checkpoint.resolve("offsets").resolve("0"));
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> BatchCut.readAll(checkpoint, "clicks"));
        assertEquals(
                "Batch 0 is missing: the next one is BatchCut[batchId=1, watermarkMillis=1767603600123, ends={0=30, 1=50}]."
                        + " The log of the query must keep all batches to prove anything.",
                error.getMessage().replace("{1=50, 0=30}", "{0=30, 1=50}"));
    }

    private void plan(long batch, String text) throws IOException {
        Files.writeString(checkpoint.resolve("offsets").resolve(Long.toString(batch)), text);
    }

    private void commit(long batch) throws IOException {
        Files.writeString(checkpoint.resolve("commits").resolve(Long.toString(batch)), "v1\n{}");
        Files.writeString(checkpoint.resolve("commits").resolve("." + batch + ".crc"), "x");
    }
}
