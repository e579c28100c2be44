package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.from_json;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.udf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.chunk.Slice;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.ErrorBudget;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows that an expression fails for are left out and given to who asks for them.
class DeadLettersTest {
    private static final StructType SCHEMA = new StructType()
            .add("value", "string")
            .add("topic", "string")
            .add("partition", "int")
            .add("offset", "bigint");

    @TempDir
    Path directory;

    private Session session;
    private MemoryStream source;
    private final List<Row> letters = new ArrayList<>();
    private final List<Row> given = new ArrayList<>();

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

    private void add(String... values) {
        List<List<Object>> rows = new ArrayList<>();
        for (String value : values) {
            rows.add(List.of(Slice.utf8(value), Slice.utf8("clicks"), 1, 100L + rows.size()));
        }
        source.add(rows);
    }

    private DataFrame stream() {
        return Frames.of(session, source, "memory");
    }

    private DataStreamWriter writer(DataFrame rows, String mode) {
        return rows.writeStream()
                .outputMode(mode)
                .foreachBatch((batch, id) -> given.addAll(batch.collectAsList()))
                .deadLetters((batch, id) -> letters.addAll(batch.collectAsList()))
                .option("checkpointLocation", directory.toString());
    }

    private StreamingQuery run(DataStreamWriter writer) throws TimeoutException {
        StreamingQuery query = writer.start();
        query.processAllAvailable();
        query.stop();
        return query;
    }

    private List<String> texts(List<Row> rows) {
        return rows.stream().map(row -> row.mkString("|")).sorted().toList();
    }

    @Test
    void aRecordThatTwoBranchesRejectIsOneLetter() throws TimeoutException {
        add("1", "two", "two", "3");
        add("4.5");
        DataFrame both = stream()
                .select(col("value").cast("int").cast("string"))
                .union(stream().select(col("value").cast("double").cast("string")));
        run(writer(both, "append"));
        assertEquals(List.of("1", "1.0", "3", "3.0", "4.5"), texts(given));
        assertEquals(
                List.of("4.5", "two", "two"),
                letters.stream()
                        .map(letter -> letter.getString(6).replaceAll("^\\{\"value\":\"([^\"]*)\".*", "$1"))
                        .sorted()
                        .toList());
    }

    @Test
    void equalRowsOfTwoSourcesAreTwoLetters() throws TimeoutException {
        StructType schema = StructType.fromDDL("value string");
        MemoryStream left = new MemoryStream(schema, 1);
        MemoryStream right = new MemoryStream(schema, 1);
        left.add(List.of(List.of(Slice.utf8("two")), List.of(Slice.utf8("1"))));
        right.add(List.of(List.of(Slice.utf8("two"))));
        DataFrame both = Frames.of(session, left, "memory")
                .select(col("value").cast("int"))
                .union(Frames.of(session, right, "memory").select(col("value").cast("int")));
        run(writer(both, "append"));
        assertEquals(List.of("1"), texts(given));
        assertEquals(2, letters.size());
    }

    @Test
    void aKeyOfLoadSheddingThatFailsLeavesOutItsRow() throws TimeoutException {
        add("1", "two", "3");
        DataFrame counts = stream()
                .withLoadShedding(1_000, 0, col("value").cast("int"))
                .groupBy("topic")
                .agg(count(lit(1)).as("n"));
        StreamingQuery query = run(writer(counts, "update"));
        add("4", "five");
        run(writer(counts, "update"));
        assertEquals(List.of("clicks|2", "clicks|3"), texts(given));
        assertEquals(2, letters.size());
        assertTrue(query.lastProgress().rowBalance().isEven());
        assertTrue(writer(counts, "update").verify().matches());
    }

    @Test
    void aCastThatFailsLeavesOutItsRow() throws TimeoutException {
        add("1", "two", "3", "", "5");
        StreamingQuery query =
                run(writer(stream().select(col("value").cast("int").as("n")), "append"));
        assertEquals(List.of("1", "3", "5"), texts(given));
        assertEquals(2, letters.size());
        Row letter = letters.stream()
                .filter(row -> "two".equals(new String((byte[]) row.get(5))))
                .findFirst()
                .orElseThrow();
        assertEquals("CAST_INVALID_INPUT", letter.getString(0));
        assertTrue(letter.getString(1).contains("'two'"), letter.getString(1));
        assertEquals("clicks", letter.getString(2));
        assertEquals(1, letter.getInt(3));
        assertEquals(101L, letter.getLong(4));
        assertEquals("{\"value\":\"two\",\"topic\":\"clicks\",\"partition\":1,\"offset\":101}", letter.getString(6));
        assertEquals("2", query.recentProgress()[0].sources()[0].metrics().get("deadLetters"));
    }

