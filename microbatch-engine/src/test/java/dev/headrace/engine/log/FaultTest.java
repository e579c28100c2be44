package dev.headrace.engine.log;

import static dev.headrace.engine.log.Batches.ANN;
import static dev.headrace.engine.log.Batches.BOB;
import static dev.headrace.engine.log.Batches.QUERY;
import static dev.headrace.engine.log.Batches.committed;
import static dev.headrace.engine.log.Batches.open;
import static dev.headrace.engine.log.Batches.planned;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.ResourceException;
import dev.headrace.errors.UnavailableException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {

    @TempDir
    Path directory;

    private FaultyCheckpointFiles files;

    @BeforeEach
    void wrap() {
        files = new FaultyCheckpointFiles(CheckpointFiles.local(directory, ANN.run()));
    }

    @ParameterizedTest
    @CsvSource({
        "offsets/1, CRASH_BEFORE, Continue, 1",
        "offsets/1, CRASH_AFTER, Replay, 1",
        "commits/1, CRASH_BEFORE, Replay, 1",
        "commits/1, CRASH_AFTER, Continue, 2",
    })
    void aCrashLeavesTheStateBeforeOrAfter(String path, Fault fault, String decision, long next) {
        files.strike(path, fault);
        try (Checkpoint checkpoint = Checkpoint.open(files, ANN, QUERY)) {
            assertThrows(FaultyCheckpointFiles.Crash.class, () -> runTo(checkpoint, 1));
        }
        try (Checkpoint checkpoint = open(directory, BOB)) {
            assertEquals(decision, checkpoint.recovery().getClass().getSimpleName());
            assertEquals(new BatchId(next), checkpoint.recovery().nextBatch());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"metadata", "offsets/1", "commits/1"})
    void aTornFileIsRefusedWithItsName(String path) {
        files.strike(path, Fault.TORN);
        assertThrows(FaultyCheckpointFiles.Crash.class, () -> {
            try (Checkpoint checkpoint = Checkpoint.open(files, ANN, QUERY)) {
                runTo(checkpoint, 1);
            }
        });

        CheckpointException error = assertThrows(CheckpointException.class, () -> open(directory, BOB));

        assertEquals("LOG_ENTRY_DAMAGED", error.code());
        assertEquals(
                directory.resolve(path).toString(),
                error.text().substring(0, error.text().indexOf(": ")));
    }

    @ParameterizedTest
    @EnumSource(names = {"UNREACHABLE", "ANSWER_LOST", "DISK_FULL"})
    void aFailedWriteCanBeRepeated(Fault fault) {
        try (Checkpoint checkpoint = Checkpoint.open(files, ANN, QUERY)) {
            files.strike("offsets/0", fault);
            assertThrows(HeadraceException.class, () -> checkpoint.plan(planned(0)));
            checkpoint.plan(planned(0));

            files.strike("commits/0", fault);
            assertThrows(HeadraceException.class, () -> checkpoint.commit(committed(0)));
            checkpoint.commit(committed(0));
        }
        try (Checkpoint checkpoint = open(directory, ANN)) {
            assertEquals(new Recovery.Continue(planned(0), 1000), checkpoint.recovery());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNREACHABLE", "ANSWER_LOST", "DISK_FULL", "READ_ONLY", "ACCESS_DENIED"})
    void aFailedOpeningCanBeRepeated(Fault fault) {
        files.strike("metadata", fault);
        assertThrows(HeadraceException.class, () -> Checkpoint.open(files, ANN, QUERY));

        try (Checkpoint checkpoint = Checkpoint.open(files, ANN, QUERY)) {
            assertEquals(QUERY, checkpoint.query());
        }
    }

    @Test
    void aFullDiskIsReported() {
        ResourceException error = assertInstanceOf(ResourceException.class, errorOfPlanning(Fault.DISK_FULL));

        assertEquals(
                "[DISK_FULL] " + directory.resolve("offsets/0") + ": writing failed: No space left on device. Nothing"
                        + " half-written is in the log. Free some space and start the query again; it goes on with the"
                        + " same batch.",
                error.getMessage());
    }

    @Test
    void aReadOnlyDiskIsReported() {
        CheckpointException error = assertInstanceOf(CheckpointException.class, errorOfPlanning(Fault.READ_ONLY));

        assertEquals(
                "[CHECKPOINT_NOT_WRITABLE] " + directory.resolve("offsets/0")
                        + ": writing failed: Read-only file system."
                        + " Let the user that runs the query read and write the checkpoint directory, or choose another"
                        + " directory.",
                error.getMessage());
    }

    @Test
    void aDirectoryOfAnotherUserIsReported() {
        CheckpointException error = assertInstanceOf(CheckpointException.class, errorOfPlanning(Fault.ACCESS_DENIED));

        assertEquals(
                "[CHECKPOINT_NOT_WRITABLE] " + directory.resolve("offsets/0")
                        + ": writing failed: permission denied. Let"
                        + " the user that runs the query read and write the checkpoint directory, or choose another"
                        + " directory.",
                error.getMessage());
    }

    @Test
    void aBrokenDiskIsReported() {
        UnavailableException error = assertInstanceOf(UnavailableException.class, errorOfPlanning(Fault.UNREACHABLE));

        assertEquals(
                "[CHECKPOINT_UNAVAILABLE] " + directory.resolve("offsets/0")
                        + ": writing failed: Input/output error. It is"
                        + " safe to try again; if it lasts, look at the disk or the mount.",
                error.getMessage());
    }

    /// Whatever strikes, and however often the query is started again: each batch is planned once, nothing is lost.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyRowOfFaultsLeavesAWholeLog(long seed) {
        Random random = new Random(seed);
        Fault[] faults = {Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.UNREACHABLE, Fault.ANSWER_LOST, Fault.DISK_FULL};
        long batches = 12;
        for (int run = 0; run < 200; run++) {
            Driver driver = Batches.driver("host", run, run);
            FaultyCheckpointFiles flaky = new FaultyCheckpointFiles(CheckpointFiles.local(directory, driver.run()));
            long doomed = random.nextLong(batches);
            flaky.strike(
                    (random.nextBoolean() ? "offsets/" : "commits/") + doomed, faults[random.nextInt(faults.length)]);
            try (Checkpoint checkpoint = Checkpoint.open(flaky, driver, QUERY)) {
                runTo(checkpoint, batches - 1);
                break;
            } catch (FaultyCheckpointFiles.Crash | UnavailableException | ResourceException restart) {
                continue;
            }
        }
        try (Checkpoint checkpoint = open(directory, BOB)) {
            assertEquals(new Recovery.Continue(planned(batches - 1), 1000 * batches), checkpoint.recovery());
            for (long id = 0; id < batches; id++) {
                assertEquals(planned(id), checkpoint.planned(new BatchId(id)).orElseThrow());
            }
        }
    }

    private HeadraceException errorOfPlanning(Fault fault) {
        files.strike("offsets/0", fault);
        try (Checkpoint checkpoint = Checkpoint.open(files, ANN, QUERY)) {
            return assertThrows(HeadraceException.class, () -> checkpoint.plan(planned(0)));
        }
    }

    /// What a trigger loop does, without a query.
    private static void runTo(Checkpoint checkpoint, long newest) {
        long next = checkpoint.recovery().nextBatch().value();
        if (checkpoint.recovery() instanceof Recovery.Replay) {
            checkpoint.commit(committed(next));
            next++;
        }
        for (; next <= newest; next++) {
            checkpoint.plan(planned(next));
            checkpoint.commit(committed(next));
        }
    }
}
