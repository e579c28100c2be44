package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.connector.ScanRequest;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.errors.FencedException;
import dev.headrace.functions;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.Scalar;
import dev.headrace.streaming.OutputMode;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.StreamingQueryListener;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatelessQueryTest {
    private static final StructType SCHEMA = new StructType().add("n", "bigint");

    @TempDir
    Path checkpoint;

    private final MemoryStream numbers = new MemoryStream(SCHEMA, 2);

    private LogicalPlan largerThanOne() {
        BoundExpr n = new BoundExpr.Column(0, "n", DataTypes.LongType, true);
        return new LogicalPlan.Filter(
                new LogicalPlan.Scan(numbers, ScanRequest.all(SCHEMA)),
                new BoundExpr.Compare(CompareOp.GREATER, n, new BoundExpr.Literal(Scalar.of(1L))));
    }

    private StreamHarness query() {
        return new StreamHarness(largerThanOne(), OutputMode.APPEND, checkpoint);
    }

    @Test
    void givesEachRowOnce() throws Exception {
        try (StreamHarness query = query()) {
            numbers.add(List.of(List.of(1L), List.of(2L), List.of(3L)));
            query.start().query().processAllAvailable();
            numbers.add(List.of(List.of(4L)));
            query.query().processAllAvailable();
            query.stop();

            assertEquals(List.of(List.of(2L), List.of(3L), List.of(4L)), query.allRows());
        }
    }

    @Test
    void goesOnWhereItStoppedAfterARestart() throws Exception {
        try (StreamHarness query = query()) {
            numbers.add(List.of(List.of(2L)));
            query.runUntilCaughtUp();
            numbers.add(List.of(List.of(3L)));
            query.runUntilCaughtUp();

            assertEquals(List.of(List.of(2L), List.of(3L)), query.allRows());
            assertEquals(java.util.Set.of(0L, 1L), query.batches().keySet());
        }
    }

    @Test
    void aBatchThatFailsSaysAlsoThatItCouldNotBePlanned() throws Exception {
        try (Session session = Session.builder().master("local[2]").create()) {
            session.conf().set("headrace.testing.failAt", "before:plan:0");
            numbers.add(List.of(List.of(2L)));
            StreamingQuery query = Frames.of(session, numbers, "memory")
                    .select(functions.expr("CAST(concat('no ', n) AS int)"))
                    .writeStream()
                    .foreachBatch((_, _) -> {})
                    .option("checkpointLocation", checkpoint.toString())
                    .start();
            Throwable cause = assertThrows(StreamingQueryException.class, query::awaitTermination)
                    .getCause();
            assertTrue(String.valueOf(cause.getMessage()).contains("no 2"), cause.getMessage());
            assertEquals("the query was told to fail before PLAN of batch 0", cause.getSuppressed()[0].getMessage());
        }
    }

    @Test
    void aBatchThatFailsShowsWhereInTheTextOfTheQuery() throws Exception {
        try (Session session = Session.builder().master("local[2]").create()) {
            numbers.add(List.of(List.of(2L)));
            Frames.of(session, numbers, "memory").createOrReplaceTempView("numbers");
            StreamingQuery query = session.sql("SELECT n,\n  1 / (n - 2) AS q FROM numbers")
                    .writeStream()
                    .foreachBatch((_, _) -> {})
                    .option("checkpointLocation", checkpoint.toString())
                    .start();
            Throwable cause = assertThrows(StreamingQueryException.class, query::awaitTermination)
                    .getCause();
            assertEquals("""
                    [DIVIDE_BY_ZERO] 1.0 / 0: division by zero. Use try_divide to get NULL instead.
                    == SQL, line 2, column 3 ==
                      1 / (n - 2) AS q FROM numbers
                      ^^^^^^^^^^^""", cause.getMessage());
        }
    }

    @Test
    void availableNowTakesWhatIsThereInBatchesOfTheLimitAndEnds() throws Exception {
        try (StreamHarness query = query()) {
            numbers.add(List.of(List.of(2L), List.of(3L), List.of(4L), List.of(5L), List.of(6L)));
            numbers.limitBatches(2);
            query.start(Trigger.AvailableNow());
            query.query().awaitTermination();

            assertEquals(3, query.batches().size());
            assertEquals(5, query.allRows().size());
            assertFalse(query.query().isActive());
        }
    }

    @Test
    void whatHasPiledUpIsReadInSeveralBatches() throws Exception {
        try (StreamHarness query = query()) {
            numbers.add(LongStream.range(0, 10_010)
                    .mapToObj(number -> List.<Object>of(number + 2))
                    .toList());
            query.start(Trigger.ProcessingTime("1 hour"));
            query.query().processAllAvailable();
            query.stop();

            assertEquals(
                    List.of(10_000, 10),
                    query.batches().values().stream().map(List::size).toList());
        }
    }

    /// Triggers of the same interval have batches of the same clock.
    @Test
    void queriesDrawForThemselvesAtTheSameTime() throws Exception {
        numbers.add(List.of(List.of(2L), List.of(3L)));
        try (Session session = Session.builder()
                .master("local[2]")
                .clock(Clock.fixed(Instant.parse("2026-01-31T10:30:00Z"), ZoneOffset.UTC))
                .create()) {
            Set<String> drawn = new TreeSet<>(drawnBy(session, "first"));
            drawn.addAll(drawnBy(session, "second"));
            assertEquals(4, drawn.size());
        }
    }

    /// What a query draws, which it draws again when its batch is run again.
    private List<String> drawnBy(Session session, String query) throws Exception {
        List<String> drawn = new ArrayList<>();
        var writer = Frames.of(session, numbers, "memory")
                .select(functions.expr("uuid()"))
                .writeStream()
                .foreachBatch((rows, _) -> rows.collectAsList().forEach(row -> drawn.add(row.getString(0))))
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", checkpoint.resolve(query).toString());
        writer.start().awaitTermination();
        String again = writer.replay(0).output().toString();
        assertTrue(drawn.stream().allMatch(again::contains), () -> drawn + " and then " + again);
        return drawn;
    }

    /// A batch that has taken longer than its interval, and a clock that is set back.
    @ParameterizedTest
    @CsvSource({"1 hour, PT31M", "1 second, PT-24H"})
    void theNextBatchDoesNotWaitWhenTheClockHasMovedMeanwhile(String interval, Duration moved) throws Exception {
        var now = new AtomicReference<>(Instant.parse("2026-01-31T10:30:00Z"));
        InstantSource clock = now::get;
        CountDownLatch twice = new CountDownLatch(2);
        numbers.add(List.of(List.of(2L)));
        try (Session session = Session.builder()
                .master("local[2]")
                .clock(clock.withZone(ZoneOffset.UTC))
                .create()) {
            StreamingQuery query = Frames.of(session, numbers, "memory")
                    .writeStream()
                    .foreachBatch((_, _) -> {
                        now.updateAndGet(time -> time.plus(moved));
                        numbers.add(List.of(List.of(3L)));
                        twice.countDown();
                    })
                    .trigger(Trigger.ProcessingTime(interval))
                    .option("checkpointLocation", checkpoint.toString())
                    .start();
            assertTrue(twice.await(5, TimeUnit.MINUTES));
            query.stop();
        }
    }

    @Test
    void onceTakesEverythingInOneBatchAndEnds() throws Exception {
        try (StreamHarness query = query()) {
            numbers.add(List.of(List.of(2L), List.of(3L), List.of(4L)));
            numbers.limitBatches(1);
            query.start(Trigger.Once());
            query.query().awaitTermination();

            assertEquals(
                    List.of(List.of(List.of(2L), List.of(3L), List.of(4L))),
                    List.copyOf(query.batches().values()));
        }
    }

    @Test
    void reportsProgress() throws Exception {
        try (StreamHarness query = query()) {
            numbers.add(List.of(List.of(1L), List.of(2L)));
            query.runUntilCaughtUp();

            assertEquals(2, query.query().lastProgress().numInputRows());
            assertEquals(1, query.query().lastProgress().sink().numOutputRows());
            assertTrue(query.events().getFirst() instanceof StreamingQueryListener.QueryStartedEvent);
            assertTrue(query.events().getLast() instanceof StreamingQueryListener.QueryTerminatedEvent);
        }
    }

    @Test
    void refusesASecondDriverOnItsCheckpoint() throws Exception {
        try (StreamHarness first = query();
                StreamHarness second = query()) {
            first.start();
            FencedException refused = assertThrows(FencedException.class, second::start);
            assertTrue(
                    refused.getMessage()
                            .contains("pid " + ProcessHandle.current().pid()),
                    refused.getMessage());
            first.stop();
        }
    }
}
