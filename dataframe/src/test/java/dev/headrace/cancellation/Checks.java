package dev.headrace.cancellation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How often work asks whether its query is to stop, and what is left of it wherever it is told so. A query whose
/// thread is interrupted is to stop, so what it asks is that; the work must do without other threads.
public final class Checks {
    private static final int MOST_STOPS = 12;

    private Checks() {}

    /// Asked by one thread, which is interrupted at one of the times.
    private static final class Asked extends Thread {
        private final int interruptedAt;
        private int times;

        Asked(Runnable work, int interruptedAt) {
            super(work);
            this.interruptedAt = interruptedAt;
        }

        @Override
        public boolean isInterrupted() {
            return Thread.currentThread() == this && ++times == interruptedAt;
        }
    }

    /// How often work asks that is not told to stop.
    public static int count(Function<Cancellation, ?> work) {
        return run(work, 0);
    }

    /// Does work again and again, and tells it to stop each time that it asks, or at some of the times if there are
    /// many.
    ///
    /// @param afterwards what holds then
    /// @return how often it asks
    public static int stopAtEach(Function<Cancellation, ?> work, Runnable afterwards) {
        int all = count(work);
        for (int at = 1; at <= all; at += Math.max(1, all / MOST_STOPS)) {
            assertEquals(at, run(work, at), "asks after it was told to stop");
            afterwards.run();
        }
        return all;
    }

    private static int run(Function<Cancellation, ?> work, int interruptedAt) {
        CompletableFuture<@Nullable Object> done = new CompletableFuture<>();
        Asked thread = new Asked(
                () -> {
                    try {
                        Cancellation query = new Cancellation();
                        done.complete(query.<@Nullable Object>within(() -> work.apply(query)));
                    } catch (Throwable failed) {
                        done.completeExceptionally(failed);
                    }
                },
                interruptedAt);
        thread.start();
        try {
            done.join();
        } catch (CompletionException failed) {
            if (interruptedAt == 0 || !(failed.getCause() instanceof QueryCancelledException)) {
                throw failed;
            }
        }
        return thread.times;
    }
}
