package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.exec.BatchRuns;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final String CLEAR = "\r\u001b[K";

    private final StringWriter terminal = new StringWriter();
    private final AtomicLong now = new AtomicLong();
    private final List<BatchRuns.Progress> queries = new ArrayList<>();
    private final ProgressLine line = new ProgressLine(new PrintWriter(terminal), () -> List.copyOf(queries), now::get);

    @Test
    void lineIsReplacedAndTakenAwayAtTheEnd() {
        queries.add(new BatchRuns.Progress(2, 1, 1_500_000, 6_000_000));
        now.set(1_200_000_000L);
        line.update();
        queries.set(0, new BatchRuns.Progress(2, 2, 6_000_000, 6_000_000));
        now.set(2_000_000_000L);
        line.update();
        line.close();
        line.close();
        line.update();

        assertEquals(
                CLEAR + "[###############               ]  50 %, 1,500,000 rows read, 1.2 s (Ctrl-C cancels)" + CLEAR
                        + "[##############################] 100 %, 6,000,000 rows read, 2.0 s (Ctrl-C cancels)" + CLEAR,
                terminal.toString());
    }

    @Test
    void nothingIsWrittenWhileNoQueryRuns() {
        line.update();
        line.close();

        assertEquals("", terminal.toString());
    }
}
