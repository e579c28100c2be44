package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.sum;
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
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.Trigger;
import dev.headrace.streaming.VerifyReport;
import dev.headrace.types.StructType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One query, one pass over its sources, several sinks.
class SeveralOutputsTest {
    private static final StructType SCHEMA = StructType.fromDDL("shop string, amount bigint, ts timestamp");

    @TempDir
    Path directory;

    private Session session;
    private MemoryStream source;
    private final TreeMap<Long, List<String>> large = new TreeMap<>();
    private final TreeMap<Long, List<String>> totals = new TreeMap<>();
    private boolean totalsFail;

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

    private void add(String shop, long amount, long second) {
        source.add(List.of(List.of(Slice.utf8(shop), amount, second * 1_000_000)));
    }

    private DataFrame sales() {
        return Frames.of(session, source, "memory");
    }

    private DataStreamWriter writer() {
        DataStreamWriter perShop = sales().groupBy("shop")
                .agg(sum("amount").as("total"))
                .writeStream()
                .outputMode("update")
                .foreachBatch((rows, id) -> {
                    if (totalsFail) {
                        throw new IllegalStateException("no disk");
                    }
                    totals.put(id, texts(rows));
                });
        return sales().where(col("amount").gt(10))
                .select("amount")
                .writeStream()
                .foreachBatch((rows, id) -> large.put(id, texts(rows)))
                .option("checkpointLocation", directory.toString())
                .trigger(Trigger.AvailableNow())
                .alsoTo(perShop);
    }

    private static List<String> texts(DataFrame rows) {
        return rows.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    @Test
    void eachSinkGetsItsRowsUnderOneBatchFromOnePass() throws Exception {
        add("north", 5, 0);
        add("south", 50, 0);
        StreamingQuery query = writer().start();
        query.awaitTermination();
        assertEquals(List.of("[50]"), large.get(0L));
        assertEquals(List.of("[north,5]", "[south,50]"), totals.get(0L));
        assertEquals(1, query.lastProgress().sources().length);
        assertEquals(2, query.lastProgress().numInputRows());
        assertEquals(3, query.lastProgress().sink().numOutputRows());
        assertEquals("foreachBatch, foreachBatch", query.lastProgress().sink().description());
        assertTrue(query.lastProgress().rowBalance().isEven());
        assertEquals(2, query.lastProgress().rowBalance().in());

        add("north", 20, 1);
        writer().start().awaitTermination();
        assertEquals(List.of("[20]"), large.get(1L));
        assertEquals(List.of("[north,25]"), totals.get(1L));
        VerifyReport report = writer().verify();
        assertTrue(report.matches(), report.toString());
        assertEquals(2 + 2, report.expectedRows());
        assertEquals(2, writer().replay(1).rows());
    }

    @Test
    void aSinkThatFailsGetsTheBatchAgainUnderTheSameNumberAndSoDoTheOthers() throws Exception {
        add("north", 20, 0);
        totalsFail = true;
        StreamingQuery failing = writer().start();
        assertThrows(StreamingQueryException.class, failing::awaitTermination);
        assertEquals(List.of("[20]"), large.get(0L));
        totalsFail = false;
        large.clear();
        add("north", 30, 1);
        writer().start().awaitTermination();
        assertEquals(List.of("[20]"), large.get(0L));
        assertEquals(List.of("[north,20]"), totals.get(0L));
        assertEquals(List.of("[north,50]"), totals.get(1L));
    }

    @Test
    void sharedPartsAreComputedOnceAndWatermarksFollowTheirParts() throws Exception {
        DataFrame perMinute = sales().withWatermark("ts", "10 seconds")
                .groupBy(window(col("ts"), "1 minute").as("w"), col("shop"))
                .agg(count(lit(1)).as("n"));
        List<String> many = new ArrayList<>();
        List<String> shops = new ArrayList<>();
        add("north", 1, 0);
        add("north", 1, 1);
        add("south", 1, 1);
        add("end", 1, 1_000);
        StreamingQuery query = perMinute
                .where("n > 1")
                .select("shop", "n")
                .writeStream()
                .foreachBatch((rows, id) -> many.addAll(texts(rows)))
                .trigger(Trigger.AvailableNow())
                .alsoTo(perMinute
                        .groupBy("shop")
                        .agg(sum("n"))
                        .writeStream()
                        .foreachBatch((rows, id) -> shops.addAll(texts(rows)))
                        .outputMode("changelog"))
                .start();
        query.awaitTermination();
        assertEquals(List.of("[north,2]"), many);
        assertTrue(shops.containsAll(List.of("[north,2,insert]", "[south,1,insert]")), shops.toString());
        assertEquals(1, query.lastProgress().sources().length);
        String plan = explained(query);
        assertTrue(plan.contains("2 outputs"), plan);
    }

    @Test
    void aStreamThatIsReadTwiceWithDifferentColumnsIsReadOnce() throws Exception {
        DataFrame joined = sales().where("amount > 10")
                .select(col("shop"), col("amount"))
                .join(
                        sales().where("amount < 0").select(col("shop").as("returned"), col("ts")),
                        col("shop").equalTo(col("returned")));
        List<String> rows = new ArrayList<>();
        add("north", 20, 0);
        add("north", 5, 0);
        add("north", -20, 9);
        StreamingQuery query = joined.writeStream()
                .foreachBatch((batch, id) -> rows.addAll(texts(batch.select("shop", "amount"))))
                .option("checkpointLocation", directory.toString())
                .trigger(Trigger.AvailableNow())
                .start();
        query.awaitTermination();
        assertEquals(List.of("[north,20]"), rows);
        assertEquals(1, query.lastProgress().sources().length);
        assertEquals(3, query.lastProgress().numInputRows());
        String last = explained(query);
        assertTrue(Pattern.compile("SharedScan {2}\\(2 rows").matcher(last).find(), last);
        VerifyReport report = query.verify();
        assertTrue(report.matches(), report.toString());
    }

    private static String explained(StreamingQuery query) {
        PrintStream before = System.out;
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        System.setOut(new PrintStream(text, true, StandardCharsets.UTF_8));
        try {
            query.explain();
        } finally {
            System.setOut(before);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whatBelongsToTheQueryIsSaidOnce() {
        DataStreamWriter main = sales().writeStream().foreachBatch((rows, id) -> {});
        QueryException trigger = assertThrows(
                QueryException.class,
                () -> main.alsoTo(sales().writeStream().trigger(Trigger.Once()).foreachBatch((rows, id) -> {})));
        assertEquals(
                "[OUTPUT_OF_ANOTHER_QUERY] alsoTo(…): the other writer has a trigger of its own, but all results are of"
                        + " one query. Say it on the writer that is started.",
                trigger.getMessage());
        QueryException itself = assertThrows(QueryException.class, () -> main.alsoTo(main));
        assertEquals(
                "[OUTPUT_OF_ANOTHER_QUERY] alsoTo(…) takes another writeStream() of a DataFrame of the same session.",
                itself.getMessage());
    }
}
