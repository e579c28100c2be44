package dev.headrace.delta;

import dev.headrace.delta.log.TableLog;
import dev.headrace.errors.HeadraceException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a table's checkpoints beside the writer, so that no batch waits for one.
///
/// One at a time: what becomes due while one is written is the newest version only. So a table whose checkpoints take
/// longer than its commits gets as many as it can bear.
final class Checkpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final long NONE = -1;

    private final TableLog log;
    private long due = NONE;
    private @Nullable Thread writer;

    Checkpoints(TableLog log) {
        this.log = log;
    }

    /// Told of a commit of ours: makes a checkpoint due if the version calls for one.
    ///
    /// @param interval every how many versions
    synchronized void committed(long version, int interval) {
        if (version == 0 || version % interval != 0) {
            return;
        }
        due = version;
        if (writer == null) {
            writer = Thread.ofPlatform()
                    .daemon(true)
                    .name("delta-checkpoint " + log.location())
                    .start(this::writeDue);
        }
    }

    private void writeDue() {
        for (long version = next(); version != NONE; version = next()) {
            try {
                log.checkpoint(version);
            } catch (HeadraceException failed) {
                LOG.warn("The table goes on without a checkpoint of version {}.", version, failed);
            }
        }
    }

    private synchronized long next() {
        long version = due;
        due = NONE;
        if (version == NONE) {
            writer = null;
        }
        return version;
    }

    /// Waits until what is due is written.
    @Override
    public void close() {
        @Nullable Thread last;
        synchronized (this) {
            last = writer;
        }
        try {
            if (last != null) {
                last.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
