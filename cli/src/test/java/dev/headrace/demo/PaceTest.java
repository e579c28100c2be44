package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void nothingIsDueAtTheStart() {
        assertEquals(0, new Pace(100, 5 * SECOND).due(5 * SECOND));
    }

    @Test
    void theRateIsKeptExactlyHoweverOftenItIsAsked() {
        Pace pace = new Pace(7, 0);
        long given = 0;
        for (long now = 0; now <= 3 * SECOND; now += 1_000_003) {
            given += pace.due(now);
        }
        assertEquals(20, given);
        assertEquals(1, pace.due(3 * SECOND));
    }

    @Test
    void whoComesLateGetsWhatWasMissed() {
        Pace pace = new Pace(100, 0);
        assertEquals(90, pace.due(SECOND * 9 / 10));
    }

    @Test
    void afterALongPauseOneSecondsWorthIsDueAndTheRateGoesOn() {
        Pace pace = new Pace(100, 0);
        assertEquals(100, pace.due(60 * SECOND));
        assertEquals(50, pace.due(60 * SECOND + SECOND / 2));
    }

    @Test
    void daysAtAHighRateDoNotOverflow() {
        long days = 100L * 24 * 3600;
        Pace pace = new Pace(1_000_000, 0);
        for (long second = 1; second <= 3; second++) {
            assertEquals(1_000_000, pace.due(second * SECOND));
        }
        assertEquals(1_000_000, pace.due(days * SECOND));
        assertEquals(1_000_000, pace.due((days + 1) * SECOND));
    }
}
