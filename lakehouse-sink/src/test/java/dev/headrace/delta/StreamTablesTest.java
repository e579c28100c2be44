package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.errors.HeadraceException;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.Trigger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Streams that read and write tables by their names.
class StreamTablesTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    @BeforeEach
    void anOrdersTable() {
        session.conf()
                .set("spark.sql.warehouse.dir", directory.resolve("warehouse").toString());
        session.sql("CREATE TABLE orders (id BIGINT NOT NULL, day STRING) USING delta");
        session.sql("INSERT INTO orders VALUES (1, 'mon'), (2, 'tue')");
    }

    private DataStreamWriter writer(DataFrame stream) {
        return stream.writeStream()
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", directory.resolve("checkpoint").toString());
    }

    private DataFrame orders() {
        return session.readStream().option("maxFilesPerTrigger", 1).table("orders");
    }

    private List<String> rows(String query) {
        return session.sql(query).collectAsList().stream().map(Row::toString).toList();
    }

    private static String refusal(String code, Executable call) {
        HeadraceException refusal = assertThrows(HeadraceException.class, call);
        assertEquals(code, refusal.code());
        return refusal.getMessage();
    }

    @Test
    void aTableThatIsNotThereIsMade() throws Exception {
        writer(orders())
                .format("delta")
                .partitionBy("day")
                .option("delta.appendOnly", "true")
                .toTable("copy")
                .awaitTermination();
        session.sql("INSERT INTO orders VALUES (3, 'mon')");
        writer(orders()).toTable("copy").awaitTermination();

        assertEquals(List.of("[1,mon]", "[2,tue]", "[3,mon]"), rows("SELECT * FROM copy ORDER BY id"));
        assertEquals(
                List.of("[delta,[day],true]"),
                session
                        .sql("DESCRIBE DETAIL copy")
                        .selectExpr("format", "partitionColumns", "properties['delta.appendOnly']")
                        .collectAsList()
                        .stream()
                        .map(Row::toString)
                        .toList());
        assertTrue(Files.isDirectory(directory.resolve("warehouse/copy")));
    }

    @Test
    void theTableIsThereBeforeItHasRows() throws Exception {
        session.sql("CREATE TABLE nothing (id BIGINT) USING delta");
        writer(session.readStream().table("nothing"))
                .format("delta")
                .toTable("copy")
                .awaitTermination();
        assertEquals(List.of(), rows("SELECT id FROM copy"));
    }

    @Test
    void aTableMayLieElsewhereOrBeAPath() throws Exception {
        Path place = directory.resolve("elsewhere");
        writer(orders())
                .format("delta")
                .option("path", place.toString())
                .toTable("copy")
                .awaitTermination();
        assertEquals(List.of("[2]"), rows("SELECT count(*) FROM copy"));
        assertTrue(Files.isDirectory(place.resolve("_delta_log")));

        session.sql("INSERT INTO orders VALUES (3, 'mon')");
        writer(orders()).toTable("delta.`" + place + "`").awaitTermination();
        assertEquals(List.of("[3]"), rows("SELECT count(*) FROM copy"));
    }

    @Test
    void changesMakeTheTableTheyDescribe() throws Exception {
        writer(orders().groupBy("day").count())
                .format("delta")
                .outputMode("changelog")
                .toTable("counts")
                .awaitTermination();
        assertEquals(List.of("[mon,1]", "[tue,1]"), rows("SELECT day, count FROM counts ORDER BY day"));
    }

    @Test
    void filesAreATableToo() throws Exception {
        writer(orders()).format("json").toTable("copy").awaitTermination();
        assertEquals(List.of("[1,mon]", "[2,tue]"), rows("SELECT id, day FROM copy ORDER BY id"));
    }

    @Test
    void whatCanNotBeMeantIsRefused() {
        session.sql("CREATE TEMP VIEW batch AS SELECT 1 AS id");
        assertTrue(refusal("NOT_A_STREAM", () -> session.readStream().table("batch"))
                .contains("'batch' is of a batch"));
        assertTrue(refusal("TABLE_OR_VIEW_NOT_FOUND", () -> session.readStream().table("ordres"))
                .contains("Did you mean 'orders'"));
        assertTrue(refusal(
                        "SCHEMA_NOT_ALLOWED",
                        () -> session.readStream().schema("id bigint").table("orders"))
                .contains("Leave schema(…) out"));
        assertTrue(refusal("TABLE_OR_VIEW_NOT_FOUND", () -> writer(orders()).toTable("batch"))
                .contains("toTable(\"batch\"): 'batch' is a view"));
        assertTrue(
                refusal("TABLE_MISMATCH", () -> writer(orders()).format("json").toTable("orders"))
                        .contains("toTable(\"orders\"): the table is of format 'delta', not 'json'"));
        assertTrue(refusal(
                        "TABLE_MISMATCH",
                        () -> writer(orders()).partitionBy("day").toTable("orders"))
                .contains("partition columns"));
    }
}
