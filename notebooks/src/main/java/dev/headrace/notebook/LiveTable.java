package dev.headrace.notebook;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.OutputMode;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.StreamingQueryListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rapaio.jupyter.kernel.display.DisplayData;

/// A DataFrame shown below a cell. If it is a stream, a query runs until [#stop], and what is shown follows it.
///
/// Thread-safe. What it shows changes at most five times a second.
public final class LiveTable {
    private static final long PAUSE_MILLIS = 200;
    private static final long STEP_MILLIS = 30_000;

    /// Of so many batches what they showed is kept.
    private static final int KEPT = 100;

    private static final long MOST_SECONDS_TO_END = 3;

    /// What follows the streams of displays, until it has deleted their checkpoints.
    private static final Set<Thread> FOLLOWERS = ConcurrentHashMap.newKeySet();

    private final Look look;
    private final @Nullable StreamingQuery query;
    private final Rows rows;
    private final Cells.Output output;
    private final Gate gate;
    private final Semaphore changes = new Semaphore(0);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private Map<String, Object> last = Map.of();

    /// What is kept of the rows, and what it looks like.
    interface Look {
        Look TABLE = new Look() {
            @Override
            public int limit() {
                return TablePreview.ROWS;
            }

            @Override
            public DataFrame columns(DataFrame frame) {
                return frame;
            }

            @Override
            public DisplayData display(TablePreview rows) {
                return rows.display();
            }
        };

        /// How many rows are shown.
        int limit();

        /// The columns that are shown.
        DataFrame columns(DataFrame frame);

        DisplayData display(TablePreview rows);
    }

    /// The rows to show, which the query's thread replaces.
    private static final class Rows {
        private final Look look;
        private final boolean whole;
        private TablePreview shown;
        private final Map<Long, TablePreview> past = new LinkedHashMap<>();

        Rows(Look look, DataFrame frame, boolean whole) {
            this.look = look;
            this.whole = whole;
            this.shown = new TablePreview(look.columns(frame).schema(), List.of(), new TablePreview.Extent.All());
        }

        void add(DataFrame batch, long id) {
            if (whole) {
                show(TablePreview.of(look.columns(batch), look.limit()), id);
                return;
            }
            List<List<@Nullable String>> added = TablePreview.texts(look.columns(batch));
            synchronized (this) {
                List<List<@Nullable String>> both = new ArrayList<>(shown.rows());
                both.addAll(added);
                int from = Math.max(0, both.size() - look.limit());
                long total = shown.total().orElseThrow() + added.size();
                show(
                        new TablePreview(
                                shown.schema(),
                                List.copyOf(both.subList(from, both.size())),
                                total == both.size() - from
                                        ? new TablePreview.Extent.All()
                                        : new TablePreview.Extent.Last(total)),
                        id);
            }
        }

        private synchronized void show(TablePreview rows, long id) {
            shown = rows;
            past.put(id, rows);
            if (past.size() > KEPT) {
                past.remove(past.keySet().iterator().next());
            }
        }

        synchronized Map<Long, TablePreview> past() {
            return new LinkedHashMap<>(past);
        }

        synchronized TablePreview shown() {
            return shown;
        }
    }

    private LiveTable(Look look, @Nullable StreamingQuery query, Rows rows, Gate gate, Cells.Output output) {
        this.look = look;
        this.query = query;
        this.rows = rows;
        this.gate = gate;
        this.output = output;
    }

    static LiveTable show(DataFrame frame, @Nullable OutputMode mode, Look look) {
        Cells cells = Cells.installed();
        String id = Notebook.id();
        if (!frame.isStreaming()) {
            Rows rows = new Rows(look, frame, true);
            rows.add(frame, 0);
            return new LiveTable(look, null, rows, new Gate(), cells.show(look.display(rows.shown()), id));
        }
        LiveTable started = start(frame, mode, look, empty -> cells.show(empty, id));
        cells.started(started);
        return started;
    }

    /// Shows a stream.
    ///
    /// @param place makes the place where it is shown, with what is shown there first
    static LiveTable start(
            DataFrame frame, @Nullable OutputMode mode, Look look, Function<DisplayData, Cells.Output> place) {
        if (mode == null) {
            try {
                return start(frame, OutputMode.COMPLETE, look, place);
            } catch (QueryException refused) {
                if (!refused.code().equals("UNSUPPORTED_OUTPUT_MODE")) {
                    throw refused;
                }
                return start(frame, OutputMode.APPEND, look, place);
            }
        }
        Rows rows = new Rows(look, frame, mode == OutputMode.COMPLETE);
        DisplayData empty = look.display(rows.shown());
        Gate gate = new Gate();
        Path checkpoint = temporaryDirectory();
        StreamingQuery query;
        try {
            DataStreamWriter writer = frame.writeStream().outputMode(mode);
            query = Frames.foreachBatch(writer, (batch, number) -> gate.pass(() -> rows.add(batch, number)), gate::open)
                    .option("checkpointLocation", checkpoint.toString())
                    .start();
        } catch (TimeoutException e) {
            delete(checkpoint);
            throw new UnavailableException("QUERY_NOT_STARTED", "The stream was not started in time.", e);
        } catch (RuntimeException e) {
            delete(checkpoint);
            throw e;
        }
        LiveTable table = new LiveTable(look, query, rows, gate, place.apply(empty));
        table.follow(frame, query, checkpoint);
        return table;
    }

