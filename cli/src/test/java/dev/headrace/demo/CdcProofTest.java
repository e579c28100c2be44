package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.demo.LedgerEntry.OrderChangeSent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CdcProofTest {
    private static final int CHANGES = 2_000;

    private final Traffic traffic = Traffic.ofOrders(1_000);
    private final List<OrderVersion> history = new ArrayList<>(CdcProof.versions(traffic, CHANGES));
    private final List<OrderVersion> latest = new ArrayList<>(
            history.stream().filter(version -> version.to().isEmpty()).toList());

    @TempDir
    private Path directory;

    @Test
    void theSourcesOwnRowsHold() {
        Verdict verdict = verdict(CHANGES);
        assertTrue(verdict.holds(), verdict.lines().toString());
        assertEquals(
                List.of(
                        "✓ source: 2,000 changes sent",
                        "✓ latest: " + latest.size() + " rows, each as it is at the source",
                        "✓ history: " + String.format("%,d", history.size())
                                + " versions, each as it was at the source, from when to when"),
                verdict.lines());
    }

    @Test
    void aRowThatWasLostIsMissing() {
        OrderVersion lost = latest.removeFirst();
        assertEquals("    missing: " + lost, verdict(CHANGES).lines().get(2));
    }

    @Test
    void aRowThatIsThereTwiceIsTooMuch() {
        latest.add(latest.getFirst());
        assertEquals(
                "    too much: " + latest.getFirst(), verdict(CHANGES).lines().get(2));
    }

    @Test
    void aVersionThatEndsElsewhereIsWrong() {
        OrderVersion right = history.getFirst();
        OrderVersion wrong = new OrderVersion(
                right.id(), right.customer(), right.status(), right.totalCents(), right.from(), OptionalLong.of(7));
        history.set(0, wrong);
        List<String> lines = verdict(CHANGES).lines();
        assertEquals(List.of("    too much: " + wrong, "    missing: " + right), lines.subList(3, 5));
    }

    @Test
    void aChangeThatWasNotSentIsNamed() {
        List<String> lines = verdict(CHANGES - 1).lines();
        assertTrue(lines.getFirst().startsWith("✓ source: 1,999 changes"), lines.toString());
        assertTrue(lines.get(1).startsWith("✗ latest: "), lines.toString());
    }

    private Verdict verdict(int sent) {
        Path file = directory.resolve("ledger");
        OrderBook book = new OrderBook(traffic);
        try (LedgerWriter writer = LedgerWriter.create(file)) {
            for (int i = 0; i < sent; i++) {
                OrderChange change = book.next();
                writer.add(new OrderChangeSent(0, i, change.orderId(), change.op(), change.status(), change.lsn()));
            }
            writer.finish();
        }
        return CdcProof.of(Ledger.open(file), traffic, latest.stream(), history.stream());
    }
}
