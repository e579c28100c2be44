package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.chunk.Slice;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.ErrorBudget;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Late rows and dead letters are results of the query that leaves them out, in any sink, exactly once.
class LeftOutRowsTest {
    private static final StructType SCHEMA = StructType.fromDDL("value string, topic string, ts timestamp");

    @TempDir
    Path directory;

    private Session session;
    private MemoryStream source;

    @BeforeEach
    void open() {
        session = Session.builder()
                .master("local[2]")
                .config("spark.sql.session.timeZone", "UTC")
                .create();
        source = new MemoryStream(SCHEMA, 2);
    }

    @AfterEach
    void close() {
        session.close();
    }

    private void add(String value, long second) {
        source.add(List.of(List.of(Slice.utf8(value), Slice.utf8("clicks"), second * 1_000_000)));
    }

    private DataFrame rows() {
        return Frames.of(session, source, "memory");
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    /// Counts per window; rows that are no numbers are dead letters.
    private DataStreamWriter writer() {
        return rows().withWatermark("ts", "0 seconds")
                .select(col("value").cast("int").as("n"), col("ts"))
                .groupBy(window(col("ts"), "1 minute"))
                .agg(count(lit(1)).as("rows"))
                .select("rows")
                .writeStream()
                .format("parquet")
                .option("path", path("counts"))
                .option("checkpointLocation", path("checkpoint"))
                .trigger(Trigger.AvailableNow());
    }

    private static DataStreamWriter into(DataFrame rows, String path) {
        return rows.writeStream().format("parquet").option("path", path);
    }

    private DataStreamWriter whole() {
        return writer().lateRowsTo(late -> into(
                        late.select(col("row"), col("watermark").cast("string").as("watermark")), path("late")))
                .deadLettersTo(letters -> into(letters.select("error", "topic", "row"), path("letters")));
    }

    private List<String> read(String name) {
        return session.read().parquet(path(name)).collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    private void addAll() throws Exception {
        add("1", 1);
        add("2", 130);
        whole().start().awaitTermination();
        add("3", 2);
        add("x", 131);
        add("4", 200);
    }

    private void checkAll() {
        assertEquals(List.of("[1]", "[1]"), read("counts"));
        assertEquals(List.of("[{\"n\":3,\"ts\":\"1970-01-01T00:00:02.000Z\"},1970-01-01 00:02:10]"), read("late"));
        assertEquals(
                List.of("[CAST_INVALID_INPUT,clicks,"
                        + "{\"value\":\"x\",\"topic\":\"clicks\",\"ts\":\"1970-01-01T00:02:11.000Z\"}]"),
                read("letters"));
    }

    @Test
    void theyGoToSinksOfTheQuery() throws Exception {
        addAll();
        StreamingQuery query = whole().start();
        query.awaitTermination();
        checkAll();
        assertTrue(query.lastProgress().rowBalance().isEven());
        assertTrue(whole().verify().matches(), () -> whole().verify().toString());
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void eachIsWrittenOnceWhereverTheCrash(Step step) throws Exception {
        addAll();
        session.conf().set("headrace.testing.failAt", "after:" + step + ":2");
        StreamingQuery failing = whole().start();
        assertThrows(StreamingQueryException.class, failing::awaitTermination);
        session.conf().unset("headrace.testing.failAt");
        whole().start().awaitTermination();
        checkAll();
    }

    @Test
    void aBudgetEndsTheQuery() throws Exception {
        add("x", 1);
        StreamingQuery query = writer().deadLettersTo(letters -> into(letters, path("letters")), ErrorBudget.rows(0))
                .start();
        StreamingQueryException failed = assertThrows(StreamingQueryException.class, query::awaitTermination);
        assertTrue(String.valueOf(failed.getCause().getMessage()).startsWith("[TOO_MANY_DEAD_LETTERS]"));
    }

    @Test
    void functionsGetThemToo() throws Exception {
        List<String> seen = new ArrayList<>();
        add("x", 1);
        writer().deadLetters((letters, id) -> letters.collectAsList().forEach(row -> seen.add(row.getString(0))))
                .deadLettersTo(letters -> into(letters.select("error"), path("letters")))
                .start()
                .awaitTermination();
        assertEquals(List.of("CAST_INVALID_INPUT"), seen);
        assertEquals(List.of("[CAST_INVALID_INPUT]"), read("letters"));
    }

    @Test
    void anErrorInWhatIsMadeOfThemEndsTheQuery() throws Exception {
        add("x", 1);
        StreamingQuery query = writer().deadLettersTo(
                        letters -> into(letters.select(col("error").cast("int").as("n")), path("letters")))
                .start();
        StreamingQueryException failed = assertThrows(StreamingQueryException.class, query::awaitTermination);
        assertTrue(String.valueOf(failed.getCause().getMessage()).contains("'CAST_INVALID_INPUT'"));
    }

    @Test
    void theyCannotBeAQueryOfTheirOwn() {
        List<DataFrame> kept = new ArrayList<>();
        writer().lateRowsTo(late -> {
            kept.add(late);
            return into(late, path("late"));
        });
        DataStreamWriter alone = into(kept.getFirst(), path("other")).option("checkpointLocation", path("c"));
        assertEquals(
                "[OUTPUT_OF_ANOTHER_QUERY] Late rows and dead letters are written by the query that leaves them out: give"
                        + " what writes them back to its lateRowsTo(…) or deadLettersTo(…), and start that.",
                assertThrows(QueryException.class, alone::start).getMessage());
        assertEquals(
                "[OUTPUT_OF_ANOTHER_QUERY] lateRowsTo(…): the other writer has a trigger of its own, but all results are of"
                        + " one query. Say it on the writer that is started.",
                assertThrows(
                                QueryException.class,
                                () -> writer().lateRowsTo(
                                                late -> into(late, path("late")).trigger(Trigger.Once())))
                        .getMessage());
        DataStreamWriter timed =
                writer().lateRowsTo(late -> into(late.withWatermark("final_at", "1 minute"), path("late")));
        assertEquals(
                "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run withWatermark(…) over late rows or dead letters. They"
                        + " have no order that a watermark could go by.",
                assertThrows(QueryException.class, timed::start).getMessage());
    }
}
