package dev.headrace.cli;

import dev.headrace.exec.BatchRuns;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// How far a statement's queries are, on the last line of a terminal: from a second after its start until it has a
/// result. Thread-safe.
final class ProgressLine implements AutoCloseable {
    private static final long FIRST_MILLIS = 1000;
    private static final long MILLIS = 250;
    private static final int WIDTH = 30;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter terminal;
    private final Supplier<List<BatchRuns.Progress>> queries;
    private final LongSupplier nanoTime;
    private final long start;
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean shown;

    /// @param queries those that run now
    /// @param nanoTime a clock
    ProgressLine(PrintWriter terminal, Supplier<List<BatchRuns.Progress>> queries, LongSupplier nanoTime) {
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
        terminal.print(CLEAR + "[" + "#".repeat(done) + " ".repeat(WIDTH - done) + "] "
                + String.format(
                        Locale.ROOT,
                        "%3.0f %%, %,d rows read, %.1f s (Ctrl-C cancels)",
                        100 * fraction,
                        rows,
                        seconds));
        terminal.flush();
        shown = true;
    }

    /// Takes the line away, for what is printed next. Does nothing the second time.
    @Override
    public synchronized void close() {
        ended.countDown();
        if (shown) {
            terminal.print(CLEAR);
            terminal.flush();
            shown = false;
        }
    }
}
