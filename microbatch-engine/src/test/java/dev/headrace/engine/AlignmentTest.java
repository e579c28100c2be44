package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.connector.ReadFirst;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sources that wait for slower ones.
class AlignmentTest {
    private static final StructType SCHEMA = StructType.fromDDL("ts timestamp");
    private static final int BATCH = 4;

    @TempDir
    Path checkpoint;

    private Session session;
    private final MemoryStream sparse = new MemoryStream(SCHEMA, 1);
    private final MemoryStream dense = new MemoryStream(SCHEMA, 1);
    private final TreeMap<Long, List<Row>> batches = new TreeMap<>();

    @BeforeEach
    void open() {
        session = Session.builder()
                .master("local[2]")
                .config("spark.sql.session.timeZone", "UTC")
                .create();
        sparse.limitBatches(BATCH);
        dense.limitBatches(BATCH);
    }

    @AfterEach
    void close() {
        session.close();
    }

    /// A row for each so many seconds of one hour.
    private static void add(MemoryStream stream, int step) {
        List<List<Object>> rows = new ArrayList<>();
        for (long second = 1; second <= 3_600; second += step) {
            rows.add(List.of(second * 1_000_000));
        }
        stream.add(rows);
    }

    private DataFrame read(MemoryStream stream, String name) {
        return Frames.of(session, stream, "memory")
                .withWatermark("ts", "0 seconds")
                .select(lit(name).as("name"), col("ts"));
    }

    private StreamingQuery run(Trigger trigger) throws Exception {
        StreamingQuery query = read(sparse, "sparse")
                .union(read(dense, "dense"))
                .writeStream()
                .foreachBatch((rows, id) -> batches.put(id, rows.collectAsList()))
                .option("checkpointLocation", checkpoint.toString())
                .trigger(trigger)
                .start();
        query.awaitTermination();
        return query;
    }

    /// How far the sparse stream is ahead of the dense one while that has rows, at most.
    private long seconds() {
        long furthest = 0;
        long sparseEnd = 0;
        long denseEnd = 0;
        for (List<Row> rows : batches.values()) {
            for (Row row : rows) {
                long second = row.getTimestamp(1).toInstant().getEpochSecond();
                if (row.getString(0).equals("sparse")) {
                    sparseEnd = Math.max(sparseEnd, second);
                } else {
                    denseEnd = Math.max(denseEnd, second);
                }
            }
            furthest = denseEnd == 3_591 ? furthest : Math.max(furthest, sparseEnd - denseEnd);
        }
        return furthest;
    }

    private long rows() {
        return batches.values().stream().mapToLong(List::size).sum();
    }

    @Test
    void aSourceThatIsTooFarAheadWaitsWhileTheSlowerOneHasRows() throws Exception {
        session.conf().set("headrace.watermark.maxDrift", "5 minutes");
        add(sparse, 60);
        add(dense, 10);
        run(Trigger.AvailableNow());
        assertEquals(60 + 360, rows());
        assertTrue(seconds() <= 300 + BATCH * 60, "ahead by " + seconds());
    }

    @Test
    void withoutTheSettingNoneWaits() throws Exception {
        add(sparse, 60);
        add(dense, 10);
        run(Trigger.AvailableNow());
        assertEquals(60 + 360, rows());
        assertTrue(seconds() > 1_800, "ahead by " + seconds());
    }

    @Test
    void aSourceDoesNotWaitForOneWithoutRows() throws Exception {
        session.conf().set("headrace.watermark.maxDrift", "5 minutes");
        dense.add(List.of(List.of(1_000_000L)));
        add(sparse, 60);
        run(Trigger.AvailableNow());
        assertEquals(60 + 1, rows());
    }

    /// Windows of both streams together, each once when it is final, and how many rows each has.
    private long countedInFinalWindows() throws Exception {
        DataFrame both = Frames.of(session, sparse, "memory").union(Frames.of(session, dense, "memory"));
        StreamingQuery query = both.withWatermark("ts", "0 seconds")
                .groupBy(window(col("ts"), "10 minutes"))
                .count()
                .writeStream()
                .foreachBatch((rows, id) -> batches.put(id, rows.collectAsList()))
                .option("checkpointLocation", checkpoint.toString())
                .trigger(Trigger.AvailableNow())
                .start();
        query.awaitTermination();
        return batches.values().stream()
                .flatMap(List::stream)
                .mapToLong(row -> row.getLong(1))
                .sum();
    }

    @Test
    void rowsOfASlowSourceAreNotLateBecauseOfAFastOneBelowTheSameWatermark() throws Exception {
        add(sparse, 60);
        add(dense, 10);
        sparse.add(List.of(List.of(7_200_000_000L)));
        assertEquals(60 + 360, countedInFinalWindows());
    }

