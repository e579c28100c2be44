package dev.headrace.exec;

import dev.headrace.chunk.FirstFailure;
import dev.headrace.chunk.HeapReserve;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// The fixed set of platform threads that run tasks. Thread-safe.
public final class TaskPool implements AutoCloseable {
    private final int parallelism;
    private final ThreadPoolExecutor threads;

    public TaskPool(int parallelism) {
        this.parallelism = parallelism;
        AtomicInteger number = new AtomicInteger();
        int helpers = Math.max(1, parallelism - 1);
        this.threads = new ThreadPoolExecutor(
                helpers,
                helpers,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> Thread.ofPlatform()
                        .name("headrace-task-" + number.incrementAndGet())
                        .daemon()
                        .unstarted(task));
    }

    public int parallelism() {
        return parallelism;
    }

    /// Runs the tasks `0 … count - 1`, started in that order, and returns when all have ended. The calling thread works
    /// too, so a single task runs without a change of threads, and nothing waits for threads that are busy with the
    /// tasks of another call. After a failure no further task is started, and the
    /// first failure is thrown when those under way have ended.
    public void run(int count, IntConsumer task) {
        run(count, task, () -> {});
    }

    /// @param interrupted called when the calling thread is interrupted or stopped while it waits for tasks of other
    ///     threads
    public void run(int count, IntConsumer task, Runnable interrupted) {
        if (count == 0) {
            return;
        }
        AtomicInteger next = new AtomicInteger();
        HeapReserve.take();
        FirstFailure failure = new FirstFailure();
        Runnable worker = () -> {
            int index = next.getAndIncrement();
            while (index < count && failure.get() == null) {
                try {
                    task.accept(index);
                } catch (Throwable thrown) {
                    failure.note(thrown);
                }
                index = next.getAndIncrement();
            }
        };
        List<FutureTask<?>> helpers = new ArrayList<>(parallelism);
        try {
            for (int i = 1; i < Math.min(count, parallelism); i++) {
                FutureTask<?> helper = new FutureTask<>(worker, null);
                threads.execute(helper);
                helpers.add(helper);
            }
        } catch (Throwable noThread) {
            failure.note(noThread);
        }
        worker.run();
        // Not by an iterator, which would be an object: the heap may have run out.
        for (int i = 0; i < helpers.size(); i++) {
            boolean neverStarted = threads.remove(helpers.get(i));
            if (!neverStarted) {
                await(helpers.get(i), failure, interrupted);
            }
        }
        if (failure.get() instanceof OutOfMemoryError) {
            // For who closes what the tasks held.
            HeapReserve.giveUp();
        }
        failure.throwIfAny();
    }

    /// Waits whatever happens to this thread, so that no task outlives the call; an interruption is passed on
    /// afterwards, and an error becomes the failure. jshell stops a thread by an error that comes out of where it
    /// waits.
    static void await(Future<?> helper, FirstFailure failure, Runnable whenInterrupted) {
        boolean interrupted = false;
        while (!helper.isDone()) {
            try {
                helper.get();
            } catch (InterruptedException later) {
                interrupted = true;
                whenInterrupted.run();
            } catch (ExecutionException impossible) {
                throw new IllegalStateException(impossible);
            } catch (Error stopped) {
                failure.note(stopped);
                whenInterrupted.run();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
