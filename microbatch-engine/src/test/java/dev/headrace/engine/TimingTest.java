package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.session_window;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.TimingReport;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is said of the time at which rows come out is what happens.
class TimingTest {
    private static final Instant TEN = Instant.parse("2026-01-31T10:00:00Z");

    private record Case(String name, UnaryOperator<DataFrame> query, String rule) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "windows",
                        rows -> rows.groupBy(window(col("ts"), "1 minute"), col("user"))
                                .count(),
                        "gives each window once, when the watermark has reached its end"),
                new Case(
                        "instants",
                        rows -> rows.groupBy("ts").count(),
                        "gives each group once, when the watermark has passed its time"),
                new Case(
                        "sessions",
                        rows -> rows.groupBy(session_window(col("ts"), "20 seconds"))
                                .count(),
                        "gives each session once, when the watermark has passed its end"),
                new Case(
                        "rows without a partner",
                        rows -> rows.as("a")
                                .join(
                                        rows.as("b"),
                                        expr(
                                                "a.user = b.user || '!' AND b.ts >= a.ts AND b.ts <= a.ts + INTERVAL 30 SECONDS"),
                                        "left_anti"),
                        "gives pairs in the batch that reads the later of the two rows, and a row without a partner when"
                                + " the watermark has passed all that could go with it"));
    }

    private static TimingReport.Operator last(StreamTest test) {
        return test.running().explainTiming().operators().getLast();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theNextRowComesWithTheEventThatIsNamedAndNotBefore(Case checked) {
        try (StreamTest test = StreamTest.create()) {
            TestInput clicks = test.input("user string, ts timestamp");
            test.query(checked.query().apply(clicks.toDF().withWatermark("ts", "10 seconds")), "append");
            clicks.add("ann", TEN.plusSeconds(7));
            test.process().expectNothing();
            assertEquals(checked.rule(), last(test).rule());
            Instant event = last(test).next().orElseThrow().plusSeconds(10);
            clicks.add("bob", event.minusMillis(1));
            test.process().expectNothing();
            clicks.add("bob", event);
            List<Row> rows = test.process().newRows();
            assertEquals(1, rows.size(), rows.toString());
        }
    }

    @Test
    void theReportNamesTheEventThatIsWaitedFor() {
        try (StreamTest test = StreamTest.create()) {
            TestInput clicks = test.input("user string, ts timestamp");
            test.query(
                    clicks.toDF()
                            .withWatermark("ts", "10 seconds")
                            .groupBy(window(col("ts"), "1 minute"))
                            .count(),
                    "append");
            clicks.add("ann", TEN.plusSeconds(7));
            test.process();
            assertEquals("""
                    Batches run until all is read that was there at the start.
                    The watermark of ts is the latest event seen less 10 seconds; it is that of the batch after the one that \
                    reads the event.
                    StatefulHashAggregate keys [window], [count(*)], gives final groups, groups end with the watermark of window
                        gives each window once, when the watermark has reached its end
                        next when the watermark is at 2026-01-31T10:01:00Z: after an event of ts = 2026-01-31T10:01:10Z""", test.running().explainTiming().toString());
        }
    }

    @Test
    void whatDoesNotWaitForTheWatermarkSaysSo() {
        try (StreamTest test = StreamTest.create()) {
            TestInput clicks = test.input("user string, ts timestamp");
            test.query(clicks.toDF().groupBy("user").count(), "update");
            clicks.add("ann", TEN);
            test.process();
            assertEquals(
                    "gives the new result of each group in the batch that reads rows of it",
                    last(test).rule());
            assertEquals(Optional.empty(), last(test).next());
            QueryException unknown =
                    assertThrows(QueryException.class, () -> test.running().explain("time"));
            assertEquals(
                    "[UNKNOWN_EXPLAIN_MODE] explain(\"time\"): a streaming query knows the modes simple, extended and"
                            + " timing.",
                    unknown.getMessage());
        }
    }
}
