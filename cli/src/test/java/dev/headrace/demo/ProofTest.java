package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.demo.LedgerEntry.ClickSent;
import dev.headrace.demo.Verdict.Check;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProofTest {
    private static final int CLICKS = 20_000;

    private final ModelRun run;

    ProofTest(@TempDir Path directory) {
        run = new ModelRun(directory, 42, CLICKS);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aRightRunHoldsWhereverItsBatchesEnd(long seed, @TempDir Path other) {
        ModelRun right = new ModelRun(other, seed, CLICKS);
        assertTrue(right.windows.size() > 500, "windows: " + right.windows.size());
        assertTrue(right.late.size() > 100, "late: " + right.late.size());
        assertTrue(right.verdict().holds(), String.join("\n", right.verdict().lines()));
    }

    @Test
    void theVerdictSaysWhatWasCompared() {
        List<String> lines = run.verdict().lines();
        assertEquals(6, lines.size(), String.join("\n", lines));
        assertEquals(
                "✓ clicks: 20,000 sent, 20,000 rows in the table, each click exactly once and with its values",
                lines.getFirst());
        assertTrue(
                lines.get(3).matches("✓ windows: [\\d,]+ totals right, together [\\d,]+ clicks for [\\d,]+\\.\\d\\d"));
    }

    @Test
    void aLostRowIsFound() {
        ClickRow lost = run.clicks.remove(777);
        assertFails(
                "clicks: 20,000 sent, 19,999 rows in the table: 1 lost, 0 there more than once, 0 changed, 0 never sent",
                "lost: click " + lost.clickId());
    }

    @Test
    void aRepeatedRowIsFound() {
        run.clicks.add(run.clicks.get(777));
        assertFails(
                "0 lost, 1 there more than once, 0 changed, 0 never sent", "there again: click 777, sent to partition");
    }

    @Test
    void aLostAndARepeatedRowDoNotCancelOut() {
        run.clicks.set(777, run.clicks.get(778));
        assertFails("1 lost, 1 there more than once, 0 changed, 0 never sent", "lost: click 777");
    }

    @Test
    void aChangedRowIsFound() {
        ClickRow row = run.clicks.get(5);
        run.clicks.set(5, new ClickRow(row.clickId(), row.product(), row.cents() + 1, row.eventMillis()));
        assertFails("0 lost, 0 there more than once, 1 changed, 0 never sent", "changed: ClickRow[clickId=5");
    }

    @Test
    void aRowThatWasNeverSentIsFound() {
        run.clicks.add(new ClickRow(CLICKS, "mug", 1, 1));
        assertFails("0 lost, 0 there more than once, 0 changed, 1 never sent", "never sent: ClickRow[clickId=20000");
    }

    @Test
    void aWrongTotalIsFound() {
        WindowRow row = run.windows.get(100);
        run.windows.set(
                100, new WindowRow(row.product(), row.startMillis(), row.endMillis(), row.clicks(), row.cents() - 1));
        assertFails("1 of", "of " + row.product() + " has " + row.clicks() + " clicks for");
    }

    @Test
    void aMissingWindowIsFound() {
        WindowRow row = run.windows.remove(100);
        assertFails("1 of", "of " + row.product() + " is missing: " + row.clicks() + " clicks for");
    }

    @Test
    void aWindowEmittedTwiceIsFound() {
        run.windows.add(run.windows.get(100));
        assertFails("1 of", "is there again, with");
    }

    @Test
    void aWindowEmittedTooEarlyIsFound() {
        WindowRow last = run.windows.getLast();
        long start = run.cuts.getLast().watermarkMillis();
        run.windows.add(new WindowRow(last.product(), start - start % 60_000, start - start % 60_000 + 60_000, 1, 895));
        assertFails("1 of", "should not be there: 1 clicks for 8.95");
    }

    @Test
    void aWindowOfTheWrongLengthIsFound() {
        WindowRow row = run.windows.get(100);
        run.windows.set(
                100, new WindowRow(row.product(), row.startMillis(), row.endMillis() + 1, row.clicks(), row.cents()));
        assertFails("1 of", "of " + row.product() + " ends at");
    }

    @Test
    void aLateRowThatWasCountedIsFound() {
        ClickSent counted = run.late.getLast();
        long start = counted.eventMillis() - counted.eventMillis() % 60_000;
        String product = Product.ALL.get(counted.product()).name();
        run.windows.replaceAll(row -> row.product().equals(product) && row.startMillis() == start
                ? new WindowRow(product, start, row.endMillis(), row.clicks() + 1, row.cents() + counted.cents())
                : row);
        assertFails("1 of", " of " + product + " has ");
    }

    @Test
    void aWatermarkAheadOfTheEventsIsFound() {
        BatchCut cut = run.cuts.get(10);
        run.cuts.set(10, new BatchCut(10, cut.watermarkMillis() + 61_000, cut.ends()));
        assertFails("the watermark never ran ahead", "batch 10 ran with watermark");
    }

    @Test
    void aWatermarkThatStandsStillIsFound() {
        run.cuts.replaceAll(cut -> new BatchCut(cut.batchId(), 0, cut.ends()));
        run.windows.clear();
        assertFails("the watermark never ran ahead", "the last batch ran with watermark 1970-01-01T00:00:00Z");
    }

    @Test
    void clicksThatNoBatchReadAreFound() {
        int batches = run.cuts.size();
        long end = run.cuts.getLast().end(0);
        while (run.cuts.getLast().end(0) == end) {
            run.cuts.removeLast();
        }
        assertTrue(run.cuts.size() < batches);
        assertFails("windows: not all clicks were read", "clicks lie after the end of the last batch");
    }

    @Test
    void aBatchMissingFromTheLogIsAnError() {
        run.cuts.remove(3);
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> run.verdict());
        assertTrue(error.getMessage().startsWith("Batch 3 is missing"), error.getMessage());
    }

    @Test
    void aWrongCountOfOrdersIsFound() {
        run.ordersByStatus.merge("paid", 1L, Long::sum);
        long right = run.ordersByStatus.get("paid") - 1;
        assertFails(
                "orders: 2,000 changes sent", "paid: " + String.format(Locale.ROOT, "%,d", right + 1) + " instead of");
    }

    @Test
    void anUnknownStatusIsFound() {
        run.ordersByStatus.put("null", 3L);
        assertFails("wrong counts", "null: 3 instead of 0");
    }

    private void assertFails(String claim, String evidence) {
        Verdict verdict = run.verdict();
        assertFalse(verdict.holds());
        List<Check> failed =
                verdict.checks().stream().filter(check -> !check.holds()).toList();
        String text = String.join("\n", verdict.lines());
        assertTrue(failed.stream().anyMatch(check -> check.claim().contains(claim)), text);
        assertTrue(
                failed.stream().flatMap(check -> check.evidence().stream()).anyMatch(line -> line.contains(evidence)),
                text);
    }
}
