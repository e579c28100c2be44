package dev.headrace.engine.log;

import static dev.headrace.engine.log.Batches.ANN;
import static dev.headrace.engine.log.Batches.BOB;
import static dev.headrace.engine.log.Batches.QUERY;
import static dev.headrace.engine.log.Batches.committed;
import static dev.headrace.engine.log.Batches.open;
import static dev.headrace.engine.log.Batches.planned;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.FencedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Of two drivers on one checkpoint, one stops with an error that names the other.
class FencingTest {

    @TempDir
    Path directory;

    @Test
    void aSecondQueryInThisProcessIsRefusedAtItsStart() {
        try (Checkpoint checkpoint = open(directory, ANN)) {
            FencedException error = assertThrows(FencedException.class, () -> open(directory, BOB));

            assertEquals(
                    "[CHECKPOINT_IN_USE] " + directory
                            + ": the checkpoint is in use by the driver on host 'ann', pid 101,"
                            + " run 00000000-0000-0000-0000-000000000001, since 2026-11-20T10:00:00Z. A checkpoint serves"
                            + " one query at a time. Stop that driver, or give this query a checkpoint directory of its"
                            + " own.",
                    error.getMessage());
            checkpoint.plan(planned(0));
        }
        open(directory, BOB).close();
    }

    @Test
    void aSecondProcessIsRefusedAtItsStartAlsoAfterARefusalInThisOne() throws Exception {
        Driver self = Driver.ofThisProcess(RunId.random(), Batches.SINCE);
        try (Checkpoint checkpoint = open(directory, self)) {
            assertThrows(FencedException.class, () -> open(directory, BOB));

            try (DriverProcess other = DriverProcess.start(directory, "with", 1)) {
                String answer = other.says();

                assertTrue(answer.startsWith("[CHECKPOINT_IN_USE] " + directory), answer);
                assertTrue(answer.contains(self.toString()), answer);
            }
            assertEquals(new Recovery.Start(), checkpoint.recovery());
        }
    }

    @Test
    void aKilledDriverLeavesTheCheckpointAtOnce() throws Exception {
        try (DriverProcess other = DriverProcess.start(directory, "with", 1)) {
            assertEquals("ready", other.says());
            FencedException error = assertThrows(FencedException.class, () -> open(directory, ANN));
            assertTrue(error.text().contains("pid " + other.pid() + ","), error::text);

            other.kill();

            open(directory, ANN).close();
        }
    }

    @Test
    void aDriverKilledAtAnyMomentLeavesAWholeLog() throws Exception {
        for (int round = 0; round < 4; round++) {
            try (DriverProcess other = DriverProcess.start(directory, "with", Long.MAX_VALUE)) {
                assertEquals("ready", other.says());
                other.go();
                String last = "";
                for (int line = 0; line < 60 + 7 * round; line++) {
                    last = other.says();
                }
                other.kill();
                for (String line = other.says(); line.matches("(planned|committed) [0-9]+"); line = other.says()) {
                    last = line;
                }
                assertRecoveryHolds(last);
            }
        }
    }

    private void assertRecoveryHolds(String lastSaid) {
        long id = Long.parseLong(lastSaid.substring(lastSaid.indexOf(' ') + 1));
        try (Checkpoint checkpoint = open(directory, ANN)) {
            long next = checkpoint.recovery().nextBatch().value();
            if (lastSaid.startsWith("planned")) {
                assertTrue(next == id || next == id + 1, lastSaid + " but the next batch is " + next);
            } else {
                assertEquals(id + 1, next, lastSaid);
            }
        }
    }

    @Test
    void withoutLocksTheSecondToPlanABatchIsFenced() {
        try (Checkpoint ann = openWithoutLeases(ANN);
                Checkpoint bob = openWithoutLeases(BOB)) {
            ann.plan(planned(0));

            FencedException error = assertThrows(FencedException.class, () -> bob.plan(planned(0)));

            assertEquals(
                    "[FENCED] " + directory.resolve("offsets/0")
                            + ": the file has been written by the driver on host 'ann',"
                            + " pid 101, run 00000000-0000-0000-0000-000000000001, since 2026-11-20T10:00:00Z. This driver"
                            + " (host 'bob', pid 202, run 00000000-0000-0000-0000-000000000002, since"
                            + " 2026-11-20T10:00:00Z) has lost the race and stops; nothing of its batch is lost or doubled."
                            + " Stop one of the two: a checkpoint serves one query at a time.",
                    error.getMessage());
            ann.commit(committed(0));
        }
    }

    @Test
    void withoutLocksTheSecondToCommitTheSameBatchIsFenced() {
        try (Checkpoint ann = openWithoutLeases(ANN)) {
            ann.plan(planned(0));
            try (Checkpoint bob = openWithoutLeases(BOB)) {
                assertEquals(new Recovery.Replay(planned(0)), bob.recovery());
                bob.commit(committed(0));
                FencedException error = assertThrows(FencedException.class, () -> ann.commit(committed(0)));

                assertTrue(error.text().contains("written by the driver on host 'bob'"), error::text);
                bob.plan(planned(1));
            }
        }
    }

    @Test
    void withoutLocksADriverThatTheOtherHasLeftFarBehindIsFencedToo() {
        FaultyCheckpointFiles files =
                new FaultyCheckpointFiles(CheckpointFiles.local(directory, BOB.run())).withoutLeases();
        try (Checkpoint ann = openWithoutLeases(ANN);
                Checkpoint bob = Checkpoint.open(files, BOB, QUERY)) {
            for (long id = 0; id < 3; id++) {
                ann.plan(planned(id));
                ann.commit(committed(id));
            }
            files.strike("offsets/0", Fault.PURGED);

            FencedException error = assertThrows(FencedException.class, () -> bob.plan(planned(0)));

            assertTrue(error.text().contains("the driver on " + ANN), error::text);
        }
    }

