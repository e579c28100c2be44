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
        current = cell;
        try {
            ready.join();
            stop(live.remove(cell.source));
            run.run();
        } finally {
            current = null;
            cell.ended.countDown();
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

    /// An interrupt may come before the cell's code runs, when there is nothing to cancel yet.
    private void cancel(Cell cell) {
        try {
            do {
                parts.cancelCell();
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
