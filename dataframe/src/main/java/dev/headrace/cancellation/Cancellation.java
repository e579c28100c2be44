package dev.headrace.cancellation;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether a query is to stop. Its operators look at it; functions of the program, which don't, and may take as long as
/// they like for a row, are interrupted. One that has begun to [commit][#commit] goes to its end. Thread-safe.
public final class Cancellation {
    private static final Logger LOG = LoggerFactory.getLogger(Cancellation.class);
    private static final String UNSTOPPABLE = "A function of a cancelled query can't be stopped";
    private static final int SHORT_STEPS = (1 << 16) - 1;
    private static final ThreadLocal<@Nullable Task> OF_THREAD = new ThreadLocal<>();

    private enum State {
        RUNS,
        CANCELLED,
        /// Too late to be cancelled.
        COMMITS
    }

    private final Set<Task> tasks = ConcurrentHashMap.newKeySet();
    private final AtomicReference<State> state;

    public Cancellation() {
        this(State.RUNS);
    }

    private Cancellation(State state) {
        this.state = new AtomicReference<>(state);
    }

    /// Work of the query on one thread.
    private static final class Task {
        private enum Code {
            /// None of the program's functions runs.
            NONE,
            RUNS,
            /// It was stopped.
            INTERRUPTED
        }

        /// How code is stopped that does not look whether it is to stop.
        ///
        /// @param begin run by the thread that cancels the query
        /// @param end run by the thread of the code, once that has come back
        private record Stop(Runnable begin, Runnable end) {}

        private final Cancellation query;
        private final Thread thread = Thread.currentThread();
        private final AtomicReference<Code> code = new AtomicReference<>(Code.NONE);
        private final Stop interrupt = new Stop(thread::interrupt, Thread::interrupted);
        /// Of the code that runs.
        private volatile Stop stop = interrupt;
        /// The query that this one waits for, on the same thread.
        private volatile @Nullable Cancellation inner;

        Task(Cancellation query) {
            this.query = query;
        }

        synchronized void interrupt() {
            Cancellation waitedFor = inner;
            if (waitedFor != null) {
                waitedFor.cancel();
            }
            if (code.compareAndSet(Code.RUNS, Code.INTERRUPTED)) {
                try {
                    stop.begin().run();
                } catch (RuntimeException failure) {
                    // The query's other tasks are to be stopped, too.
                    LOG.warn(UNSTOPPABLE, failure);
                }
            }
        }

        <R extends @Nullable Object> R call(Callable<R> function, Stop by) throws Exception {
            if (code.get() != Code.NONE) {
                return callWithin(function);
            }
            stop = by;
            code.set(Code.RUNS);
            try {
                return callWithin(function);
            } catch (InterruptedException interrupted) {
                // First, so that an interrupt of ours does not take the place of somebody else's.
                if (code.compareAndSet(Code.RUNS, Code.NONE)) {
                    query.cancel();
                    thread.interrupt();
                }
                throw new QueryCancelledException();
            } finally {
                end();
            }
        }

        private <R extends @Nullable Object> R callWithin(Callable<R> function) throws Exception {
            if (query.state.get() == State.CANCELLED) {
                throw new QueryCancelledException();
            }
            return function.call();
        }

        /// What a function that was interrupted gives, or says, is for nobody.
        private void end() {
            if (code.compareAndExchange(Code.RUNS, Code.NONE) != Code.INTERRUPTED) {
                return;
            }
            synchronized (this) {
                // What has begun to stop it has done so by now.
                stop.end().run();
                code.set(Code.NONE);
            }
            throw new QueryCancelledException();
        }
    }

    /// Says that the query is to stop.
    ///
    /// @return whether it does: false if it commits already
    public boolean cancel() {
        if (!reach(State.CANCELLED)) {
            return false;
        }
        tasks.forEach(Task::interrupt);
        return true;
    }

    private boolean reach(State end) {
        return state.compareAndSet(State.RUNS, end) || state.get() == end;
    }

    /// Whether the query is to stop, because somebody said so or interrupted this thread.
    public boolean isCancelled() {
        if (Thread.currentThread().isInterrupted()) {
            cancel();
        }
        return state.get() == State.CANCELLED;
    }

    /// Does what makes the query's work visible, and can't be given up half-way: either this or a [#cancel] comes
    /// first.
    ///
    /// @throws QueryCancelledException if the query is to stop
    public <R extends @Nullable Object> R commit(Supplier<R> work) {
        check();
        if (!reach(State.COMMITS)) {
            throw new QueryCancelledException();
        }
        return toTheEnd(work);
    }

    /// @throws QueryCancelledException if the query is to stop
    public void check() {
        if (isCancelled()) {
            throw new QueryCancelledException();
        }
    }

