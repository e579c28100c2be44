package dev.headrace.state.memory;

import dev.headrace.state.StateVersion;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Merges the old runs of a state on a thread of its own.
final class Compaction implements AutoCloseable {
    private final StateFiles files;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task ->
            Thread.ofPlatform().name("headrace-state-compaction").daemon().unstarted(task));
    private @Nullable Future<?> running;

    Compaction(StateFiles files) {
        this.files = files;
    }

    /// Begins to merge runs of versions up to `oldest`, unless that is still going on. Throws what ended the last one,
    /// if an error did.
    void start(StateVersion oldest) {
        Future<?> last = running;
        if (last != null) {
            if (!last.isDone()) {
                return;
            }
            check(last);
        }
        running = thread.submit(() -> files.compact(oldest.value()));
    }

    private static void check(Future<?> ended) {
        try {
            ended.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException(failed.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Lets a running compaction end.
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (thread.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
