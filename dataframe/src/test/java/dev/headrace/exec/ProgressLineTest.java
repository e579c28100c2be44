package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final String CLEAR = "\r\u001b[K";

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    private final ProgressTerminal terminal = new ProgressTerminal(stream);
    private final AtomicLong now = new AtomicLong();
    private final List<BatchRuns.Progress> queries = new ArrayList<>();
    private final ProgressLine line = new ProgressLine(terminal, () -> List.copyOf(queries), now::get);

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
                printed.toString(StandardCharsets.UTF_8));
    }

    @Test
    void nothingIsWrittenWhileNoQueryRuns() {
        line.update();
        line.close();

        assertEquals("", printed.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsPrintedTakesTheLineAwayAndIsNotBrokenByIt() {
        PrintStream out = terminal.noticing(stream);
        queries.add(new BatchRuns.Progress(1, 1, 0, 0));
        line.update();
        out.print("begun, ");
        line.update();
        out.println("ended");
        line.update();

        String shown = CLEAR + "[##############################] 100 %, 0 rows read, 0.0 s (Ctrl-C cancels)";
        assertEquals(
                shown + CLEAR + "begun, ended" + System.lineSeparator() + shown,
                printed.toString(StandardCharsets.UTF_8));
    }
}