    private void follow(DataFrame frame, StreamingQuery running, Path checkpoint) {
        StreamingQueryListener listener = new StreamingQueryListener() {
            @Override
            public void onQueryStarted(QueryStartedEvent event) {}

            @Override
            public void onQueryProgress(QueryProgressEvent event) {
                changed(event.runId());
            }

            @Override
            public void onQueryTerminated(QueryTerminatedEvent event) {
                changed(event.runId());
            }

            private void changed(UUID run) {
                if (run.equals(running.runId())) {
                    changes.release();
                }
            }
        };
        frame.sparkSession().streams().addListener(listener);
        Thread follower = Thread.ofPlatform().daemon().name("notebook-display").unstarted(() -> {
            try {
                while (running.isActive()) {
                    changes.tryAcquire(1, TimeUnit.SECONDS);
                    changes.drainPermits();
                    renderOrSayWhyNot();
                    stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                frame.sparkSession().streams().removeListener(listener);
                try {
                    // Whatever has come in between: its files are needed while it runs.
                    stop(running);
                    renderOrSayWhyNot();
                    delete(checkpoint);
                } finally {
                    FOLLOWERS.remove(Thread.currentThread());
                }
            }
        });
        FOLLOWERS.add(follower);
        follower.start();
    }

    /// Waits until all displays of streams that have stopped have shown their last rows, and left no files; for some
    /// seconds at most.
    static void awaitEnds() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS_TO_END);
        try {
            for (Thread follower : FOLLOWERS) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                follower.join(Duration.ofMillis(Math.max(1, left)));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void render() {
        DisplayData data = look.display(rows.shown());
        if (query != null) {
            QueryCard card = QueryCard.of(query);
            Object html = data.data().get("text/html");
            Object svg = data.data().remove("image/svg+xml");
            data.putHTML(card.line() + (html == null ? svg : html));
            data.putText(card.text() + "\n" + data.data().get("text/plain"));
        }
        update(data);
    }

    private void update(DisplayData data) {
        if (!data.data().equals(last)) {
            output.update(data);
            last = data.data();
        }
    }

    /// What can't be shown does not end the query: the rows of the next batch may be shown again.
    private synchronized void renderOrSayWhyNot() {
        try {
            render();
        } catch (RuntimeException failed) {
            try {
                update(DisplayData.fromText("This can't be shown: " + failed));
            } catch (RuntimeException _) {
                // There is nowhere to say it: the client, or its connection, is gone.
            }
        }
    }

    /// The query that runs, or ran, for it; none if the DataFrame is no stream.
    public Optional<StreamingQuery> query() {
        return Optional.ofNullable(query);
    }

    /// Waits until all rows that are in the stream's sources now are shown.
    ///
    /// @throws StreamingQueryException if the query has failed
    public void processAllAvailable() {
        if (query != null) {
            query.processAllAvailable();
            render();
        }
    }

    /// Lets the query wait before it gives its next batch. What comes is kept by its sources meanwhile.
    public void pause() {
        gate.pause();
    }

    /// Goes on after [#pause].
    public void resume() {
        gate.resume();
    }

    /// Lets one batch pass, shows it, and waits again; if there is no new input, waits for some for half a minute at
    /// most.
    ///
    /// @return whether there was a batch
    public boolean step() throws InterruptedException {
        boolean passed = gate.awaitPassed(gate.step(), STEP_MILLIS);
        render();
        return passed;
    }

    /// What was shown after a batch; the last 100 batches with rows are kept.
    ///
    /// @throws QueryException `BATCH_NOT_RETAINED`
    public Object at(long batch) {
        TablePreview then = rows.past().get(batch);
        if (then == null) {
            throw new QueryException(
                    "BATCH_NOT_RETAINED",
                    "This display has not kept batch " + batch + "; it has "
                            + rows.past().keySet() + ".");
        }
        return look.display(then);
    }

    /// Stops the query; what is shown stays. Does nothing the second time.
    public void stop() {
        if (query != null) {
            stop(query);
            stopped.countDown();
            changes.release();
            render();
        }
    }

    static void stop(StreamingQuery query) {
        try {
            query.stop();
        } catch (TimeoutException e) {
            throw new UnavailableException("QUERY_NOT_STOPPED", "The streaming query does not stop.", e);
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("headrace-notebook");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