    /// Of what a state gives it is not known whose rows they were.
    @Test
    void rowsOfAStateDoNotStopTheWatermarkWhileTheirSourcesHaveMore() throws Exception {
        add(sparse, 60);
        add(dense, 10);
        StreamingQuery query = Frames.of(session, sparse, "memory")
                .union(Frames.of(session, dense, "memory"))
                .dropDuplicates("ts")
                .withWatermark("ts", "0 seconds")
                .groupBy(window(col("ts"), "10 minutes"))
                .count()
                .writeStream()
                .foreachBatch((rows, id) -> batches.put(id, rows.collectAsList()))
                .option("checkpointLocation", checkpoint.toString())
                .trigger(Trigger.AvailableNow())
                .start();
        query.awaitTermination();
        long first = batches.entrySet().stream()
                .filter(batch -> !batch.getValue().isEmpty())
                .findFirst()
                .orElseThrow()
                .getKey();
        assertTrue(first < 60 / BATCH, "batch " + first + " gives the first window");
    }

    @Test
    void belowOneWatermarkAFastSourceWaitsToo() throws Exception {
        session.conf().set("headrace.watermark.maxDrift", "5 minutes");
        add(sparse, 60);
        add(dense, 10);
        StreamingQuery query = Frames.of(session, sparse, "memory")
                .select(lit("sparse").as("name"), col("ts"))
                .union(Frames.of(session, dense, "memory").select(lit("dense").as("name"), col("ts")))
                .withWatermark("ts", "0 seconds")
                .writeStream()
                .foreachBatch((rows, id) -> batches.put(id, rows.collectAsList()))
                .option("checkpointLocation", checkpoint.toString())
                .trigger(Trigger.AvailableNow())
                .start();
        query.awaitTermination();
        assertEquals(60 + 360, rows());
        assertTrue(seconds() <= 300 + BATCH * 60, "ahead by " + seconds());
    }

    @Test
    void theReportNamesTheSourcesBelowOneWatermark() throws Exception {
        add(sparse, 600);
        add(dense, 60);
        dense.limitBatches(2);
        StreamingQuery query = Frames.of(session, sparse, "memory")
                .union(Frames.of(session, dense, "memory"))
                .withWatermark("ts", "0 seconds")
                .writeStream()
                .foreachBatch((rows, id) -> batches.put(id, rows.collectAsList()))
                .trigger(Trigger.AvailableNow())
                .start();
        query.awaitTermination();
        assertEquals(
                List.of("source 0, MemoryStream", "source 1, MemoryStream"),
                query.explainWatermark().inputs().getFirst().parts().stream()
                        .map(part -> part.name())
                        .toList());
    }

    /// Two histories are read at their own speeds, each row in the order of its time, and then what goes on.
    @Test
    void severalHistoriesAndThenLiveEventsGiveEachWindowWhole() throws Exception {
        session.conf().set("headrace.watermark.maxDrift", "5 minutes");
        add(sparse, 60);
        add(dense, 10);
        MemoryStream live = new MemoryStream(SCHEMA, 1);
        live.add(List.of(List.of(3_550_000_000L), List.of(7_200_000_000L)));
        DataFrame all = Frames.of(session, live, "memory")
                .union(Frames.of(session, new ReadFirst(dense), "memory"))
                .union(Frames.of(session, new ReadFirst(sparse), "memory"));
        StreamingQuery query = all.withWatermark("ts", "0 seconds")
                .groupBy(window(col("ts"), "1 minute"))
                .count()
                .writeStream()
                .foreachBatch((rows, id) -> batches.put(id, rows.collectAsList()))
                .option("checkpointLocation", checkpoint.toString())
                .trigger(Trigger.AvailableNow())
                .start();
        query.awaitTermination();
        List<Long> counts = batches.values().stream()
                .flatMap(List::stream)
                .map(row -> row.getLong(1))
                .toList();
        assertEquals(60, counts.size());
        assertEquals(60 + 360 + 1, counts.stream().mapToLong(Long::longValue).sum());
    }

    @Test
    void theDriftIsALength() {
        session.conf().set("headrace.watermark.maxDrift", "-1 minute");
        QueryException refused = assertThrows(QueryException.class, () -> run(Trigger.Once()));
        assertEquals(
                "[INVALID_CONF] 'headrace.watermark.maxDrift' is '-1 minute'; expected an interval such as '1 minute', how"
                        + " far a source may be ahead of a slower one that has rows.",
                refused.getMessage());
    }
}
