package dev.headrace.exec;

/// Says for which operator a thread works, and adds up the time that each one gets. Used by one thread.
final class WorkClock {
    private OperatorProfile current;
    private long since = System.nanoTime();

    WorkClock(OperatorProfile first) {
        this.current = first;
    }

    OperatorProfile current() {
        return current;
    }

    /// From now on the thread works for `next`.
    ///
    /// @return for what it worked until now, to be given back when `next` has done
    OperatorProfile switchTo(OperatorProfile next) {
        OperatorProfile before = current;
        if (next != before) {
            long now = System.nanoTime();
            before.worked(now - since);
            since = now;
            current = next;
        }
        return before;
    }

    /// Adds what has not been added yet.
    void stop() {
        long now = System.nanoTime();
        current.worked(now - since);
        since = now;
    }
}
