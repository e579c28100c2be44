package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressViewTest {
    private static final long SECOND = 1_000_000_000L;

    private final ProgressView view = new ProgressView(List.of("clicks", "revenue"));

    @Test
    void nothingIsKnownAtTheStart() {
        assertEquals(
                List.of(
                        "sent               0 clicks, 0/s   0 order changes, 0/s",
                        "engine   starting",
                        "query      rows/s in        out  batch        ms  watermark        lag     state",
                        "clicks             0          0      -         -          -          -         -",
                        "revenue            0          0      -         -          -          -         -",
                        "orders   -"),
                view.lines(SECOND));
    }

    @Test
    void withoutClicksOnlyOrderChangesCount() {
        ProgressView changes = new ProgressView(List.of("latest"));
        changes.sent(SECOND, 0, 1_234);
        assertEquals(
                List.of(
                        "sent     1,234 order changes, 0/s",
                        "engine   starting",
                        "query      rows/s in        out  batch        ms  watermark        lag     state",
                        "latest             0          0      -         -          -          -         -"),
                changes.lines(SECOND));
    }

    @Test
    void ratesAreMeansOverTheLastSeconds() {
        view.engine("running");
        for (int second = 0; second <= 10; second++) {
            view.sent(second * SECOND, second * 20_000L, second * 2_000L);
            view.progressed(second * SECOND, progress(second));
        }
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("created", 1_234L);
        counts.put("paid", 56L);
        view.counted(new ConsoleTable.Counts(10, counts));
        assertEquals(
                List.of(
                        "sent         200,000 clicks, 20,000/s   20,000 order changes, 2,000/s",
                        "engine   running",
                        "query      rows/s in        out  batch        ms  watermark        lag     state",
                        "clicks             0          0      -         -          -          -         -",
                        "revenue       20,000         12     10       118   09:41:07      1,500     1,100",
                        "orders   created 1,234  paid 56"),
                view.lines(10 * SECOND));
    }

    @Test
    void ratesFallWhenNothingComes() {
        view.progressed(0, progress(0));
        view.progressed(SECOND, progress(1));
        assertTrue(view.lines(SECOND).get(4).startsWith("revenue       20,000"));
        assertTrue(view.lines(4 * SECOND).get(4).startsWith("revenue        5,000"));
    }

    @Test
    void anUnknownQueryIsRefused() {
        ProgressView other = new ProgressView(List.of("clicks"));
        assertThrows(IllegalArgumentException.class, () -> other.progressed(0, progress(0)));
    }

    private static QueryProgress progress(long batch) {
        return new QueryProgress(
                "revenue",
                batch,
                20_000,
                OptionalLong.of(12),
                118,
                Optional.of(Instant.parse("2026-01-05T09:41:07.250Z")),
                OptionalLong.of(1_500),
                OptionalLong.of(1_100),
                0);
    }
}
