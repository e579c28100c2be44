package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitOutcome;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.errors.UnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CheckpointsTest {
    private final AtomicLong millis = new AtomicLong();
    private final SlowLog log = new SlowLog();

    @Test
    void oneIsWrittenAtEachMultipleOfTheInterval() throws InterruptedException {
        Checkpoints checkpoints = new Checkpoints(log, clock());
        for (int version = 0; version <= 11; version++) {
            checkpoints.committed(version, 5, Optional.empty());
            if (version == 5 || version == 10) {
                log.finish(0);
                awaitIdle(checkpoints);
            }
        }
        checkpoints.close();

        assertEquals(List.of(5L, 10L), log.written);
    }

    @Test
    void theCommitsDoNotWaitAndOnlyTheNewestIsDueAfterwards() {
        Checkpoints checkpoints = new Checkpoints(log, clock());
        for (int version = 1; version <= 20; version++) {
            checkpoints.committed(version, 5, Optional.empty());
        }
        log.finish(0);
        log.finish(0);
        checkpoints.close();

        assertEquals(List.of(5L, 20L), log.written);
    }

    @Test
    void theyTakeATenthOfTheTimeAtMost() throws InterruptedException {
        Checkpoints checkpoints = new Checkpoints(log, clock());
        checkpoints.committed(5, 5, Optional.empty());
        log.finish(100);
        awaitIdle(checkpoints);
        checkpoints.committed(10, 5, Optional.empty());
        millis.addAndGet(899);
        checkpoints.committed(15, 5, Optional.empty());
        assertEquals(List.of(5L), log.written);

        millis.addAndGet(1);
        checkpoints.committed(16, 5, Optional.empty());
        log.finish(0);
        checkpoints.close();

        assertEquals(List.of(5L, 15L), log.written);
    }

    @Test
    void whatIsDueAtTheEndIsWritten() throws InterruptedException {
        Checkpoints checkpoints = new Checkpoints(log, clock());
        checkpoints.committed(5, 5, Optional.empty());
        log.finish(100);
        awaitIdle(checkpoints);
        checkpoints.committed(10, 5, Optional.empty());
        log.finish(0);
        checkpoints.close();

        assertEquals(List.of(5L, 10L), log.written);
    }

    @Test
    void aCheckpointThatFailsStopsNothing() throws InterruptedException {
        Checkpoints checkpoints = new Checkpoints(log, clock());
        checkpoints.committed(5, 5, Optional.empty());
        log.finish(-1);
        awaitIdle(checkpoints);
        checkpoints.committed(10, 5, Optional.empty());
        log.finish(0);
        checkpoints.close();

        assertEquals(List.of(10L), log.written);
    }

    @Test
    void theLogIsCleanedUpBehindACheckpoint() throws InterruptedException {
        Checkpoints checkpoints = new Checkpoints(log, clock());
        checkpoints.committed(5, 5, Optional.of(Duration.ofDays(3)));
        log.finish(0);
        checkpoints.close();

        Instant today = clock().instant().truncatedTo(ChronoUnit.DAYS);
        assertEquals(List.of(today.minus(Duration.ofDays(3))), log.forgotten);
    }

    private static void awaitIdle(Checkpoints checkpoints) throws InterruptedException {
        Thread writer = checkpoints.writer();
        if (writer != null) {
            writer.join();
        }
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Instant.ofEpochMilli(millis.get());
            }
        };
    }

    /// A log whose checkpoints end when they are told to.
    private final class SlowLog implements TableLog {
        private final List<Long> written = new CopyOnWriteArrayList<>();
        private final List<Instant> forgotten = new CopyOnWriteArrayList<>();
        private final BlockingQueue<Integer> ends = new LinkedBlockingQueue<>();

        /// Lets a checkpoint end.
        ///
        /// @param tookMillis how long it took; -1 if it fails
        void finish(int tookMillis) {
            ends.add(tookMillis);
        }

        @Override
        public void checkpoint(long version) {
            try {
                int took = ends.take();
                if (took < 0) {
                    throw new UnavailableException("DELTA_CHECKPOINT_FAILED", "disk full");
                }
                millis.addAndGet(took);
                written.add(version);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public String location() {
            return "/t";
        }

        @Override
        public Optional<TableSnapshot> latest() {
            throw new AssertionError();
        }

        @Override
        public long newestVersion() {
            throw new AssertionError();
        }

        @Override
        public TableSnapshot atVersion(long version) {
            throw new AssertionError();
        }

        @Override
        public TableSnapshot atTime(Instant time) {
            throw new AssertionError();
        }

        @Override
        public Optional<List<Action>> commitOf(long version) {
            throw new AssertionError();
        }

        @Override
        public OptionalLong earliestCommit(long version) {
            throw new AssertionError();
        }

        @Override
        public long firstCommitSince(Instant time) {
            throw new AssertionError();
        }

        @Override
        public int forgetBefore(Instant time) {
            forgotten.add(time);
            return 1;
        }

        @Override
        public CommitOutcome commit(Commit commit) {
            throw new AssertionError();
        }
    }
}
