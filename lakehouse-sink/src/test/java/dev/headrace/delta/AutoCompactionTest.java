package dev.headrace.delta;

import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.SessionSettings;
import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small files put together behind writes, as users see it: which writes do, and who notices.
class AutoCompactionTest {
    private static final String MANY = "spark.databricks.delta.autoCompact.minNumFiles";

    @TempDir
    private Path directory;

    private final Session session =
            Session.builder().master("local[2]").config(MANY, "4").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private String table() {
        return directory.resolve("table").toString();
    }

    private void append(long from, long to, Map<String, String> options) {
        for (long id = from; id < to; id++) {
            session.range(id, id + 1)
                    .write()
                    .format("delta")
                    .options(options)
                    .mode("append")
                    .save(table());
        }
    }

    private int files() {
        return new KernelTableLog(Path.of(table()))
                .latest()
                .orElseThrow()
                .files(FileFilter.everything())
                .size();
    }

    private List<Long> ids() {
        return session.read().format("delta").load(table()).orderBy("id").collectAsList().stream()
                .map(row -> row.getLong(0))
                .toList();
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    void writesOfProgramsLeaveFilesAsTheyAre() {
        append(0, 5, Map.of());

        assertEquals(5, files());
    }

    @Test
    void unlessTheTableSaysOtherwise() {
        append(0, 4, Map.of("delta.autoOptimize.autoCompact", "true"));

        assertEquals(1, files());
        assertEquals(range(0, 4), ids());
        Row last = DeltaTable.forPath(session, table()).history(1).first();
        assertEquals("OPTIMIZE", last.getAs("operation"));
        assertEquals(Map.of("auto", "true"), last.getAs("operationParameters"));
    }

    @Test
    void orTheWriteDoes() {
        append(0, 4, Map.of("autoCompact", "true", "optimizeWrite", "true"));
        assertEquals(1, files());

        append(4, 8, Map.of("autoCompact", "false"));
        assertEquals(5, files());
    }

    @Test
    void orTheSessionDoes() {
        session.conf().set("spark.databricks.delta.autoCompact.enabled", "true");
        append(0, 4, Map.of("delta.autoOptimize.autoCompact", "false"));

        assertEquals(1, files());
    }

    @Test
    void fiftyFilesAreManyUnlessTheSessionSaysOtherwise() {
        session.conf().unset(MANY);
        append(0, 49, Map.of("delta.autoOptimize.autoCompact", "true"));
        assertEquals(49, files());

        append(49, 50, Map.of());
        assertEquals(1, files());
    }

    @Test
    void settingsAreChecked() {
        session.conf().set(MANY, "1");
        assertEquals(
                "[INVALID_CONF] 'spark.databricks.delta.autoCompact.minNumFiles' is '1': expected a whole number from 2 to"
                        + " 999999999.",
                failure());
        session.conf().unset(MANY);
        session.conf().set("headrace.delta.compactionBudget", "soon");
        assertEquals(
                "[INVALID_CONF] 'headrace.delta.compactionBudget' is 'soon': expected a time such as '200 milliseconds'.",
                failure());
        session.conf().unset("headrace.delta.compactionBudget");
        session.conf().set("spark.databricks.delta.autoCompact.enabled", "sometimes");
        assertEquals(
                "[INVALID_CONF] 'spark.databricks.delta.autoCompact.enabled' is 'sometimes': expected true or false.",
                failure());
        session.conf().unset("spark.databricks.delta.autoCompact.enabled");
        for (String size : List.of("0", "-1", "1.5", "all", "64tb")) {
            session.conf().set("spark.databricks.delta.autoCompact.maxFileSize", size);
            assertEquals(
                    "[INVALID_CONF] 'spark.databricks.delta.autoCompact.maxFileSize' is '" + size
                            + "': expected a number of bytes from 1, such as '64mb'.",
                    failure());
        }
    }

    @Test
    void sizesHaveUnits() {
        assertEquals(OptionalLong.of(1L << 30), fileBytes("1073741824"));
        assertEquals(OptionalLong.of(64 << 20), fileBytes("64mb"));
        assertEquals(OptionalLong.of(1L << 30), fileBytes("1G"));
        assertEquals(OptionalLong.of(5), fileBytes("5b"));
        assertEquals(OptionalLong.of(2048), fileBytes("2k"));
    }

    private static OptionalLong fileBytes(String text) {
        SessionSettings settings =
                new SessionSettings(ZoneOffset.UTC, 1, Map.of("spark.databricks.delta.autoCompact.maxFileSize", text));
        ConnectorOptions options =
                new ConnectorOptions("delta", Map.of(), Optional.empty(), List.of(), List.of(), settings);
        return AutoCompaction.of(options, true).fileBytes();
    }

    private String failure() {
        return assertThrows(QueryException.class, () -> append(0, 1, Map.of())).getMessage();
    }

    @Test
    void whatFollowsATablesChangesSeesNone() throws Exception {
        append(0, 3, Map.of("delta.enableChangeDataFeed", "true", "delta.autoOptimize.autoCompact", "true"));
        run(rowsOf(Map.of()), "rows");
        append(3, 6, Map.of());
        assertEquals(3, files());
        run(rowsOf(Map.of()), "rows");

        assertEquals(
                range(0, 6),
                session
                        .read()
                        .format("delta")
                        .load(directory.resolve("rows").toString())
                        .orderBy("id")
                        .collectAsList()
                        .stream()
                        .map(row -> row.getLong(0))
                        .toList());
        List<Row> changes = session.read()
                .format("delta")
                .option("readChangeFeed", true)
                .option("startingVersion", 0)
                .load(table())
                .collectAsList();
        assertEquals(6, changes.size());
    }

    private DataFrame rowsOf(Map<String, String> options) {
        return session.readStream().format("delta").options(options).load(table());
    }

    private void run(DataFrame rows, String to) throws Exception {
        StreamingQuery query = rows.writeStream()
                .format("delta")
                .option(
                        "checkpointLocation",
                        directory.resolve("checkpoint-" + to).toString())
                .trigger(Trigger.AvailableNow())
                .start(directory.resolve(to).toString());
        query.awaitTermination();
    }

    @Test
    void streamsDoItByThemselves() throws Exception {
        session.conf().set("headrace.delta.compactionBudget", "1 hour");
        append(0, 8, Map.of());
        run(rowsOf(Map.of("maxFilesPerTrigger", "1")), "copy");

        List<String> operations =
                DeltaTable.forPath(session, directory.resolve("copy").toString()).history().collectAsList().stream()
                        .map(row -> row.<String>getAs("operation"))
                        .toList()
                        .reversed();
        assertEquals(
                List.of("S", "S", "S", "S", "O", "S", "S", "S", "S", "O"),
                operations.stream().map(operation -> operation.substring(0, 1)).toList());
        assertEquals(
                8,
                session.read()
                        .format("delta")
                        .load(directory.resolve("copy").toString())
                        .count());
    }

    @Test
    void aQueryThatHasReadEverythingDoesWhatIsDue() throws Exception {
        append(0, 4, Map.of());
        run(rowsOf(Map.of("maxFilesPerTrigger", "1")), "copy");

        List<Row> history = DeltaTable.forPath(
                        session, directory.resolve("copy").toString())
                .history()
                .collectAsList();
        assertEquals(5, history.size());
        assertEquals("OPTIMIZE", history.getFirst().getAs("operation"));
    }

    /// Where there is a change data feed, small files can't go in the commits that apply changes: their rows would be
    /// changes to its readers.
    @Test
    void filesOfAppliedChangesWithAFeedBecomeFewer() throws Exception {
        ChangeStream changes = new ChangeStream(
                session,
                directory,
                "version bigint, id bigint, name string",
                Changes.keyedBy("id").sequencedBy(col("version")));
        Map<String, String> feed = Map.of("delta.enableChangeDataFeed", "true", "delta.enableDeletionVectors", "true");
        for (long id = 0; id < 10; id++) {
            changes.add(id, id, "a").run(feed);
        }
        changes.add(10L, 3L, "b").run(feed);

        assertTrue(files() < 8, files() + " files");
        assertEquals(10, changes.rows().size());
        assertTrue(changes.rows().contains("[10,3,b]"));
        List<Row> told = session.read()
                .format("delta")
                .option("readChangeFeed", true)
                .option("startingVersion", 0)
                .load(table())
                .groupBy("_change_type")
                .count()
                .orderBy("_change_type")
                .collectAsList();
        assertEquals("[[insert,10], [update_postimage,1], [update_preimage,1]]", told.toString());
        assertTrue(DeltaTable.forPath(session, table()).history().collectAsList().stream()
                .anyMatch(row -> row.getAs("operation").equals("OPTIMIZE")));
    }

    @Test
    void deletedRowsStayDeleted() {
        Map<String, String> vectors = Map.of("delta.enableDeletionVectors", "true");
        session.range(0, 100).write().format("delta").options(vectors).save(table());
        DeltaTable.forPath(session, table()).delete(col("id").lt(lit(10)));
        session.range(100, 200)
                .write()
                .format("delta")
                .option("autoCompact", true)
                .mode("append")
                .save(table());

        assertEquals(1, files());
        assertEquals(range(10, 200), ids());
        Row last = DeltaTable.forPath(session, table()).history(1).first();
        assertEquals("1", last.<Map<String, String>>getAs("operationMetrics").get("numDeletionVectorsRemoved"));
    }

    @Test
    void columnsKeepTheirNamesAndRulesAndRowsMayNotBeRemoved() {
        session.sql("CREATE TABLE delta.`" + table() + "` (id BIGINT GENERATED ALWAYS AS IDENTITY, old BIGINT NOT NULL)"
                + " USING delta TBLPROPERTIES ('delta.columnMapping.mode' = 'name', 'delta.appendOnly' = 'true',"
                + " 'delta.autoOptimize.autoCompact' = 'true')");
        session.sql("ALTER TABLE delta.`" + table() + "` RENAME COLUMN old TO new");
        for (int row = 0; row < 5; row++) {
            session.sql("SELECT CAST(" + row + " AS BIGINT) AS new")
                    .write()
                    .format("delta")
                    .mode("append")
                    .save(table());
        }

        assertEquals(2, files());
        assertEquals(
                range(0, 5),
                session.read().format("delta").load(table()).orderBy("new").collectAsList().stream()
                        .map(row -> row.<Long>getAs("new"))
                        .toList());
        assertEquals(
                5,
                session.read()
                        .format("delta")
                        .load(table())
                        .select("id")
                        .distinct()
                        .count());
    }
}
