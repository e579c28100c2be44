package dev.headrace.delta;

import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.errors.HeadraceException;
import dev.headrace.streaming.DataStreamReader;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Delta tables as streams.
class DeltaSourceTest {
    private static final StructType SCHEMA = StructType.fromDDL("id bigint, name string");

    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    @Test
    void aStreamBeginsWithAllRowsAndGoesOnWithThoseThatAreAdded() throws Exception {
        append(1, 2);
        append(3);
        assertEquals(List.of(1L, 2L, 3L), read(Map.of()));

        append(4);
        append(5);
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), read(Map.of()));
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), read(Map.of()));
    }

    @Test
    void aStreamTellsHowMuchWaitsBehindABatch() throws Exception {
        append(1);
        append(2);
        append(3);
        DataFrame rows = session.readStream()
                .format("delta")
                .option("startingVersion", "0")
                .option("maxFilesPerTrigger", 1)
                .load(directory.resolve("table").toString())
                .withLoadShedding(0, 0, col("id"));
        Path checkpoint = directory.resolve("shedding");
        rows.writeStream()
                .format("noop")
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", checkpoint.toString())
                .start()
                .awaitTermination();
        List<Long> waiting =
                session.read().format("losses").load(checkpoint.toString()).orderBy("batch_id").collectAsList().stream()
                        .map(row -> row.getLong(row.fieldIndex("waiting_rows")))
                        .toList();
        assertEquals(3, waiting.size());
        assertTrue(
                waiting.get(0) > waiting.get(1) && waiting.get(1) > waiting.get(2) && waiting.get(2) > 0,
                waiting.toString());
    }

    @Test
    void aStreamSaysHowManyVersionsItIsBehind() throws Exception {
        append(1);
        append(2);
        append(3);
        StreamingQuery query = session.readStream()
                .format("delta")
                .option("startingVersion", "0")
                .option("maxFilesPerTrigger", 1)
                .load(directory.resolve("table").toString())
                .writeStream()
                .format("noop")
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", directory.resolve("behind").toString())
                .start();
        query.awaitTermination();
        assertEquals(
                List.of("1", "0", "0"),
                Stream.of(query.recentProgress())
                        .map(batch -> batch.sources()[0].metrics().get("versionsBehind"))
                        .toList());
    }

    @Test
    void aStreamCanBeginWithAVersion() throws Exception {
        append(1);
        append(2);
        append(3);

        assertEquals(List.of(2L, 3L), read(Map.of("startingVersion", "1")));
    }

    @Test
    void aStreamCanBeginWithWhatComesNext() throws Exception {
        append(1);
        assertEquals(List.of(), read(Map.of("startingVersion", "latest")));
    }

    @Test
    void aStreamCanBeginAtATime() throws Exception {
        append(1);

        assertEquals(List.of(1L), read(Map.of("startingTimestamp", "2001-01-01")));
    }

    @Test
    void aStreamCanEndWithAVersion() throws Exception {
        append(1);
        append(2);
        append(3);

        assertEquals(List.of(1L, 2L), read(Map.of("startingVersion", "0", "endingVersion", "1")));
        append(4);
        assertEquals(List.of(1L, 2L), read(Map.of("endingVersion", "1")));
        assertEquals(List.of(1L, 2L, 3L), read(Map.of("endingVersion", "2")));
    }

    @Test
    void aStreamThatEndsWithAVersionBeginsWithTheRowsOfThatVersion() throws Exception {
        append(1);
        append(2);
        append(3);

        assertEquals(List.of(1L, 2L), read(Map.of("endingVersion", "1")));
    }

    @Test
    void aStreamCanEndAtATime() throws Exception {
        append(1);

        assertEquals(List.of(), read(Map.of("endingTimestamp", "2001-01-01")));
        assertEquals(List.of(1L), read(Map.of("endingTimestamp", "2200-01-01")));
    }

    @Test
    void twoEndsAreRefused() {
        append(1);

        assertEquals(
                "[CONFLICTING_OPTIONS] format(\"delta\") has both options 'endingVersion' and 'endingTimestamp'. Give one of"
                        + " them.",
                assertThrows(
                                HeadraceException.class,
                                () -> read(Map.of("endingVersion", "1", "endingTimestamp", "2001-01-01")))
                        .getMessage());
    }

    @Test
    void aBatchTakesSoManyFilesAtMost() throws Exception {
        for (long i = 0; i < 5; i++) {
            append(i);
        }

        assertEquals(List.of(0L, 1L, 2L, 3L, 4L), read(Map.of("maxFilesPerTrigger", "2")));
        assertEquals(3, batches());
    }

    @Test
    void aBatchTakesAtLeastOneFileHoweverLarge() throws Exception {
        for (long i = 0; i < 3; i++) {
            append(i);
        }

        assertEquals(List.of(0L, 1L, 2L), read(Map.of("maxBytesPerTrigger", "1")));
        assertEquals(3, batches());
    }

    @Test
    void removedRowsAreAnErrorThatSaysWhoAndWhatToDo() throws Exception {
        append(1, 2);
        read(Map.of());
        DeltaTable.forPath(session, table().toString()).update(col("id").equalTo(1), Map.of("name", lit("x")));

        HeadraceException error = failure(Map.of());

        assertEquals("DELTA_SOURCE_CHANGED_ROWS", error.code());
        assertTrue(
                error.getMessage()
                        .startsWith("[DELTA_SOURCE_CHANGED_ROWS] " + table() + ": version 1 ('UPDATE' by 'Headrace"),
                error.getMessage());
        assertTrue(
                error.getMessage()
                        .endsWith(
                                "') changed rows that the stream may have given already, which a stream of added rows can't"
                                        + " say. Set option(\"skipChangeCommits\", true) to pass over such commits,"
                                        + " option(\"ignoreChanges\", true) to get whole files again that hold changed rows, or start"
                                        + " again with a new checkpoint."),
                error.getMessage());
    }

    @Test
    void commitsThatChangeRowsCanBePassedOver() throws Exception {
        append(1, 2);
        read(Map.of());
        DeltaTable.forPath(session, table().toString()).update(col("id").equalTo(1), Map.of("name", lit("x")));
        append(3);

        assertEquals(List.of(1L, 2L, 3L), read(Map.of("skipChangeCommits", "true")));
    }

    @Test
    void filesWithChangedRowsCanBeGivenAgain() throws Exception {
        append(1, 2);
        read(Map.of());
        DeltaTable.forPath(session, table().toString()).update(col("id").equalTo(1), Map.of("name", lit("x")));

        assertEquals(List.of(1L, 1L, 2L, 2L), read(Map.of("ignoreChanges", "true")));
    }

    @Test
    void commitsThatOnlyRemoveRowsCanBePassedOver() throws Exception {
        append(1, 2);
        read(Map.of());
        DeltaTable.forPath(session, table().toString()).delete();
        append(3);

        assertEquals(List.of(1L, 2L, 3L), read(Map.of("ignoreDeletes", "true")));
    }

    @Test
    void belowACommonWatermarkAllIsReadUpToWhatCannotBe() throws Exception {
        append(1);
        append(2);
        append(3);
        DeltaTable.forPath(session, table().toString()).update(col("id").equalTo(1), Map.of("name", lit("x")));
        Path other = directory.resolve("other");
        session.createDataFrame(List.of(RowFactory.create(1L, "other")), SCHEMA)
                .write()
                .format("delta")
                .save(other.toString());
        DataStreamReader reader = session.readStream()
                .format("delta")
                .option("startingVersion", "0")
                .option("maxFilesPerTrigger", 1);
        StreamingQuery query = reader.load(table().toString())
                .union(reader.load(other.toString()))
                .select(col("id"), expr("timestamp_seconds(id)").as("at"))
                .withWatermark("at", "0 seconds")
                .writeStream()
                .format("noop")
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .start();

        HeadraceException error = cause(assertThrows(StreamingQueryException.class, query::awaitTermination));

        assertEquals("DELTA_SOURCE_CHANGED_ROWS", error.code());
        assertEquals(2, batches());
    }

    @Test
    void aChangedSchemaIsAnErrorThatNamesTheColumn() throws Exception {
        append(1);
        StreamingQuery running = session.readStream()
                .format("delta")
                .load(table().toString())
                .writeStream()
                .format("memory")
                .queryName("seen")
                .start();
        running.processAllAvailable();
        session.createDataFrame(
                        List.of(RowFactory.create(2L, "b", 7)), StructType.fromDDL("id bigint, name string, more int"))
                .write()
                .format("delta")
                .mode("append")
                .option("mergeSchema", true)
                .save(table().toString());

        StreamingQueryException stopped = assertThrows(StreamingQueryException.class, running::awaitTermination);

        assertEquals(
                "[DELTA_SOURCE_SCHEMA_CHANGED] " + table()
                        + ": version 1 changed the table's columns: 'more' (int) is new. Start the query again: it goes on"
                        + " where it stopped, with the new columns.",
                cause(stopped).getMessage());
    }

    // ---- the table's columns have changed while the stream was not running

    @Test
    void columnsThatWereRenamedDroppedOrWidenedSinceAreNotInTheWay() throws Exception {
        String t = "delta.`" + table() + "`";
        session.sql("create table " + t + " (id int, name string, gone string) using delta tblproperties"
                + " ('delta.columnMapping.mode' = 'name', 'delta.enableTypeWidening' = 'true')");
        session.sql("insert into " + t + " values (1, 'a', 'x')");
        StreamCopy copy = new StreamCopy();
        assertEquals(List.of("[1,a,x]"), copy.run());
        session.sql("insert into " + t + " values (2, 'b', 'y')");
        session.sql("alter table " + t + " add columns (later int)");
        session.sql("insert into " + t + " values (3, 'c', 'z', 3)");
        session.sql("alter table " + t + " alter column id type bigint");
        session.sql("alter table " + t + " drop column gone");
        session.sql("alter table " + t + " rename column name to title");
        session.sql("insert into " + t + " values (4, 'd', 4)");

        assertEquals(List.of("[2,b,null]", "[3,c,3]", "[4,d,4]"), copy.run());
    }

    @Test
    void rowsOfColumnsThatAreOthersNowAreNotGivenAsNulls() throws Exception {
        String t = "delta.`" + table() + "`";
        session.sql("create table " + t + " (id int, name string) using delta tblproperties"
                + " ('delta.columnMapping.mode' = 'name')");
        StreamCopy copy = new StreamCopy();
        copy.run();
        session.sql("insert into " + t + " values (1, 'a')");
        session.sql("alter table " + t + " drop column name");
        session.sql("alter table " + t + " add columns (name string)");

        HeadraceException refused = cause(assertThrows(StreamingQueryException.class, copy::run));

        assertEquals(
                "[DELTA_SOURCE_SCHEMA_CHANGED] " + table()
                        + ": version 1 of the table has a column 'name' that is another one in its files, so its rows can't"
                        + " be given as version 3 has them, by which the stream goes. Start again with a new checkpoint.",
                refused.getMessage());
    }

    /// An overwrite leaves columns of the same name and type where readers look for them.
    @Test
    void aStreamGoesOnBehindAnOverwriteOfTheColumns() throws Exception {
        String t = "delta.`" + table() + "`";
        session.sql("create table " + t + " (id int, name string) using delta tblproperties"
                + " ('delta.columnMapping.mode' = 'name')");
        session.sql("insert into " + t + " values (1, 'a')");
        StreamingQuery running = session.readStream()
                .format("delta")
                .option("skipChangeCommits", true)
                .load(table().toString())
                .writeStream()
                .format("memory")
                .queryName("seen")
                .start();
        running.processAllAvailable();
        session.sql("select 2 as id, 'b' as name")
                .write()
                .format("delta")
                .mode("overwrite")
                .option("overwriteSchema", true)
                .save(table().toString());
        session.sql("insert into " + t + " values (3, 'c')");
        running.processAllAvailable();
        running.stop();

        assertEquals(
                List.of("[1,a]", "[3,c]"),
                session.table("seen").orderBy("id").collectAsList().stream()
                        .map(Row::toString)
                        .toList());
    }

    /// What a stream gives that is started again and again, and reads all there is each time.
    private final class StreamCopy {
        private final Path checkpoint = directory.resolve("copied");

        List<String> run() throws Exception {
            List<String> rows = Collections.synchronizedList(new ArrayList<>());
            session.readStream()
                    .format("delta")
                    .load(table().toString())
                    .writeStream()
                    .foreachBatch((batch, _) -> batch.collectAsList().forEach(row -> rows.add(row.toString())))
                    .option("checkpointLocation", checkpoint.toString())
                    .trigger(Trigger.AvailableNow())
                    .start()
                    .awaitTermination();
            return rows.stream().sorted().toList();
        }
    }

    @Test
    void versionsThatWereCleanedUpAreAnErrorUnlessTheyMayBeLost() throws Exception {
        append(1);
        read(Map.of());
        append(2);
        append(3);
        for (int i = 0; i < 10; i++) {
            append(10 + i);
        }
        Files.delete(table().resolve("_delta_log/00000000000000000001.json"));

        HeadraceException lost = failure(Map.of());

        assertEquals(
                "[DELTA_SOURCE_VERSIONS_LOST] " + table()
                        + ": the stream should go on with version 1, but the table's log has been cleaned up and begins with"
                        + " version 2. What was added between is not known any more. Start again with a new checkpoint, or set"
                        + " option(\"failOnDataLoss\", false) to go on without it.",
                lost.getMessage());
        Map<String, String> goingOn = Map.of("failOnDataLoss", "false");
        session.conf().set("headrace.stream.maxLostRows", "1000");
        assertEquals(
                "[TOO_MANY_LOST_ROWS] Batch 1 lacks an unknown number of rows of what it should have read, after 0 in earlier"
                        + " batches, and 'headrace.stream.maxLostRows' allows 1000 in all. The first that are gone: "
                        + table()
                        + ": versions 1 to 1. The batch is not committed: it runs again when the query is started"
                        + " again. To go on without these rows set more, or unset it.",
                failure(goingOn).getMessage());
        session.conf().unset("headrace.stream.maxLostRows");
        assertEquals(12, read(goingOn).size());
        assertEquals(12, read(goingOn).size());
        assertEquals(
                "[1,GONE_AT_SOURCE," + table() + ": versions 1 to 1,null]",
                session
                        .read()
                        .format("losses")
                        .load(directory.resolve("checkpoint").toString())
                        .selectExpr("batch_id", "reason", "detail", "lost_rows")
                        .collectAsList()
                        .stream()
                        .map(Object::toString)
                        .collect(Collectors.joining()));
    }

    /// Two batches run again after versions of both are gone.
    @Test
    void eachBatchTellsOfItsOwnVersionsThatAreGone() throws Exception {
        append(1);
        Map<String, String> options = Map.of("maxFilesPerTrigger", "2", "failOnDataLoss", "false");
        read(options);
        for (int i = 0; i < 10; i++) {
            append(10 + i);
        }
        read(options);
        Path checkpoint = directory.resolve("checkpoint");
        for (int batch = 5; batch > 0; batch--) {
            Files.delete(checkpoint.resolve("commits/" + batch));
            if (batch > 1) {
                Files.delete(checkpoint.resolve("offsets/" + batch));
            }
        }
        for (int version = 1; version < 4; version++) {
            Files.delete(table().resolve(String.format(Locale.ROOT, "_delta_log/%020d.json", version)));
        }
        read(options);

        assertEquals(
                List.of("[1," + table() + ": versions 1 to 2]", "[2," + table() + ": versions 3 to 3]"),
                session
                        .read()
                        .format("losses")
                        .load(checkpoint.toString())
                        .selectExpr("batch_id", "detail")
                        .collectAsList()
                        .stream()
                        .map(Object::toString)
                        .toList());
    }

    @Test
    void anotherTableInTheSamePlaceIsNoticed() throws Exception {
        append(1);
        read(Map.of());
        try (var files = Files.walk(table())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        append(2);

        assertEquals("DELTA_SOURCE_REPLACED", failure(Map.of()).code());
    }

    @Test
    void anOffsetIsTheJsonThatDeltaWrites() {
        SourceOffset offset = new SourceOffset("a-b", 7, 3, true, "");

        assertEquals(
                "{\"sourceVersion\":1,\"reservoirId\":\"a-b\",\"reservoirVersion\":7,\"index\":3,\"isStartingVersion\":true}",
                offset.json());
        assertEquals(offset, SourceOffset.parse(offset.json()));
    }

    // ---- the table and the query

    private Path table() {
        return directory.resolve("table");
    }

    private void append(long... ids) {
        List<Row> rows = new ArrayList<>();
        for (long id : ids) {
            rows.add(RowFactory.create(id, "n" + id));
        }
        session.createDataFrame(rows, SCHEMA)
                .write()
                .format("delta")
                .mode("append")
                .save(table().toString());
    }

    private List<Long> read(Map<String, String> options) throws TimeoutException {
        DataStreamReader reader = session.readStream().format("delta").options(options);
        reader.load(table().toString())
                .writeStream()
                .format("delta")
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .start(directory.resolve("copy").toString())
                .awaitTermination();
        if (!Files.exists(directory.resolve("copy/_delta_log"))) {
            return List.of();
        }
        return session.read().format("delta").load(directory.resolve("copy").toString()).collectAsList().stream()
                .map(row -> row.getLong(0))
                .sorted()
                .toList();
    }

    private HeadraceException failure(Map<String, String> options) {
        return cause(assertThrows(StreamingQueryException.class, () -> read(options)));
    }

    private static HeadraceException cause(Throwable failed) {
        Throwable cause = failed;
        while (!(cause instanceof HeadraceException)) {
            cause = cause.getCause();
        }
        return (HeadraceException) cause;
    }

    private long batches() throws IOException {
        try (var files = Files.list(directory.resolve("checkpoint/commits"))) {
            return files.filter(file -> file.getFileName().toString().matches("\\d+"))
                    .count();
        }
    }
}
