package dev.headrace.engine.log;

import static dev.headrace.engine.log.Batches.ANN;
import static dev.headrace.engine.log.Batches.BOB;
import static dev.headrace.engine.log.Batches.QUERY;
import static dev.headrace.engine.log.Batches.committed;
import static dev.headrace.engine.log.Batches.open;
import static dev.headrace.engine.log.Batches.planned;
import static dev.headrace.engine.log.Batches.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

    @TempDir
    Path directory;

    @Test
    void aNewQueryStarts() {
        try (Checkpoint checkpoint = open(directory.resolve("a/b"), ANN)) {
            assertEquals(new Recovery.Start(), checkpoint.recovery());
            assertEquals(QUERY, checkpoint.query());
        }
    }

    @Test
    void aPlannedBatchIsReplayedAsItWasPlanned() {
        try (Checkpoint checkpoint = open(directory, ANN)) {
            checkpoint.plan(planned(0));
        }
        try (Checkpoint checkpoint = open(directory, BOB)) {
            assertEquals(new Recovery.Replay(planned(0)), checkpoint.recovery());
        }
    }

    @Test
    void aReplayedBatchIsCommittedByTheNextRun() {
        try (Checkpoint checkpoint = open(directory, ANN)) {
            checkpoint.plan(planned(0));
        }
        try (Checkpoint checkpoint = open(directory, BOB)) {
            checkpoint.commit(committed(0));
            checkpoint.plan(planned(1));
        }
        try (Checkpoint checkpoint = open(directory, ANN)) {
            assertEquals(new Recovery.Replay(planned(1)), checkpoint.recovery());
        }
    }

    @Test
    void aQueryContinuesAfterItsLastCommit() {
        run(directory, ANN, 2);

        try (Checkpoint checkpoint = open(directory, BOB)) {
            assertEquals(new Recovery.Continue(planned(2), 3000), checkpoint.recovery());
        }
    }

    @Test
    void theQueryKeepsItsIdOverRestarts() {
        open(directory, ANN).close();

        try (Checkpoint checkpoint =
                Checkpoint.open(CheckpointFiles.local(directory, BOB.run()), BOB, QueryId.random())) {
            assertEquals(QUERY, checkpoint.query());
        }
    }

    @Test
    void extremeValuesComeBackAsTheyWere() {
        PlannedBatch batch = new PlannedBatch(
                BatchId.FIRST,
                List.of(OffsetRange.of("-1", "\"ö \\\" \\n 🌊\""), OffsetRange.NONE),
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                Map.of("z", "", "a", "line\nbreak \"quoted\""));
        try (Checkpoint checkpoint = open(directory, ANN)) {
            checkpoint.plan(batch);
        }
        try (Checkpoint checkpoint = open(directory, ANN)) {
            assertEquals(new Recovery.Replay(batch), checkpoint.recovery());
        }
    }

    @Test
    void planningOrCommittingTheSameAgainIsFine() {
        try (Checkpoint checkpoint = open(directory, ANN)) {
            checkpoint.plan(planned(0));
            checkpoint.plan(planned(0));
            checkpoint.commit(committed(0));
            checkpoint.commit(committed(0));
        }
        try (Checkpoint checkpoint = open(directory, ANN)) {
            assertEquals(new Recovery.Continue(planned(0), 1000), checkpoint.recovery());
        }
    }

    @Test
    void ofABatchThatRunsAgainTheLastLossesCount() {
        try (Checkpoint checkpoint = open(directory, ANN)) {
            checkpoint.plan(planned(0));
            checkpoint.recordLosses(BatchId.FIRST, List.of(loss(900)));
        }
        try (Checkpoint checkpoint = open(directory, BOB)) {
            checkpoint.recordLosses(BatchId.FIRST, List.of(loss(800)));
            checkpoint.recordLosses(BatchId.FIRST, List.of(loss(800)));
            assertEquals(List.of(), CheckpointHistory.open(directory, ANN).losses());
            checkpoint.commit(committed(0));
        }
        assertEquals(List.of(loss(800)), CheckpointHistory.open(directory, ANN).losses());
    }

    @Test
    void aBatchThatRunsAgainMayHaveNoLosses() {
        try (Checkpoint checkpoint = open(directory, ANN)) {
            checkpoint.plan(planned(0));
            checkpoint.recordLosses(BatchId.FIRST, List.of(loss(900)));
        }
        try (Checkpoint checkpoint = open(directory, BOB)) {
            checkpoint.recordLosses(BatchId.FIRST, List.of());
            checkpoint.commit(committed(0));
        }
        assertEquals(List.of(), CheckpointHistory.open(directory, ANN).losses());
    }

    private static Loss loss(long rows) {
        return new Loss(
                BatchId.FIRST,
                1,
                0,
                "clicks",
                planned(0).sources().getFirst(),
                new Loss.Cause.LoadShedding(0, new Shed(1_000, 0.1), 100, rows));
    }

    @Test
    void batchesArePlannedInOrderAndOnlyAfterTheCommitOfTheOneBefore() {
        try (Checkpoint checkpoint = open(directory, ANN)) {
            IllegalStateException skipped =
                    assertThrows(IllegalStateException.class, () -> checkpoint.plan(planned(1)));
            assertEquals("Batch 1 can't be planned: the first that is not committed is 0.", skipped.getMessage());

            IllegalStateException unplanned =
                    assertThrows(IllegalStateException.class, () -> checkpoint.commit(committed(0)));
            assertEquals("Batch 0 can't be committed: the newest planned batch is none.", unplanned.getMessage());

            checkpoint.plan(planned(0));
            assertThrows(IllegalStateException.class, () -> checkpoint.plan(planned(1)));
            checkpoint.commit(committed(0));
            assertThrows(IllegalStateException.class, () -> checkpoint.plan(planned(0)));
        }
    }

    @Test
    void aBatchOfAnEarlierRunIsNotPlannedAgain() {
        try (Checkpoint checkpoint = open(directory, ANN)) {
            checkpoint.plan(planned(0));
        }
        try (Checkpoint checkpoint = open(directory, BOB)) {
            IllegalStateException error = assertThrows(IllegalStateException.class, () -> checkpoint.plan(planned(0)));
            assertEquals("Batch 0 was planned by an earlier run; it runs as planned.", error.getMessage());
        }
    }

    @Test
    void purgingKeepsTheNewestBatches() throws IOException {
        run(directory, ANN, 9);

        try (Checkpoint checkpoint = open(directory, ANN)) {
            checkpoint.purge(3);

            assertEquals(List.of("7", "8", "9"), names("offsets"));
            assertEquals(List.of("7", "8", "9"), names("commits"));
            assertEquals(Optional.empty(), checkpoint.planned(new BatchId(6)));
            assertEquals(Optional.of(planned(7)), checkpoint.planned(new BatchId(7)));
            assertEquals(Optional.empty(), checkpoint.planned(new BatchId(10)));
        }
        try (Checkpoint checkpoint = open(directory, ANN)) {
            assertEquals(new Recovery.Continue(planned(9), 10_000), checkpoint.recovery());
        }
    }

    @Test
    void purgingLessThanThereIsDoesNothing() throws IOException {
        run(directory, ANN, 4);

        try (Checkpoint checkpoint = open(directory, ANN)) {
            checkpoint.purge(Checkpoint.DEFAULT_MIN_BATCHES_TO_RETAIN);
            checkpoint.purge(5);

            assertEquals(5, names("offsets").size());
            assertThrows(IllegalArgumentException.class, () -> checkpoint.purge(1));
        }
    }

    @Test
    void foldersAreListedOnlyWhenTheCheckpointIsOpenedAndForTheVeryFirstBatch() {
        FaultyCheckpointFiles files = new FaultyCheckpointFiles(CheckpointFiles.local(directory, ANN.run()));
        try (Checkpoint checkpoint = Checkpoint.open(files, ANN, QUERY)) {
            checkpoint.plan(planned(0));
            checkpoint.commit(committed(0));
            int atStart = files.listings();
            LongStream.range(1, 20).forEach(id -> {
                checkpoint.plan(planned(id));
                checkpoint.commit(committed(id));
                checkpoint.purge(2);
            });

            assertEquals(atStart, files.listings());
        }
    }

    @Test
    void whatCrashedWritersHaveLeftIsCleanedUp() throws IOException {
        run(directory, ANN, 1);
        List<Path> leftovers = Stream.of(
                        ".metadata.r.tmp",
                        "offsets/.2.r.tmp",
                        "offsets/..2.r.tmp.crc",
                        "offsets/.7.crc",
                        "commits/8.crc")
                .map(directory::resolve)
                .toList();
        for (Path leftover : leftovers) {
            Files.writeString(leftover, "v1\n{\"batch");
        }
        Files.writeString(directory.resolve("offsets/README"), "not ours");

        try (Checkpoint checkpoint = open(directory, ANN)) {
            assertEquals(new BatchId(2), checkpoint.recovery().nextBatch());
        }
        for (Path leftover : leftovers) {
            assertFalse(Files.exists(leftover), leftover::toString);
        }
        assertEquals(List.of("0", "1", "README"), names("offsets"));
    }

    @Test
    void aGapIsRefused() throws IOException {
        run(directory, ANN, 3);
        Files.delete(directory.resolve("offsets/2"));

        CheckpointException error = assertThrows(CheckpointException.class, () -> open(directory, ANN));

        assertEquals(
                "[LOG_GAP] " + directory.resolve("offsets") + ": found batches 1 and 3 but not 2. A log has no gaps."
                        + " Restore what is missing from a backup, or start with a new checkpoint directory.",
                error.getMessage());
    }

    @Test
    void aWiderGapIsNamedByItsEnds() throws IOException {
        run(directory, ANN, 5);
        Files.delete(directory.resolve("commits/2"));
        Files.delete(directory.resolve("commits/3"));

        CheckpointException error = assertThrows(CheckpointException.class, () -> open(directory, ANN));

        assertEquals(
                directory.resolve("commits") + ": found batches 1 and 4 but none from 2 to 3. A log has no gaps."
                        + " Restore what is missing from a backup, or start with a new checkpoint directory.",
                error.text());
    }

    @Test
    void aMissingEntryAtTheEndIsRefused() throws IOException {
        run(directory, ANN, 3);
        Files.delete(directory.resolve("offsets/3"));

        CheckpointException error = assertThrows(CheckpointException.class, () -> open(directory, ANN));

        assertEquals("LOGS_DISAGREE", error.code());
    }

    @Test
    void aMissingQueryIdIsRefusedOnceBatchesWereRun() throws IOException {
        run(directory, ANN, 0);
        Files.delete(directory.resolve("metadata"));

        CheckpointException error = assertThrows(CheckpointException.class, () -> open(directory, ANN));

        assertEquals(
                "[QUERY_ID_MISSING] " + directory.resolve("metadata") + ": the file is missing, although batches were"
                        + " run. It holds the query's id, by which sinks know what they have committed; a new id would"
                        + " write rows twice. Restore it from a backup, or start with a new checkpoint directory.",
                error.getMessage());
    }

    @Test
    void aFileInThePlaceOfTheDirectoryIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("chk"), "");

        CheckpointException error = assertThrows(CheckpointException.class, () -> open(file, ANN));

        assertEquals(
                "[CHECKPOINT_NOT_A_DIRECTORY] " + file
                        + ": there is a file where the checkpoint's directory should be. Choose another directory.",
                error.getMessage());
    }

    @Test
    void aFileInThePlaceOfALogIsRefused() throws IOException {
        Files.writeString(directory.resolve("offsets"), "");

        CheckpointException error = assertThrows(CheckpointException.class, () -> open(directory, ANN));

        assertEquals("CHECKPOINT_NOT_A_DIRECTORY", error.code());
    }

    @Test
    void aFailedOpeningLeavesTheCheckpointToOthers() throws IOException {
        run(directory, ANN, 0);
        byte[] metadata = Files.readAllBytes(directory.resolve("metadata"));
        Files.delete(directory.resolve("metadata"));
        assertThrows(CheckpointException.class, () -> open(directory, ANN));
        Files.write(directory.resolve("metadata"), metadata);

        try (Checkpoint checkpoint = open(directory, BOB)) {
            assertInstanceOf(Recovery.Continue.class, checkpoint.recovery());
        }
    }

    @Test
    void aDirectoryThatIsDeletedUnderTheQueryIsReported() throws IOException {
        try (Checkpoint checkpoint = open(directory, ANN)) {
            Files.delete(directory.resolve("offsets"));

            CheckpointException error = assertThrows(CheckpointException.class, () -> checkpoint.plan(planned(0)));

            assertEquals(
                    "[CHECKPOINT_FILE_MISSING] " + directory.resolve("offsets/0") + ": writing failed: no such file or"
                            + " directory. Something has deleted it while the query ran. Restore it from a backup, or"
                            + " start with a new checkpoint directory.",
                    error.getMessage());
        }
    }

    @Test
    void closingTwiceIsFine() {
        Checkpoint checkpoint = open(directory, ANN);
        checkpoint.close();
        checkpoint.close();
    }

    private List<String> names(String folder) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
