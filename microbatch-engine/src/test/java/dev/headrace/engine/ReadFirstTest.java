package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.Session;
import dev.headrace.connector.ReadFirst;
import dev.headrace.connector.ScanRequest;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.errors.QueryException;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.streaming.OutputMode;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadFirstTest {
    private static final StructType SCHEMA = new StructType().add("n", "bigint");

    @TempDir
    Path checkpoint;

    private final MemoryStream live = new MemoryStream(SCHEMA, 1);
    private final MemoryStream history = new MemoryStream(SCHEMA, 1);

    /// The live stream stands first: it is not the order in which they are named that counts.
    private StreamHarness query() {
        return new StreamHarness(
                new LogicalPlan.Union(List.of(
                        new LogicalPlan.Scan(live, ScanRequest.all(SCHEMA)),
                        new LogicalPlan.Scan(new ReadFirst(history), ScanRequest.all(SCHEMA)))),
                OutputMode.APPEND,
                checkpoint);
    }

    private static void add(MemoryStream stream, long from, long to) {
        stream.add(LongStream.range(from, to).mapToObj(n -> List.<Object>of(n)).toList());
    }

    private static List<List<Long>> batches(StreamHarness query) {
        return query.batches().values().stream()
                .map(rows -> rows.stream().map(row -> (Long) row.getFirst()).toList())
                .toList();
    }

    @Test
    void historyIsReadToItsEndBeforeTheOtherStreams() throws Exception {
        add(live, 100, 103);
        add(history, 0, 5);
        history.limitBatches(2);
        try (StreamHarness query = query().runUntilCaughtUp()) {
            assertEquals(
                    List.of(List.of(0L, 1L), List.of(2L, 3L), List.of(4L), List.of(100L, 101L, 102L)), batches(query));
        }
    }

    @Test
    void historyEndsWhereItEndedWhenTheQueryFirstStarted() throws Exception {
        add(live, 100, 101);
        add(history, 0, 2);
        history.limitBatches(1);
        try (StreamHarness query = query()) {
            query.start(Trigger.ProcessingTime("1 hour"));
            // Waits until the first batch is through, whatever the second does.
            while (query.query().isActive() && query.query().lastProgress() == null) {
                Thread.onSpinWait();
            }
            query.stop();
            add(history, 2, 9);
            add(live, 101, 102);
            query.runUntilCaughtUp();
            add(history, 9, 10);
            add(live, 102, 103);
            query.runUntilCaughtUp();

            assertEquals(
                    List.of(0L, 1L, 100L, 101L, 102L),
                    batches(query).stream().flatMap(List::stream).toList());
        }
    }

    @Test
    void whereThereIsNoHistoryYetTheOthersBeginAtOnce() throws Exception {
        add(live, 100, 101);
        try (StreamHarness query = query().runUntilCaughtUp()) {
            add(history, 0, 1);
            query.runUntilCaughtUp();

            assertEquals(List.of(List.of(100L)), batches(query));
        }
    }

    @Test
    void historyThatIsSaidToBeNoneAnyMoreGoesOnWhereItWas() throws Exception {
        add(live, 100, 101);
        add(history, 0, 2);
        query().runUntilCaughtUp().close();
        add(history, 2, 3);
        add(live, 101, 102);
        StreamHarness both = new StreamHarness(
                new LogicalPlan.Union(List.of(
                        new LogicalPlan.Scan(live, ScanRequest.all(SCHEMA)),
                        new LogicalPlan.Scan(history, ScanRequest.all(SCHEMA)))),
                OutputMode.APPEND,
                checkpoint);
        try (StreamHarness query = both.runUntilCaughtUp()) {
            assertEquals(
                    List.of(2L, 101L),
                    batches(query).stream().flatMap(List::stream).sorted().toList());
        }
    }

    @Test
    void triggersThatEndReadHistoryAndTheOthers() throws Exception {
        add(live, 100, 101);
        add(history, 0, 2);
        history.limitBatches(1);
        try (StreamHarness query = query()) {
            query.start(Trigger.Once());
            query.query().awaitTermination();
            add(live, 101, 102);
            query.start(Trigger.AvailableNow());
            query.query().awaitTermination();

            assertEquals(
                    List.of(0L, 1L, 100L, 101L),
                    batches(query).stream().flatMap(List::stream).toList());
        }
    }

    @Test
    void optionIsTrueOrFalse() {
        try (Session session = Session.builder().master("local[1]").getOrCreate()) {
            QueryException refused = assertThrows(
                    QueryException.class,
                    () -> session.readStream()
                            .format("rate")
                            .option("readFirst", "yes")
                            .load());
            assertEquals(
                    "[INVALID_OPTION] rate of 1 rows per second: the option readFirst is 'yes'; expected true (read to its end before the"
                            + " query's other streams) or false.",
                    refused.getMessage());
        }
    }
}
