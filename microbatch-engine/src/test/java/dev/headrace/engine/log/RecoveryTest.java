package dev.headrace.engine.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.CheckpointException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecoveryTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // planned, committed, decision, next batch
                "-, -, Start, 0",
                "0, -, Replay, 0",
                "0, 0, Continue, 1",
                "1, 0, Replay, 1",
                "41, 40, Replay, 41",
                "41, 41, Continue, 42",
            })
    void theNewestEntriesDecide(@Nullable Long planned, @Nullable Long committed, String decision, long next) {
        Recovery recovery = recover(planned, committed);

        assertEquals(decision, recovery.getClass().getSimpleName());
        assertEquals(new BatchId(next), recovery.nextBatch());
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, 0, offsets is empty and commits ends with batch 0",
                "1, -, offsets ends with batch 1 and commits is empty",
                "2, 0, offsets ends with batch 2 and commits ends with batch 0",
                "4, 5, offsets ends with batch 4 and commits ends with batch 5",
                "7, 41, offsets ends with batch 7 and commits ends with batch 41",
            })
    void logsThatDisagreeAreRefused(@Nullable Long planned, @Nullable Long committed, String found) {
        CheckpointException error = assertThrows(CheckpointException.class, () -> recover(planned, committed));

        assertEquals(
                "[LOGS_DISAGREE] /chk/orders: " + found + ". Offsets are written one batch ahead of commits at most, so"
                        + " files were deleted or restored without their counterpart. Restore both folders from the same"
                        + " backup, or start with a new checkpoint directory.",
                error.getMessage());
    }

    @Test
    void aReplayedBatchIsTheOneThatWasPlanned() {
        assertEquals(new Recovery.Replay(planned(3)), recover(3L, 2L));
    }

    @Test
    void theNextBatchGetsTheWatermarkOfTheLastCommit() {
        assertEquals(new Recovery.Continue(planned(3), 777), recover(3L, 3L));
    }

    private static Recovery recover(@Nullable Long planned, @Nullable Long committed) {
        return Recovery.from(
                "/chk/orders",
                Optional.ofNullable(planned).map(RecoveryTest::planned),
                Optional.ofNullable(committed).map(id -> new CommittedBatch(new BatchId(id), 777)));
    }

    private static PlannedBatch planned(long id) {
        return new PlannedBatch(new BatchId(id), List.of(OffsetRange.of("1", "2")), 5, 6, Map.of());
    }
}
