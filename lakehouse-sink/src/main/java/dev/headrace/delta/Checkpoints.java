package dev.headrace.delta;

import dev.headrace.delta.log.TableLog;
import dev.headrace.errors.HeadraceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a table's checkpoints beside the writer, so that no batch waits for one.
///
/// One at a time, and for a tenth of the time at most: a checkpoint lists all files of the table, so its cost grows
/// with the table while that of a batch does not. What becomes due meanwhile is the newest version only.
final class Checkpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final long NONE = -1;
    private static final long PAUSE_FACTOR = 9;

    private final TableLog log;
    private final Clock clock;
    private long due = NONE;
    private long notBeforeMillis = Long.MIN_VALUE;
    private Optional<Duration> logRetention = Optional.empty();
    private @Nullable Thread writer;

    Checkpoints(TableLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /// Told of every commit of ours: writes a checkpoint if one is due.
    ///
    /// @param interval every how many versions one becomes due
    /// @param retention for how long the log is kept; absent to keep all of it
    synchronized void committed(long version, int interval, Optional<Duration> retention) {
        logRetention = retention;
        if (version > 0 && version % interval == 0) {
            due = version;
        }
        if (writer == null && due != NONE && clock.millis() >= notBeforeMillis) {
            long now = due;
            due = NONE;
            writer = Thread.ofPlatform()
                    .daemon(true)
                    .name("delta-checkpoint " + log.location())
                    .start(() -> write(now));
        }
    }

    private void write(long version) {
        long begin = clock.millis();
        try {
            log.checkpoint(version);
            forget();
        } catch (HeadraceException failed) {
            LOG.warn("The table goes on without a checkpoint of version {}, or with an old log.", version, failed);
        } finally {
            finished(begin, clock.millis());
        }
    }

    /// Days are counted whole, as Delta counts them, so that there is something to delete once a day only.
    private void forget() {
        Optional<Duration> retention;
        synchronized (this) {
            retention = logRetention;
        }
        if (retention.isPresent()) {
            Instant before = clock.instant().minus(retention.get()).truncatedTo(ChronoUnit.DAYS);
            int deleted = log.forgetBefore(before);
            if (deleted > 0) {
                LOG.info("{}: {} files of the log from before {} are deleted.", log.location(), deleted, before);
            }
        }
    }

    private synchronized void finished(long begin, long end) {
        notBeforeMillis = end + PAUSE_FACTOR * (end - begin);
        writer = null;
    }

    /// The thread that writes a checkpoint now, if one is written.
    synchronized @Nullable Thread writer() {
        return writer;
    }

    /// Waits for the checkpoint that is being written, and writes the one that is due.
    @Override
    public void close() {
        @Nullable Thread last = writer();
        try {
            if (last != null) {
                last.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return;
        }
        long left;
        synchronized (this) {
            left = due;
            due = NONE;
        }
        if (left != NONE) {
            write(left);
        }
    }
}
