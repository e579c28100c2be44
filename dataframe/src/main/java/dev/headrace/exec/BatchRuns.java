package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.errors.QueryException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The batch queries of a session that run now. Thread-safe.
public final class BatchRuns {
    /// The code of what a query that was cancelled fails with.
    public static final String CANCELLED = "QUERY_CANCELLED";

    private static final ThreadLocal<Boolean> OF_STREAM = ThreadLocal.withInitial(() -> false);

    private final Optional<ProgressTerminal> terminal;
    private Optional<ProgressLine> line = Optional.empty();
    private final Set<Run> running = ConcurrentHashMap.newKeySet();
    private final AtomicLong ids = new AtomicLong();

    /// Of the queries that a thread begins; threads that it starts have them too.
    private final InheritableThreadLocal<Set<String>> tags = new InheritableThreadLocal<>() {
        @Override
        protected Set<String> initialValue() {
            return Set.of();
        }
    };

    /// @param terminal where it is shown how far they are
    BatchRuns(Optional<ProgressTerminal> terminal) {
        this.terminal = terminal;
    }

    /// For another session.
    BatchRuns forAnotherSession() {
        return new BatchRuns(terminal);
    }

    /// One that runs, until it is closed.
    public static final class Run implements AutoCloseable {
        private final BatchRuns runs;
        private final String id;
        private final Set<String> tags;
        private final Cancellation cancellation = new Cancellation();
        private final RunContext.Counters counters = new RunContext.Counters();

        private Run(BatchRuns runs, String id, Set<String> tags) {
            this.runs = runs;
            this.id = id;
            this.tags = tags;
        }

        /// Unique within the session.
        public String id() {
            return id;
        }

        /// Those of the thread that has begun it.
        public Set<String> tags() {
            return tags;
        }

        /// How far it is.
        public Progress progress() {
            return counters.progress();
        }

        /// Lets it fail within a few chunks of rows, and interrupts functions of the program that run for it; all its
        /// memory is freed then.
        ///
        /// @return false if it commits already, and goes to its end
        public boolean cancel() {
            return cancellation.cancel();
        }

        Cancellation cancellation() {
            return cancellation;
        }

        /// Does its work on this thread.
        <R extends @Nullable Object> R within(Supplier<R> work) {
            return cancellation.run(work);
        }

        RunContext.Counters counters() {
            return counters;
        }

        @Override
        public void close() {
            ProcessEnd.hasEnded(this);
            runs.running.remove(this);
            runs.ended();
        }
    }

    /// How far a query is.
    ///
    /// @param tasks of the stages that have begun
    /// @param tasksDone of these, how many have ended
    /// @param rows that have been read
    /// @param rowsExpected about how many rows the stages that have begun will read, 0 if unknown
    public record Progress(long tasks, long tasksDone, long rows, long rowsExpected) {
        /// About how much of the work that is known has been done, from 0 to 1.
        public double fraction() {
            double byRows = rowsExpected > 0 ? (double) rows / rowsExpected : 0;
            double byTasks = tasks > 0 ? (double) tasksDone / tasks : 0;
            return Math.min(1, Math.max(byRows, byTasks));
        }
    }

    /// Says that the batch queries that this thread will run belong to a streaming query: they end with it only.
    public static void belongToStream() {
        OF_STREAM.set(true);
    }

    /// Of the queries that this thread will begin.
    public Set<String> tags() {
        return tags.get();
    }

    public void tags(Set<String> ofThisThread) {
        tags.set(Set.copyOf(ofThisThread));
    }

    /// Does something that is no query, such as finding a schema, as one that can be cancelled.
    ///
    /// @throws QueryException `QUERY_CANCELLED`
    public <R extends @Nullable Object> R during(Supplier<R> work) {
        try (Run run = begin()) {
            return run.within(work);
        } catch (QueryCancelledException cancelled) {
            throw cancelled(cancelled);
        }
    }

    static QueryException cancelled(QueryCancelledException cancelled) {
        return new QueryException(CANCELLED, "The query was cancelled before its end; nothing was written.", cancelled);
    }

    Run begin() {
        Run run = new Run(this, "query-" + ids.incrementAndGet(), tags());
        if (!OF_STREAM.get()) {
            running.add(run);
            ProcessEnd.cancels(run);
            terminal.ifPresent(this::show);
        }
        return run;
    }

    private synchronized void show(ProgressTerminal on) {
        if (line.isEmpty()) {
            line = Optional.of(new ProgressLine(on, this::progress, System::nanoTime).follow());
        }
    }

    private List<Progress> progress() {
        return running().stream().map(Run::progress).toList();
    }

    private synchronized void ended() {
        if (running.isEmpty()) {
            line.ifPresent(ProgressLine::close);
            line = Optional.empty();
        }
    }

    /// Those that run now and are no part of a streaming query.
    public List<Run> running() {
        return List.copyOf(running);
    }
}
