package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How long may be spent between two batches, by a clock of the test.
class CompactionBudgetTest {
    private static final long MILLI = 1_000_000;

    private final CompactionBudget budget = new CompactionBudget(0, Optional.empty());
    private long now;

    /// Between two batches: the time that there is, of which all is used.
    private long next(long batchMillis, long idleMillis, int due) {
        now += batchMillis * MILLI;
        long length = Math.max(0, budget.begin(now, Duration.ofMillis(idleMillis), due));
        now += length;
        budget.end(now);
        return length / MILLI;
    }

    @Test
    void aTenthOfTheTimeWhenBatchesFollowEachOther() {
        next(50, 0, 1);

        assertEquals(5, next(50, 0, 1));
        assertEquals(5, next(50, 0, 1));
    }

    @Test
    void halfOfTheTimeThatWouldPassIdly() {
        assertEquals(400, next(200, 800, 1));
        assertEquals(400, next(200, 800, 1));
    }

    @Test
    void moreWhereMoreIsDueUpToHalfOfTheTime() {
        next(50, 0, 1);

        assertEquals(15, next(50, 0, 3));
        assertEquals(25, next(50, 0, 1_000));
        assertEquals(500, next(3_000, 0, 1_000), "but a batch waits for half a second at most");
    }

    @Test
    void whatIsNotUsedIsKeptForAMoment() {
        for (int batch = 0; batch < 100; batch++) {
            now += 50 * MILLI;
            budget.begin(now, Duration.ZERO, 1);
            budget.end(now);
        }

        assertEquals(20, next(50, 0, 1));
        assertEquals(5, next(50, 0, 1));
    }

    @Test
    void whatWasUsedTooMuchIsNotGivenLater() {
        next(50, 0, 1);
        now += 50 * MILLI;
        budget.begin(now, Duration.ZERO, 1);
        now += 25 * MILLI;
        budget.end(now);

        // 25 ms were used of 5: 20 ms are owed, of which each batch pays a tenth of its time.
        assertEquals(0, next(75, 0, 1));
        assertEquals(0, next(100, 0, 1));
        assertEquals(2, next(50, 0, 1));
    }

    @Test
    void orWhatTheSessionSays() {
        CompactionBudget fixed = new CompactionBudget(0, Optional.of(Duration.ofMillis(30)));

        assertEquals(30 * MILLI, fixed.begin(0, Duration.ZERO, 1));
        fixed.end(500 * MILLI);
        assertEquals(30 * MILLI, fixed.begin(500 * MILLI, Duration.ofSeconds(10), 1));
    }
}