    /// Does all the work of the query, as [#within] does. What fails while it is to stop is taken for cancelled: of an
    /// interrupted thread the JDK closes the files that it reads and writes.
    ///
    /// @throws QueryCancelledException if the query is to stop
    public <R extends @Nullable Object> R run(Supplier<R> work) {
        return within(() -> {
            try {
                return work.get();
            } catch (RuntimeException failed) {
                check();
                throw failed;
            }
        });
    }

    /// Does work of the query on this thread. A query that the thread works for already waits for that; what cancels
    /// it cancels this one, too.
    public <R extends @Nullable Object> R within(Supplier<R> work) {
        Task around = OF_THREAD.get();
        return around == null || around.query == this ? asTask(work, around) : asInner(work, around);
    }

    private <R extends @Nullable Object> R asInner(Supplier<R> work, Task around) {
        Cancellation before = around.inner;
        around.inner = this;
        try {
            if (around.query.isCancelled()) {
                cancel();
            }
            return asTask(work, around);
        } finally {
            around.inner = before;
        }
    }

    private <R extends @Nullable Object> R asTask(Supplier<R> work, @Nullable Task around) {
        Task task = new Task(this);
        tasks.add(task);
        OF_THREAD.set(task);
        try {
            return work.get();
        } finally {
            OF_THREAD.set(around);
            tasks.remove(task);
        }
    }

    /// That of the query that this thread works for; one that nobody cancels if there is none. For threads that work
    /// for the same query.
    public static Cancellation ofThread() {
        Task task = OF_THREAD.get();
        return task == null ? new Cancellation(State.COMMITS) : task.query;
    }

    /// Comes back unless this thread works for a query that is to stop. For loops that take long, below what is given a
    /// context: some microseconds apart is often enough.
    ///
    /// @throws QueryCancelledException if the query is to stop
    public static void checkThread() {
        Task task = OF_THREAD.get();
        if (task != null) {
            task.query.check();
        }
    }

    /// As [#checkThread()] does, once in 65,536 steps: for loops of very short ones. Loops of fewer don't pay for it.
    ///
    /// @param step the number of the step, from 0
    /// @throws QueryCancelledException if the query is to stop
    public static void checkThread(int step) {
        if ((step & SHORT_STEPS) == SHORT_STEPS) {
            checkThread();
        }
    }

    /// Comes back unless this thread works for a query that is to stop; for loops of very short steps, which they go
    /// through block by block, so that none of the steps pays for it:
    ///
    /// ```java
    /// for (int from = 0, to; from < rows; from = to) {
    ///     to = Cancellation.blockEnd(from, rows);
    ///     for (int row = from; row < to; row++) …
    /// ```
    ///
    /// @return where the block that begins at `from` ends, `end` at most
    /// @throws QueryCancelledException if the query is to stop
    public static int blockEnd(int from, int end) {
        checkThread();
        return from + Math.min(SHORT_STEPS + 1, end - from);
    }

    /// As [#blockEnd], for loops that go down to 0.
    ///
    /// @return where the block that ends at `end` begins
    /// @throws QueryCancelledException if the query is to stop
    public static int blockStart(int end) {
        checkThread();
        return Math.max(0, end - (SHORT_STEPS + 1));
    }

    /// Does work that is not to be given up half-way, such as removing what a failure has left.
    public static <R extends @Nullable Object> R toTheEnd(Supplier<R> work) {
        Task around = OF_THREAD.get();
        OF_THREAD.remove();
        try {
            return work.get();
        } finally {
            OF_THREAD.set(around);
        }
    }

    /// Runs a function of the program for the query that this thread works for, if there is one.
    ///
    /// @throws QueryCancelledException if the query is to stop, or the function has ended because its thread was
    ///     interrupted
    public static <R extends @Nullable Object> R call(Callable<R> function) throws Exception {
        Task task = OF_THREAD.get();
        return task == null ? function.call() : task.call(function, task.interrupt);
    }

    /// As [#call(Callable)], for what an interrupt of its thread does not end.
    ///
    /// @param stop ends it, and may take long: run by a thread of its own, for whose end this call waits
    public static <R extends @Nullable Object> R call(Callable<R> function, Runnable stop) throws Exception {
        Task task = OF_THREAD.get();
        return task == null ? function.call() : task.call(function, onThreadOfItsOwn(stop));
    }

    /// No virtual thread: what is to be stopped may keep all that carry those.
    private static Task.Stop onThreadOfItsOwn(Runnable stop) {
        CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>();
        return new Task.Stop(
                () -> Thread.ofPlatform().daemon().name("headrace-stop").start(() -> {
                    try {
                        stop.run();
                    } catch (RuntimeException failure) {
                        LOG.warn(UNSTOPPABLE, failure);
                    } finally {
                        stopped.complete(null);
                    }
                }),
                stopped::join);
    }
}
