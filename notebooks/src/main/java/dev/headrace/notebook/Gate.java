package dev.headrace.notebook;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Where the batches of a live display wait while it is paused. Thread-safe.
final class Gate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean paused;
    private boolean opened;
    private long steps;
    private long passed;

    /// Batches wait from now on.
    void pause() {
        set(true, false);
    }

    /// Batches pass again.
    void resume() {
        set(false, false);
    }

    /// Batches pass from now on, whatever is said later.
    void open() {
        set(false, true);
    }

    private void set(boolean pause, boolean forGood) {
        lock.lock();
        try {
            opened |= forGood;
            paused = pause && !opened;
            steps = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Lets one batch pass; pauses if it is not paused.
    ///
    /// @return how many batches have passed when that one has
    long step() {
        lock.lock();
        try {
            paused = !opened;
            steps++;
            changed.signalAll();
            return passed + steps;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until so many batches have passed, or not any longer.
    ///
    /// @return whether they have
    boolean awaitPassed(long count, long millis) throws InterruptedException {
        lock.lock();
        try {
            long nanos = millis * 1_000_000;
            while (passed < count && !opened && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return passed >= count;
        } finally {
            lock.unlock();
        }
    }

    /// What a batch does at the gate: it runs the work when it may pass.
    void pass(Runnable work) {
        lock.lock();
        try {
            while (paused && steps == 0) {
                changed.awaitUninterruptibly();
            }
            steps = Math.max(0, steps - 1);
        } finally {
            lock.unlock();
        }
        work.run();
        lock.lock();
        try {
            passed++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
