package dev.headrace.exec;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Lets batch queries and writes end in order when the process ends, by a signal or by `System.exit`: they are
/// cancelled, and the process waits, five seconds at most, until what they were writing is taken away, and a moment
/// longer for what the program says of it. What begins afterwards is cancelled at once. Thread-safe.
public final class ProcessEnd {
    private static final long PATIENCE_MILLIS = 5_000;
    /// What the program has for saying that its query was cancelled.
    private static final long LAST_WORDS_MILLIS = 1_000;

    private static final ProcessEnd OF_THIS_PROCESS = new ProcessEnd();

    private final Set<BatchRuns.Run> running = new HashSet<>();
    private int writes;
    private boolean begun;

    private ProcessEnd() {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(this::cancelAll, "cancel-queries"));
        } catch (IllegalStateException ending) {
            begun = true;
        }
    }

    /// A write, from before it makes its first file until it has made them visible or taken them away.
    public static final class Write implements AutoCloseable {
        private Write() {}

        /// Called once.
        @Override
        public void close() {
            OF_THIS_PROCESS.writeEnded();
        }
    }

    /// The end of the process will wait for a write until the answer is closed.
    public static Write awaitsWrite() {
        OF_THIS_PROCESS.writeBegun();
        return new Write();
    }

    /// The end of the process will cancel a query and wait for it, until it is said to have ended.
    static void cancels(BatchRuns.Run run) {
        OF_THIS_PROCESS.add(run);
    }

    static void hasEnded(BatchRuns.Run run) {
        OF_THIS_PROCESS.remove(run);
    }

    private void add(BatchRuns.Run run) {
        boolean tooLate;
        synchronized (this) {
            running.add(run);
            tooLate = begun;
        }
        if (tooLate) {
            run.cancel();
        }
    }

    private synchronized void remove(BatchRuns.Run run) {
        running.remove(run);
        notifyAll();
    }

    private synchronized void writeBegun() {
        writes++;
    }

    private synchronized void writeEnded() {
        writes--;
        notifyAll();
    }

    private void cancelAll() {
        List<BatchRuns.Run> told;
        boolean idle;
        synchronized (this) {
            begun = true;
            told = List.copyOf(running);
            idle = writes == 0 && running.isEmpty();
        }
        told.forEach(BatchRuns.Run::cancel);
        try {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
            awaitAll(deadline);
            if (!idle) {
                TimeUnit.MILLISECONDS.sleep(LAST_WORDS_MILLIS);
                // What the program has begun meanwhile.
                awaitAll(deadline);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitAll(long deadline) throws InterruptedException {
        while (writes > 0 || !running.isEmpty()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }
}