    @Test
    void withoutLocksADriverLeftBehindMakesNoEntryAgainThatTheOtherHasPurged() {
        try (Checkpoint ann = openWithoutLeases(ANN);
                Checkpoint cid = openWithoutLeases(Batches.driver("cid", 3, 3))) {
            for (long id = 0; id < 3; id++) {
                ann.plan(planned(id));
                ann.commit(committed(id));
            }
            try (Checkpoint bob = openWithoutLeases(BOB)) {
                for (long id = 3; id < 20; id++) {
                    bob.plan(planned(id));
                    bob.commit(committed(id));
                    bob.purge(5);
                }

                FencedException plan = assertThrows(FencedException.class, () -> ann.plan(planned(3)));
                FencedException firstPlan = assertThrows(FencedException.class, () -> cid.plan(planned(0)));

                assertTrue(plan.text().contains("the driver on host 'bob'"), plan::text);
                assertTrue(firstPlan.text().contains("the driver on host 'bob'"), firstPlan::text);
            }
        }
        try (Checkpoint checkpoint = open(directory, ANN)) {
            assertEquals(new Recovery.Continue(planned(19), 20_000), checkpoint.recovery());
        }
    }

    @Test
    void withoutLocksADriverLeftBehindMakesNoCommitAgainThatTheOtherHasPurged() {
        try (Checkpoint ann = openWithoutLeases(ANN)) {
            ann.plan(planned(0));
            ann.commit(committed(0));
            ann.plan(planned(1));
            try (Checkpoint bob = openWithoutLeases(BOB)) {
                bob.commit(committed(1));
                for (long id = 2; id < 20; id++) {
                    bob.plan(planned(id));
                    bob.commit(committed(id));
                    bob.purge(5);
                }

                FencedException error = assertThrows(FencedException.class, () -> ann.commit(committed(1)));

                assertTrue(error.text().contains("the driver on host 'bob'"), error::text);
            }
        }
        try (Checkpoint checkpoint = open(directory, ANN)) {
            assertEquals(new Recovery.Continue(planned(19), 20_000), checkpoint.recovery());
        }
    }

    @Test
    void aWriterThatLeavesNoNameIsStillAnotherWriter() throws IOException {
        try (Checkpoint ann = openWithoutLeases(ANN)) {
            Files.writeString(
                    directory.resolve("offsets/0"), "v1\n{\"batchWatermarkMs\":0}\n{\"clicks\":{\"0\":10}}\n-");

            FencedException error = assertThrows(FencedException.class, () -> ann.plan(planned(0)));

            assertTrue(error.text().contains("another driver, which has not left its name"), error::text);
        }
    }

    @Test
    void ofManyDriversInThreadsOneGoesOnAndAllOthersAreFenced() throws Exception {
        int drivers = 4;
        long batches = 25;
        CyclicBarrier start = new CyclicBarrier(drivers);
        List<Callable<String>> race = new ArrayList<>();
        for (int i = 0; i < drivers; i++) {
            Driver driver = Batches.driver("host" + i, i, i);
            race.add(() -> {
                try (Checkpoint checkpoint = openWithoutLeases(driver)) {
                    start.await();
                    for (long id = 0; id < batches; id++) {
                        checkpoint.plan(planned(id));
                        checkpoint.commit(committed(id));
                    }
                    return "done";
                } catch (FencedException e) {
                    return e.code();
                }
            });
        }
        List<String> ends = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(drivers)) {
            for (Future<String> end : threads.invokeAll(race)) {
                ends.add(end.get());
            }
        }
        assertEquals(
                List.of("FENCED", "FENCED", "FENCED", "done"),
                ends.stream().sorted().toList());
        try (Checkpoint checkpoint = open(directory, ANN)) {
            assertEquals(new BatchId(batches), checkpoint.recovery().nextBatch());
        }
    }

    @Test
    void ofTwoProcessesOneGoesOnAndTheOtherNamesIt() throws Exception {
        long batches = 40;
        try (DriverProcess first = DriverProcess.start(directory, "without", batches);
                DriverProcess second = DriverProcess.start(directory, "without", batches)) {
            assertEquals("ready", first.says());
            assertEquals("ready", second.says());
            first.go();
            second.go();
            String endOfFirst = end(first);
            String endOfSecond = end(second);

            DriverProcess winner = endOfFirst.equals("done") ? first : second;
            String endOfLoser = winner == first ? endOfSecond : endOfFirst;
            assertEquals("done", winner == first ? endOfFirst : endOfSecond);
            assertTrue(endOfLoser.startsWith("[FENCED] "), endOfLoser);
            assertTrue(endOfLoser.contains("the driver on host '"), endOfLoser);
            assertTrue(endOfLoser.contains("pid " + winner.pid() + ","), endOfLoser);
        }
        try (Checkpoint checkpoint = open(directory, ANN)) {
            assertEquals(new Recovery.Continue(planned(batches - 1), 1000 * batches), checkpoint.recovery());
        }
    }

    private static String end(DriverProcess driver) {
        String line = driver.says();
        while (line.startsWith("planned") || line.startsWith("committed")) {
            line = driver.says();
        }
        return line;
    }

    private Checkpoint openWithoutLeases(Driver driver) {
        FaultyCheckpointFiles files =
                new FaultyCheckpointFiles(CheckpointFiles.local(directory, driver.run())).withoutLeases();
        return Checkpoint.open(files, driver, QUERY);
    }
}
