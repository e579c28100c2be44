package dev.headrace.notebook;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.rapaio.jupyter.kernel.display.DisplayData;

/// The displays of streams, without a kernel.
class LiveTableTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Session session = Session.builder().master("local").getOrCreate();
    private final MemoryStream source = new MemoryStream(StructType.fromDDL("id bigint"));
    private final BlockingQueue<DisplayData> shown = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        session.close();
        LiveTable.awaitEnds();
    }

    private LiveTable display(LiveTable.Look look) {
        DataFrame rows = Frames.of(session, source, "memory");
        return LiveTable.start(rows, null, look, _ -> shown::add);
    }

    private void add(long id) {
        source.add(List.of(List.of(id)));
    }

    @Test
    void aPausedDisplayEndsWithItsQuery() {
        StreamingQuery query = waitingAtTheGate();
        assertEnds(query::stop);
        assertFalse(query.isActive());
    }

    @Test
    void aPausedDisplayEndsWithTheSession() {
        StreamingQuery query = waitingAtTheGate();
        assertEnds(session::close);
        assertFalse(query.isActive());
    }

    private static void assertEnds(Executable end) {
        assertTimeoutPreemptively(SOON, end);
    }

    private StreamingQuery waitingAtTheGate() {
        LiveTable live = display(LiveTable.Look.TABLE);
        live.pause();
        add(1);
        while (Thread.getAllStackTraces().values().stream().noneMatch(LiveTableTest::isAtTheGate)) {
            Thread.onSpinWait();
        }
        return live.query().orElseThrow();
    }

    private static boolean isAtTheGate(StackTraceElement[] stack) {
        return Arrays.stream(stack).anyMatch(frame -> frame.getClassName().equals(Gate.class.getName()));
    }

    @Test
    void whatCantBeShownIsSaidAndTheNextBatchIsShown() throws InterruptedException {
        LiveTable live = display(new LiveTable.Look() {
            @Override
            public int limit() {
                return TablePreview.ROWS;
            }

            @Override
            public DataFrame columns(DataFrame frame) {
                return frame;
            }

            @Override
            public DisplayData display(TablePreview rows) {
                if (rows.rows().size() == 1) {
                    throw new IllegalStateException("one row is not drawn");
                }
                return rows.display();
            }
        });

        add(41);
        awaitText("This can't be shown: java.lang.IllegalStateException: one row is not drawn");
        assertTrue(live.query().orElseThrow().isActive());
        add(42);
        awaitText("42|");
        live.stop();
        assertTrue(live.query().orElseThrow().exception().isEmpty());
    }

    private void awaitText(String wanted) throws InterruptedException {
        DisplayData data;
        do {
            data = shown.poll(SOON.toSeconds(), TimeUnit.SECONDS);
            assertTrue(data != null, "not shown: " + wanted);
        } while (!String.valueOf(data.data().get("text/plain")).contains(wanted));
    }
}
