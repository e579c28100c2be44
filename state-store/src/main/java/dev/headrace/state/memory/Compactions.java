package dev.headrace.state.memory;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// How a store and the thread that merges its runs meet.
final class Compactions {
    private Compactions() {}

    /// Throws what ended a compaction, if an error did.
    static void check(Future<?> ended) {
        try {
            ended.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Lets a running compaction end, starts no other.
    static void end(ExecutorService compactor) {
        compactor.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (compactor.awaitTermination(1, TimeUnit.MINUTES)) {
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
