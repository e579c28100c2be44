package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.session_window;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.chunk.Slice;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.errors.UnavailableException;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Late rows go to who asks for them, whole, whichever operator leaves them out.
class LateRowsTest {
    private static final StructType SCHEMA =
            new StructType().add("key", "string").add("note", "string").add("ts", "timestamp");

    @TempDir
    Path directory;

    private Session session;
    private MemoryStream source;
    private final List<String> late = new ArrayList<>();

    @BeforeEach
    void open() {
        session = Session.builder()
                .master("local[2]")
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate();
        source = new MemoryStream(SCHEMA, 2);
    }

    @AfterEach
    void close() {
        session.close();
    }

    private static List<Object> row(String key, String note, long second) {
        return List.of(Slice.utf8(key), Slice.utf8(note), second * 1_000_000);
    }

    private record Operator(String name, UnaryOperator<DataFrame> query, List<String> late) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Operator> operators() {
        String row = "{\"key\":\"a\",\"note\":\"too late\",\"ts\":\"1970-01-01T00:00:05.000Z\"}";
        return Stream.of(
                new Operator(
                        "windows",
                        rows -> rows.groupBy(window(col("ts"), "10 seconds"), col("key"))
                                .agg(count(lit(1)).as("n")),
                        List.of(row + " left out by stateStoreSave: final at 1970-01-01 00:00:10, watermark"
                                + " 1970-01-01 00:01:30")),
                new Operator(
                        "distinct values in windows",
                        rows -> rows.groupBy(window(col("ts"), "10 seconds"))
                                .agg(expr("count(DISTINCT key)").as("n")),
                        List.of(row + " left out by stateStoreSave: final at 1970-01-01 00:00:10, watermark"
                                + " 1970-01-01 00:01:30")),
                new Operator(
                        "sessions",
                        rows -> rows.groupBy(session_window(col("ts"), "10 seconds"), col("key"))
                                .agg(count(lit(1)).as("n")),
                        List.of(row + " left out by sessionWindowStateStoreSave: final at 1970-01-01 00:00:15.000001,"
                                + " watermark 1970-01-01 00:01:30")),
                new Operator(
                        "deduplication",
                        rows -> rows.dropDuplicates("key", "ts"),
                        List.of(row + " left out by dedupe: final at 1970-01-01 00:00:05.000001, watermark"
                                + " 1970-01-01 00:01:30")));
    }

    private StreamingQuery start(UnaryOperator<DataFrame> query) throws TimeoutException {
        return query.apply(Frames.of(session, source, "memory").withWatermark("ts", "10 seconds"))
                .writeStream()
                .foreachBatch((rows, batchId) -> {})
                .lateRows((rows, batchId) -> keep(rows))
                .option("checkpointLocation", directory.toString())
                .start();
    }

    private void keep(DataFrame rows) {
        for (Row row : rows.select(
                        col("row"),
                        col("operator"),
                        col("final_at").cast("string"),
                        col("watermark").cast("string"))
                .collectAsList()) {
            late.add(row.getString(0) + " left out by " + row.getString(1) + ": final at " + row.getString(2)
                    + ", watermark " + row.getString(3));
        }
    }

    @ParameterizedTest
    @MethodSource("operators")
    void aLateRowIsGivenWithAllItsColumns(Operator operator) throws Exception {
        StreamingQuery query = start(operator.query());
        source.add(List.of(row("a", "in time", 5), row("b", "in time", 100)));
        query.processAllAvailable();
        assertEquals(List.of(), late);
        source.add(List.of(row("a", "too late", 5), row("c", "in time", 101)));
        query.processAllAvailable();
        query.stop();
        assertEquals(operator.late(), late);
    }

    @Test
    void aBatchThatIsTriedAgainGivesItsLateRowsOnce() throws Exception {
        AtomicBoolean away = new AtomicBoolean(true);
        StreamingQuery query = Frames.of(session, source, "memory")
                .withWatermark("ts", "10 seconds")
                .groupBy(window(col("ts"), "10 seconds"))
                .count()
                .writeStream()
                .foreachBatch((rows, batchId) -> {
                    if (!late.isEmpty() && away.getAndSet(false)) {
                        throw new UnavailableException("TEST_UNAVAILABLE", "not now");
                    }
                })
                .lateRows((rows, batchId) -> late.add("batch " + batchId + ": " + rows.count()))
                .option("checkpointLocation", directory.toString())
                .start();
        source.add(List.of(row("b", "in time", 100)));
        query.processAllAvailable();
        source.add(List.of(row("a", "too late", 5)));
        query.processAllAvailable();
        query.stop();
        assertFalse(away.get());
        assertEquals(List.of("batch 2: 1"), late);
    }

    @Test
    void aFunctionThatFailsEndsTheQueryAndIsCalledAgain() throws Exception {
        UnaryOperator<DataFrame> windows = rows ->
                rows.groupBy(window(col("ts"), "10 seconds")).agg(count(lit(1)).as("n"));
        StreamingQuery query = windows.apply(
                        Frames.of(session, source, "memory").withWatermark("ts", "10 seconds"))
                .writeStream()
                .foreachBatch((rows, batchId) -> {})
                .lateRows((rows, batchId) -> {
                    throw new IllegalStateException("no table");
                })
                .option("checkpointLocation", directory.toString())
                .start();
        source.add(List.of(row("b", "in time", 100)));
        query.processAllAvailable();
        source.add(List.of(row("a", "too late", 5)));
        StreamingQueryException failed = assertThrows(StreamingQueryException.class, query::processAllAvailable);
        assertEquals(
                "[LATE_ROWS_FAILED] The function given to lateRows failed for batch 2 with"
                        + " java.lang.IllegalStateException: no table. The batch is not committed: it runs again when the"
                        + " query is started again.",
                failed.getCause().getMessage());
        StreamingQuery again = start(windows);
        again.processAllAvailable();
        again.stop();
        assertEquals(1, late.size());
    }
}
