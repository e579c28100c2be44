package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.DataFrameReader;
import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.chunk.Slice;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.types.StructType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateStoreTableTest {
    private static final StructType SCHEMA =
            new StructType().add("user", "string").add("shop", "int");

    @TempDir
    Path directory;

    private Session session;
    private MemoryStream source;
    private StreamingQuery query;

    @BeforeEach
    void runThreeBatches() throws Exception {
        session = Session.builder().master("local[2]").getOrCreate();
        source = new MemoryStream(SCHEMA, 2);
        query = Frames.of(session, source, "memory")
                .groupBy(col("user"), col("shop"))
                .agg(count(lit(1)).as("n"))
                .writeStream()
                .outputMode("update")
                .option("checkpointLocation", directory.toString())
                .foreachBatch((batch, id) -> assertTrue(batch.count() > 0))
                .start();
        for (String user : List.of("ann", "bob", "ann")) {
            source.add(List.of(List.of(Slice.utf8(user), 1), List.of(Slice.utf8(user), 2)));
            query.processAllAvailable();
        }
    }

    @AfterEach
    void close() {
        session.close();
    }

    private DataFrameReader state() {
        return session.read().format("statestore");
    }

    private static List<String> texts(DataFrame rows) {
        return rows.collectAsList().stream().map(Object::toString).sorted().toList();
    }

    @Test
    void theStateOfEachBatchIsATableWhileTheQueryRuns() {
        assertEquals(
                "struct<key:struct<user:string,shop:int>,value:struct<count0.count:bigint>,partition_id:int>",
                state().load(directory.toString()).schema().simpleString());
        assertEquals(
                List.of("[[ann,1],[2],0]", "[[ann,2],[2],0]", "[[bob,1],[1],0]", "[[bob,2],[1],0]"),
                texts(state().load(directory.toString())));
        assertEquals(
                List.of("[[ann,1],[1],0]", "[[ann,2],[1],0]"),
                texts(state().option("batchId", "0").load(directory.toString())));
    }

    @Test
    void partsOfItAreQueriedAsUsual() {
        DataFrame entries = state().load(directory.toString());
        assertEquals(
                List.of("[1]", "[1]"),
                texts(entries.filter(col("key.user").equalTo("bob"))
                        .select(col("value").getField("count0.count"))));
        assertEquals(
                List.of("[ann,2]", "[bob,2]"), texts(entries.groupBy("key.user").count()));
    }

    @Test
    void explainShowsWhatTheOperatorsDidInTheLastBatch() {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            query.explain();
        } finally {
            System.setOut(console);
        }
        String text = printed.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("== Last Batch ==\n"), text);
        assertTrue(text.lines().anyMatch(line -> line.matches(".*StreamScan.*\\(2 rows, [0-9.]+ ms\\)")), text);
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertMessage(
                "[NO_SUCH_STATE] " + directory + ": there is no state of operator 1. Operators with state: 0 to 0.",
                state().option("operatorId", "1"));
        assertMessage(
                "[INVALID_OPTION] format(\"statestore\") option 'batchId' is '7': expected a committed batch, 0 to 2.",
                state().option("batchId", "7"));
        assertMessage(
                "[SCHEMA_NOT_ALLOWED] format(\"statestore\") gives the columns key, value and partition_id. Leave schema(…)"
                        + " out.",
                state().schema("key string"));
        HeadraceException none = assertThrows(QueryException.class, () -> state().load(directory + "/state"));
        assertEquals("NO_CHECKPOINT", none.code());
    }

    private void assertMessage(String expected, DataFrameReader reader) {
        HeadraceException failure = assertThrows(QueryException.class, () -> reader.load(directory.toString()));
        assertEquals(expected, failure.getMessage());
    }
}
