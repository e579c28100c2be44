package dev.headrace.exec;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// How far queries are, on the last line of a terminal: from a second after they have begun until none runs any more.
/// Thread-safe.
final class ProgressLine implements AutoCloseable {
    private static final long FIRST_MILLIS = 1000;
    private static final long MILLIS = 250;
    private static final int WIDTH = 30;

    private final ProgressTerminal terminal;
    private final Supplier<List<BatchRuns.Progress>> queries;
    private final LongSupplier nanoTime;
    private final long start;
    private final CountDownLatch ended = new CountDownLatch(1);

    /// @param queries those that run now
    /// @param nanoTime a clock
    ProgressLine(ProgressTerminal terminal, Supplier<List<BatchRuns.Progress>> queries, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.queries = queries;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    /// Begins to follow the queries.
    ProgressLine follow() {
        Thread.ofPlatform().daemon().name("progress").start(() -> {
            try {
                boolean over = ended.await(FIRST_MILLIS, TimeUnit.MILLISECONDS);
                while (!over) {
                    update();
                    over = ended.await(MILLIS, TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        return this;
    }

    /// Writes the line anew, if a query runs.
    synchronized void update() {
        List<BatchRuns.Progress> running = queries.get();
        if (ended.getCount() == 0 || running.isEmpty()) {
            return;
        }
        double fraction = running.stream()
                .mapToDouble(BatchRuns.Progress::fraction)
                .average()
                .orElse(0);
        long rows = running.stream().mapToLong(BatchRuns.Progress::rows).sum();
        int done = (int) Math.round(fraction * WIDTH);
        double seconds = (nanoTime.getAsLong() - start) / 1e9;
        terminal.show("[" + "#".repeat(done) + " ".repeat(WIDTH - done) + "] "
                + String.format(
                        Locale.ROOT,
                        "%3.0f %%, %,d rows read, %.1f s (Ctrl-C cancels)",
                        100 * fraction,
                        rows,
                        seconds));
    }

    /// Takes the line away.
    @Override
    public synchronized void close() {
        ended.countDown();
        terminal.clear();
    }
}
