package dev.headrace.notebook;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.rapaio.jupyter.kernel.display.DisplayData;
import org.rapaio.jupyter.kernel.message.Message;
import org.rapaio.jupyter.kernel.message.MessageId;
import org.rapaio.jupyter.kernel.message.messages.ShellExecuteRequest;

/// The cells of the notebook, and the live displays that each has started.
///
/// The protocol does not say which cell runs. A cell is known by its text, so running it again replaces what it has
/// started before; a cell whose text is changed leaves its streams running until [#stopAll].
final class Cells {
    private static final AtomicReference<@Nullable Cells> INSTALLED = new AtomicReference<>();
    private static final long PAUSE_MILLIS = 20;
    private static final long FIRST_PROGRESS_MILLIS = 1000;
    private static final long PROGRESS_MILLIS = 300;

    /// So many pauses are given to a query that is to end.
    private static final int PATIENCE = 10;

    private final KernelParts parts;
    private final CompletableFuture<Void> ready;
    private final Map<String, List<LiveTable>> live = new ConcurrentHashMap<>();
    private volatile @Nullable Cell current;

    /// @param ended is open when the cell has its answer
    private record Cell(MessageId<?> id, String source, CountDownLatch ended) {}

    private Cells(KernelParts parts, CompletableFuture<Void> ready) {
        this.parts = parts;
        this.ready = ready;
    }

    static Cells install(KernelParts parts, CompletableFuture<Void> ready) {
        Cells cells = new Cells(parts, ready);
        INSTALLED.set(cells);
        KernelParts.formatExceptions(new ExceptionText());
        KernelParts.addMagic(new SqlMagic());
        return cells;
    }

    /// @throws IllegalStateException outside of a kernel
    static Cells installed() {
        Cells cells = INSTALLED.get();
        if (cells == null) {
            throw new IllegalStateException("There is no notebook: this runs outside of the Headrace kernel.");
        }
        return cells;
    }

    void execute(Message<ShellExecuteRequest> message, Runnable run) {
        Cell cell = new Cell(message.getId(), message.content().code(), new CountDownLatch(1));
        String barId = Notebook.id();
        ProgressBar bar = new ProgressBar((data, again) -> {
            if (again) {
                parts.update(cell.id, data, barId);
            } else {
                parts.display(cell.id, data, barId);
            }
        });
        current = cell;
        try {
            ready.join();
            Thread.ofVirtual().name("notebook-progress").start(() -> follow(cell, bar));
            stop(live.remove(cell.source));
            run.run();
        } finally {
            bar.finish();
            current = null;
            cell.ended.countDown();
        }
    }

    private static void follow(Cell cell, ProgressBar bar) {
        try {
            boolean ended = cell.ended.await(FIRST_PROGRESS_MILLIS, TimeUnit.MILLISECONDS);
            while (!ended) {
                bar.update(Notebook.progress());
                ended = cell.ended.await(PROGRESS_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Cancels the cell that runs, or else stops the live displays.
    void interrupt() {
        Cell cell = current;
        if (cell == null) {
            stopAll();
        } else {
            stop(live.remove(cell.source));
            Thread.ofVirtual().name("notebook-interrupt").start(() -> cancel(cell));
        }
    }

    /// Queries are cancelled first: a cell that only waits for one then ends by itself, when all memory is free. An
    /// interrupt may come before the cell's code runs, when there is nothing to cancel yet, so it is repeated.
    private void cancel(Cell cell) {
        try {
            int patience = PATIENCE;
            do {
                boolean ending = ready.isDone() && Notebook.cancelQueries();
                if (!ending && patience == PATIENCE || patience < 0) {
                    parts.cancelCell();
                }
                patience--;
            } while (!cell.ended.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// What is shown below the cell that runs.
    Output show(DisplayData data, String id) {
        Cell cell = current;
        if (cell == null) {
            throw new IllegalStateException("display(…) can be called while a cell runs only.");
        }
        parts.display(cell.id, data, id);
        // A client that runs cells one after the other takes notice only of what the running cell sends.
        return update -> {
            Cell running = current;
            parts.update(running == null ? cell.id : running.id, update, id);
        };
    }

    /// Where a display is updated.
    @FunctionalInterface
    interface Output {
        void update(DisplayData data);
    }

    void started(LiveTable table) {
        Cell cell = current;
        if (cell != null) {
            live.computeIfAbsent(cell.source, _ -> new ArrayList<>()).add(table);
        }
    }

    void stopAll() {
        for (String source : List.copyOf(live.keySet())) {
            stop(live.remove(source));
        }
    }

    private static void stop(@Nullable Collection<LiveTable> tables) {
        if (tables != null) {
            tables.forEach(LiveTable::stop);
        }
    }
}
