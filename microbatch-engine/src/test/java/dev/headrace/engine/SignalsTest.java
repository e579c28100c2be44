package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.UnavailableException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// What the threads of a query tell each other.
class SignalsTest {
    private static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();

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
    void whoLooksBetweenBatchesWaitsForAWhileAndNotForABatchThatWaitsItself() throws Exception {
        assertEquals(Optional.of("seen"), signals.lookBetweenBatches(FOR_EVER, () -> "seen"));
        CountDownLatch runs = new CountDownLatch(1);
        CountDownLatch ends = new CountDownLatch(1);
        Thread batch = Thread.ofPlatform().daemon().start(() -> {
            signals.betweenBatches().lock();
            runs.countDown();
            try {
                ends.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } finally {
                signals.betweenBatches().unlock();
            }
        });
        runs.await();
        assertEquals(Optional.empty(), signals.lookBetweenBatches(Duration.ofMillis(1), () -> "seen"));
        signals.unavailable(new UnavailableException("TEST_UNAVAILABLE", "not now"));
        assertEquals(Optional.empty(), signals.lookBetweenBatches(FOR_EVER, () -> "seen"));
        signals.reachable();
        ends.countDown();
        assertEquals(Optional.of("seen"), signals.lookBetweenBatches(FOR_EVER, () -> "seen"));
        batch.join();
    }

    @Test
    void theWaitForTheNextTriggerDoesNotLastThen() throws InterruptedException {
        Thread caller = caller();
        signals.awaitMillis(Duration.ofDays(1).toMillis());
        signals.caughtUp(signals.latestRequest());
        caller.join();
    }
}