    @Test
    void payloadsThatCanNotBeReadAreLeftOut() throws TimeoutException {
        add("{\"n\": 1}", "{\"n\": ", "{\"n\": 3}");
        DataFrame parsed = stream()
                .select(from_json(col("value"), StructType.fromDDL("n int"), Map.of("mode", "FAILFAST"))
                        .as("v"));
        run(writer(parsed.select("v.n"), "append"));
        assertEquals(List.of("1", "3"), texts(given));
        assertEquals(101L, letters.getFirst().getLong(4));
    }

    @Test
    void functionsOfTheProgramMayThrow() throws TimeoutException {
        add("1", "2", "3");
        DataFrame rows = stream()
                .select(udf(
                                (String value) -> {
                                    if (value.equals("2")) {
                                        throw new IllegalStateException("no two");
                                    }
                                    return value + "!";
                                },
                                DataTypes.StringType)
                        .apply(col("value")));
        run(writer(rows, "append"));
        assertEquals(List.of("1!", "3!"), texts(given));
        assertEquals("FAILED_EXECUTE_UDF", letters.getFirst().getString(0));
    }

    @Test
    void aggregationsGoOverTheRowsThatAreLeft() throws TimeoutException {
        add("1", "x", "3");
        DataFrame totals = stream()
                .where("value <> '3' or cast(value as int) > 0")
                .groupBy(expr("cast(value as int) % 2").as("odd"))
                .agg(sum(col("value").cast("int")).as("sum"), count(lit(1)).as("n"));
        StreamingQuery query = run(writer(totals, "update"));
        assertEquals(List.of("1|4|2"), texts(given));
        assertEquals(1, letters.size());
        assertTrue(query.verify().matches(), () -> query.verify().toString());
    }

    @Test
    void aBudgetEndsTheQueryBeforeTheBatchIsCommitted() throws TimeoutException {
        add("1", "x", "y", "4");
        DataFrame rows = stream().select(col("value").cast("int"));
        DataStreamWriter strict = writer(rows, "append")
                .deadLetters((batch, id) -> letters.addAll(batch.collectAsList()), ErrorBudget.rows(1));
        StreamingQuery query = strict.start();
        StreamingQueryException failed = assertThrows(StreamingQueryException.class, query::processAllAvailable);
        String message = failed.getCause().getMessage();
        assertTrue(
                message.startsWith("[TOO_MANY_DEAD_LETTERS] Of the 4 rows of batch 0, 2 are rejected, and"
                        + " ErrorBudget[rows=1, share=1.0] allows less. The first: [CAST_INVALID_INPUT]"),
                message);
        assertEquals(List.of(), letters);
        run(writer(rows, "append")
                .deadLetters((batch, id) -> letters.addAll(batch.collectAsList()), ErrorBudget.share(0.5)));
        assertEquals(2, letters.size());
    }

    @Test
    void withoutTheFunctionTheQueryFails() throws TimeoutException {
        add("x");
        StreamingQuery query = stream()
                .select(col("value").cast("int"))
                .writeStream()
                .foreachBatch((batch, id) -> {})
                .option("checkpointLocation", directory.toString())
                .start();
        assertThrows(StreamingQueryException.class, query::processAllAvailable);
    }

    @Test
    void aFunctionThatFailsIsToldByItsName() throws TimeoutException {
        add("x");
        StreamingQuery query = writer(stream().select(col("value").cast("int")), "append")
                .deadLetters((batch, id) -> {
                    throw new IllegalStateException("full");
                })
                .start();
        StreamingQueryException failed = assertThrows(StreamingQueryException.class, query::processAllAvailable);
        assertTrue(
                failed.getCause()
                        .getMessage()
                        .startsWith("[DEAD_LETTERS_FAILED] The function given to deadLetters failed for batch 0 with"
                                + " java.lang.IllegalStateException: full."),
                failed.getCause().getMessage());
    }
}
