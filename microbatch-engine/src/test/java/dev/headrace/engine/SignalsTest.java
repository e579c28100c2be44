package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What the threads of a query tell each other.
class SignalsTest {
    private final Signals signals = new Signals();

    /// A thread that waits for the query to catch up.
    private Thread caller() {
        Thread caller = Thread.ofPlatform().daemon().start(() -> {
            try {
                signals.awaitCaughtUp();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        while (signals.latestRequest() == 0) {
            Thread.onSpinWait();
        }
        return caller;
    }

    @Test
    void aPauseLastsThoughSomebodyWaitsForTheQueryToCatchUpAndEndsWhenItIsToStop() throws InterruptedException {
        Thread caller = caller();
        Thread query = Thread.ofPlatform().daemon().start(() -> signals.pause(Duration.ofDays(1)));
        while (query.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(query.isAlive());
            Thread.onSpinWait();
        }
        signals.stop();
        query.join();
        assertTrue(signals.isStopping());
        signals.ended("Stopped");
        caller.join();
    }

    @Test
    void theWaitForTheNextTriggerDoesNotLastThen() throws InterruptedException {
        Thread caller = caller();
        signals.awaitMillis(Duration.ofDays(1).toMillis());
        signals.caughtUp(signals.latestRequest());
        caller.join();
    }
}
