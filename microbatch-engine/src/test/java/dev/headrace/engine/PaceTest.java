package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.QueryException;
import dev.headrace.streaming.Trigger;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    private final Pace pace = Pace.of(Map.of(), Trigger.ProcessingTime("0 seconds"), 1);

    /// Runs a batch without rows, as the first one of a run.
    private static void begin(Pace pace) {
        assertEquals(10_000, pace.most(0));
        pace.took(new long[] {0}, 1, 0);
    }

    @Test
    void backlogIsReadInBatchesThatTakeAboutTheTarget() {
        long backlog = 1_000_000_000;
        double worst = 0;
        int batches = 0;
        while (backlog > 0) {
            long rows = Math.min(backlog, pace.most(0));
            long nanos = SECOND / 50 + rows * 2_000;
            pace.took(new long[] {rows}, nanos, 0.01);
            worst = Math.max(worst, (double) nanos / SECOND);
            backlog -= rows;
            batches++;
        }
        assertTrue(worst < 10, "the longest took " + worst);
        // At 500,000 rows a second and 8 s each, after a few that grow.
        assertTrue(batches < 260, "batches: " + batches);
    }

    @Test
    void rowsThatSuddenlyTakeFiftyTimesAsLongMakeOneBatchTooLong() {
        int tooLong = 0;
        for (int batch = 0; batch < 40; batch++) {
            long rows = pace.most(0);
            long nanos = rows * (batch < 20 ? 2_000 : 100_000);
            pace.took(new long[] {rows}, nanos, 0.01);
            tooLong += nanos > 10 * SECOND ? 1 : 0;
        }
        assertEquals(1, tooLong);
    }

    /// What was planned before the query was ended runs again as it was.
    @Test
    void theFirstBatchThatARunPlansIsSmall() {
        pace.took(new long[] {600}, SECOND, 0.001);
        assertEquals(10_000, pace.most(0));
        pace.took(new long[] {10_000}, SECOND / 4, 0.001);
        assertTrue(pace.wasCut());
        assertEquals(200_000, pace.most(0));
    }

    @Test
    void smallBatchesLeaveRoomForMore() {
        begin(pace);
        for (int batch = 0; batch < 100; batch++) {
            pace.took(new long[] {600}, SECOND / 50, 0.001);
        }
        assertEquals(200_000, pace.most(0));
    }

    @Test
    void batchThatTookAllItMightIsCut() {
        begin(pace);
        pace.took(new long[] {200_000}, SECOND, 0.01);
        assertTrue(pace.wasCut());
        pace.took(new long[] {200_000}, SECOND, 0.01);
        assertFalse(pace.wasCut());
    }

    @Test
    void batchThatTookMoreThanHalfOfTheMemoryIsFollowedByASmallerOne() {
        begin(pace);
        pace.took(new long[] {200_000}, SECOND, 0.8);
        assertEquals(100_000, pace.most(0));
    }

    /// The next file had no room in the batch, and is not to wait for the trigger's next time.
    @Test
    void batchThatHasAsManyWholeFilesAsItMightIsCut() {
        pace.most(0);
        pace.took(new long[] {6_000}, SECOND, 0.01);
        assertTrue(pace.wasCut());
        pace.took(new long[] {140_000}, SECOND, 0.01);
        assertTrue(pace.wasCut());
        pace.took(new long[] {70_000}, SECOND, 0.01);
        assertFalse(pace.wasCut());
    }

    /// Such as a commit that takes long, or a large table that is joined: fewer rows would not make it quicker.
    @Test
    void batchesThatTakeLongWhateverTheyHaveAreNotMadeSmall() {
        long rows = 0;
        for (int batch = 0; batch < 30; batch++) {
            rows = pace.most(0);
            pace.took(new long[] {rows}, 15 * SECOND + rows * 2_000, 0.01);
        }
        assertTrue(rows > 4_000_000, "rows: " + rows);
        assertTrue(rows * 2_000 < 15 * SECOND, "rows: " + rows);
    }

    @Test
    void batchesWhoseTimeIsAllTheSameAreNotMadeSmall() {
        for (int batch = 0; batch < 30; batch++) {
            pace.took(new long[] {pace.most(0)}, (batch % 3 + 14) * SECOND, 0.01);
        }
        assertTrue(pace.most(0) > 100_000, "rows: " + pace.most(0));
    }

    @Test
    void batchesThatNeedMemoryWhateverTheyHaveAreNotMadeSmall() {
        for (int batch = 0; batch < 30; batch++) {
            pace.took(new long[] {pace.most(0)}, SECOND, 0.6 + pace.most(0) * 2e-7);
        }
        assertTrue(pace.most(0) > 100_000, "rows: " + pace.most(0));
        assertTrue(pace.most(0) <= 200_000, "rows: " + pace.most(0));
    }

    @Test
    void batchWithoutRowsTellsNothing() {
        begin(pace);
        pace.took(new long[] {0}, 100 * SECOND, 0.8);
        assertEquals(200_000, pace.most(0));
    }

    @Test
    void sourceThatDoesNotKnowHowMuchItGivesIsLeftAlone() {
        begin(pace);
        pace.took(new long[] {-1}, 100 * SECOND, 0.8);
        assertEquals(200_000, pace.most(0));
    }

    @Test
    void batchesOfAnIntervalMayTakeTheInterval() {
        Pace hourly = Pace.of(Map.of(), new Trigger.ProcessingTime(Duration.ofHours(1)), 1);
        begin(hourly);
        hourly.took(new long[] {200_000}, 1_000 * SECOND, 0.01);
        assertEquals(576_000, hourly.most(0));
    }

    @Test
    void zeroIsNoLimit() {
        Pace free = Pace.of(Map.of(Pace.TARGET, "0"), Trigger.ProcessingTime("0 seconds"), 1);
        free.took(new long[] {1_000_000}, 100 * SECOND, 0.9);
        assertEquals(Long.MAX_VALUE, free.most(0));
    }

    @Test
    void targetThatIsNoIntervalIsRefused() {
        QueryException refused = assertThrows(QueryException.class, () -> Pace.check(Map.of(Pace.TARGET, "soon")));
        assertEquals(
                "[INVALID_CONF] 'headrace.stream.targetBatchTime' is 'soon'; expected an interval such as '5 seconds',"
                        + " about the time that a batch shall take, or 0 for no limit.",
                refused.getMessage());
        assertThrows(QueryException.class, () -> Pace.check(Map.of(Pace.TARGET, "-1 second")));
    }
}
