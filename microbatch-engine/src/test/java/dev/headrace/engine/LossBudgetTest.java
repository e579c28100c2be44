package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.connector.Gap;
import dev.headrace.connector.Gaps;
import dev.headrace.engine.log.BatchId;
import dev.headrace.engine.log.Loss;
import dev.headrace.engine.log.OffsetRange;
import dev.headrace.engine.log.Shed;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How many rows a query may lose.
class LossBudgetTest {
    private static final Loss GONE = loss(new Loss.Cause.GoneAtSource(gap(100, 149)));
    private static final Loss SHED = loss(new Loss.Cause.LoadShedding(0, new Shed(1_000, 0.5), 10, 30));
    private static final Loss VERSIONS =
            loss(new Loss.Cause.GoneAtSource(new Gap("/data/orders", Gap.Unit.VERSIONS, 4, 4)));

    private static Gap gap(long first, long last) {
        return new Gap("orders-3", Gap.Unit.OFFSETS, first, last);
    }

    private static Loss loss(Loss.Cause cause) {
        return new Loss(
                new BatchId(7), 1, 0, "kafka orders", new OffsetRange(Optional.of("1"), Optional.of("2")), cause);
    }

    private static LossBudget budget(String most, Loss... before) {
        return LossBudget.of(Map.of(LossBudget.MOST, most), () -> List.of(before));
    }

    private static String refusal(LossBudget budget, Loss... losses) {
        return assertThrows(DataException.class, () -> budget.check(new BatchId(7), List.of(losses)))
                .getMessage();
    }

    @Test
    void withoutALimitAllMayBeLost() {
        LossBudget budget = LossBudget.of(Map.of(), () -> {
            throw new AssertionError("the ledger is read");
        });
        budget.check(new BatchId(7), List.of(GONE, SHED, VERSIONS));
    }

    @Test
    void allLossesOfAQueryCount() {
        budget("80").check(new BatchId(7), List.of(GONE, SHED));
        assertEquals(
                "[TOO_MANY_LOST_ROWS] Batch 7 lacks 80 rows of what it should have read, after 0 in earlier batches, and"
                        + " 'headrace.stream.maxLostRows' allows 79 in all. The first that are gone: orders-3: offsets 100 to 149."
                        + " The batch is not committed: it runs again when the query is started again. To go on without these rows"
                        + " set more, or unset it.",
                refusal(budget("79"), GONE, SHED));
        LossBudget later = budget("100", GONE);
        later.check(new BatchId(7), List.of(SHED));
        later.committed(List.of(SHED));
        later.check(new BatchId(8), List.of());
        assertEquals(
                "[TOO_MANY_LOST_ROWS] Batch 7 lacks 30 rows of what it should have read, after 80 in earlier batches, and"
                        + " 'headrace.stream.maxLostRows' allows 100 in all. The first are left out of kafka orders by"
                        + " withLoadShedding. The batch is not committed: it runs again when the query is started again. To go on"
                        + " without these rows set more, or unset it.",
                refusal(later, SHED));
    }

    @Test
    void versionsOfATableAreMoreThanAnyLimit() {
        assertEquals(
                "[TOO_MANY_LOST_ROWS] Batch 7 lacks an unknown number of rows of what it should have read, after 50 in earlier"
                        + " batches, and 'headrace.stream.maxLostRows' allows 1000000 in all. The first that are gone:"
                        + " /data/orders: versions 4 to 4. The batch is not committed: it runs again when the query is started"
                        + " again. To go on without these rows set more, or unset it.",
                refusal(budget("1000000", GONE), VERSIONS, SHED));
        String later = refusal(budget("1000000", VERSIONS), SHED);
        assertTrue(
                later.contains(" lacks 30 rows of what it should have read, after an unknown number in earlier"),
                later);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "few", "1.5", ""})
    void aLimitIsANumberOfRows(String limit) {
        assertEquals(
                "[INVALID_CONF] 'headrace.stream.maxLostRows' is '" + limit
                        + "'; expected a number of rows, 0 or more.",
                assertThrows(QueryException.class, () -> LossBudget.check(Map.of(LossBudget.MOST, limit)))
                        .getMessage());
    }

    @Test
    void aGapThatIsFoundAgainCountsOnce() {
        Gaps gaps = new Gaps();
        gaps.add(gap(10, 19));
        gaps.add(gap(10, 29));
        gaps.add(gap(10, 14));
        gaps.add(gap(40, 40));
        assertEquals(List.of(gap(10, 29), gap(40, 40)), gaps.take());
        assertEquals(List.of(), gaps.take());
    }
}
