package dev.headrace.chunk;

import org.jspecify.annotations.Nullable;

/// The first failure of several things that are done whether one fails or not, with the others as suppressed ones.
/// Thread-safe. Uses nothing that the JVM links at its first call, as it does an atomic reference's comparison: that
/// takes heap, which may be what has run out.
public final class FirstFailure {
    private @Nullable Throwable first;

    public synchronized void note(Throwable failure) {
        first = of(first, failure);
    }

    public synchronized @Nullable Throwable get() {
        return first;
    }

    /// @throws RuntimeException the first failure; a checked one is the cause
    public void throwIfAny() {
        throwUnchecked(get());
    }

    /// The first of two failures, with the other one suppressed unless they are the same: the JVM has one error for all
    /// threads when it has no memory for more.
    static Throwable of(@Nullable Throwable before, Throwable failure) {
        if (before == null) {
            return failure;
        }
        if (!before.equals(failure)) {
            try {
                before.addSuppressed(failure);
            } catch (OutOfMemoryError noRoomForMore) {
                // What the first one says is what counts.
                return before;
            }
        }
        return before;
    }

    static void throwUnchecked(@Nullable Throwable thrown) {
        switch (thrown) {
            case null -> {}
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalStateException(thrown);
        }
    }
}
