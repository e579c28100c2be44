package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A checkpoint that can't be reached for a while: there is a file where a folder of it should be.
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnreachableCheckpointTest {
    @TempDir
    Path checkpoint;

    private final Session session = Session.builder().master("local[1]").create();
    private final MemoryStream numbers = new MemoryStream(StructType.fromDDL("n bigint"), 1);
    private final List<Long> rowsOfBatches = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    @Test
    void aBatchWhoseRowsAreInTheSinkIsCommittedOnceTheCheckpointIsBack() throws Exception {
        StreamingQuery query = waitingForItsCommit();
        show("commits");
        query.processAllAvailable();
        query.stop();

        assertEquals(List.of(1L), rowsOfBatches);
        assertTrue(Files.exists(checkpoint.resolve("commits/0")));
    }

    private StreamingQuery waitingForItsCommit() throws Exception {
        StreamingQuery query = start(id -> {
            if (id == 0) {
                hide("commits");
            }
        });
        numbers.add(List.of(List.of(1L)));
        while (!query.status().message().contains("CHECKPOINT_UNAVAILABLE")) {
            assertTrue(query.isActive());
            Thread.onSpinWait();
        }
        return query;
    }

    @Test
    void whoAsksMeanwhileHasAnAnswer() throws Exception {
        StreamingQuery query = waitingForItsCommit();

        assertEquals(List.of(), query.explainTiming().operators());
        UnavailableException refused = assertThrows(UnavailableException.class, query::verify);
        assertTrue(
                refused.getMessage()
                        .startsWith(
                                "[BATCH_NOT_ENDED] verify() looks at what there is at the end of a batch, and the batch"
                                        + " that runs waits to be tried again. Verify the query when it has gone on. It waits because"
                                        + " of this: [CHECKPOINT_UNAVAILABLE] "),
                refused.getMessage());

        show("commits");
        query.processAllAvailable();
        assertTrue(query.verify().matches());
        query.stop();
    }

    @Test
    void aBatchThatFailsForGoodDoesNotWaitForItsPlan() throws Exception {
        StreamingQuery query = start(_ -> {});
        numbers.add(List.of(List.of(1L)));
        query.processAllAvailable();
        hide("offsets");
        numbers.add(List.of(List.of(0L)));

        StreamingQueryException ended = assertThrows(StreamingQueryException.class, query::awaitTermination);

        assertEquals("DIVIDE_BY_ZERO", ((HeadraceException) ended.getCause()).code());
    }

    private interface Effect {
        void of(long batch) throws IOException;
    }

    private StreamingQuery start(Effect effect) throws Exception {
        return Frames.of(session, numbers, "numbers")
                .selectExpr("1 / n as share")
                .writeStream()
                .foreachBatch((batch, id) -> {
                    rowsOfBatches.add(batch.count());
                    effect.of(id);
                })
                .option("checkpointLocation", checkpoint.toString())
                .start();
    }

    private void hide(String folder) throws IOException {
        Files.move(checkpoint.resolve(folder), checkpoint.resolve("hidden"));
        Files.createFile(checkpoint.resolve(folder));
    }

    /// In one step: a folder that is missing for a moment is made anew by the query, which tries again all the time.
    private void show(String folder) throws IOException {
        Path link = Files.createSymbolicLink(checkpoint.resolve("shown"), checkpoint.resolve("hidden"));
        Files.move(link, checkpoint.resolve(folder), StandardCopyOption.ATOMIC_MOVE);
    }
}
