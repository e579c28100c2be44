package dev.headrace.engine;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.errors.UnavailableException;
import dev.headrace.streaming.StreamingQueryStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// What the threads of a query and of its users tell each other. Thread-safe.
final class Signals {
    private static final long SLICE_MILLIS = 50;

    private final ReentrantLock lock = new ReentrantLock();
    private final Lock betweenBatches = new ReentrantLock(true);
    private final Condition changed = lock.newCondition();
    private final Cancellation stopping = new Cancellation();
    private long requested;
    private long served;
    private boolean ended;
    private boolean announced;
    private Optional<UnavailableException> waitsFor = Optional.empty();
    private StreamingQueryStatus status = new StreamingQueryStatus("Initializing sources", false, false);

    /// Held while a batch is planned, run and committed; who holds it sees sink, state and log at one batch's end.
    Lock betweenBatches() {
        return betweenBatches;
    }

    /// Looks at the query between two batches, once the one that runs has ended.
    ///
    /// @return empty if that takes too long, or the batch waits to be tried again, nobody knows for how long
    <T> Optional<T> lookBetweenBatches(Duration most, Supplier<T> look) throws InterruptedException {
        long begun = System.nanoTime();
        while (!betweenBatches.tryLock(SLICE_MILLIS, TimeUnit.MILLISECONDS)) {
            if (waitsFor().isPresent()
                    || Duration.ofNanos(System.nanoTime() - begun).compareTo(most) >= 0) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(look.get());
        } finally {
            betweenBatches.unlock();
        }
    }

    /// Set when the running batch is to be given up.
    Cancellation cancellation() {
        return stopping;
    }

    boolean isStopping() {
        return stopping.isCancelled();
    }

    void stop() {
        lock.lock();
        try {
            stopping.cancel();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits, but not when the query is to stop or somebody waits for it to catch up.
    void awaitMillis(long millis) {
        lock.lock();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            while (nanos > 0 && !stopping.isCancelled() && (requested == served || millis <= 10)) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            stopping.cancel();
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// Waits, but not when the query is to stop.
    void pause(Duration time) {
        lock.lock();
        try {
            long nanos = time.toNanos();
            while (nanos > 0 && !stopping.isCancelled()) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            stopping.cancel();
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// The newest request to be told when everything has been processed.
    long latestRequest() {
        lock.lock();
        try {
            return requested;
        } finally {
            lock.unlock();
        }
    }

    /// Says that there was nothing to process at a time after that request.
    void caughtUp(long request) {
        lock.lock();
        try {
            served = Math.max(served, request);
            status = new StreamingQueryStatus("Waiting for data to arrive", false, false);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the query has found nothing to process, or has ended.
    void awaitCaughtUp() throws InterruptedException {
        lock.lock();
        try {
            long request = ++requested;
            changed.signalAll();
            while (served < request && !ended) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The query is not active any more.
    void ended(String message) {
        lock.lock();
        try {
            ended = true;
            status = new StreamingQueryStatus(message, false, false);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The end has been told to the listeners: who waits for it may go on.
    void announcedEnd() {
        lock.lock();
        try {
            announced = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean hasEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the query has ended and its listeners know.
    ///
    /// @return whether the query has ended
    boolean awaitEnd(long millis) throws InterruptedException {
        lock.lock();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            while (!announced && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return announced;
        } finally {
            lock.unlock();
        }
    }

    void dataAvailable(boolean available) {
        if (available) {
            setStatus(new StreamingQueryStatus("Processing new data", true, true));
        }
    }

    void unavailable(UnavailableException reason) {
        lock.lock();
        try {
            waitsFor = Optional.of(reason);
            status = new StreamingQueryStatus("Waiting to try again: " + reason.getMessage(), false, true);
        } finally {
            lock.unlock();
        }
    }

    void reachable() {
        lock.lock();
        try {
            if (waitsFor.isPresent()) {
                waitsFor = Optional.empty();
                status = new StreamingQueryStatus("Processing new data", true, true);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Why the query waits before it tries again what has failed, if it does.
    Optional<UnavailableException> waitsFor() {
        lock.lock();
        try {
            return waitsFor;
        } finally {
            lock.unlock();
        }
    }

    StreamingQueryStatus status() {
        lock.lock();
        try {
            return status;
        } finally {
            lock.unlock();
        }
    }

    private void setStatus(StreamingQueryStatus newStatus) {
        lock.lock();
        try {
            status = newStatus;
        } finally {
            lock.unlock();
        }
    }
}
