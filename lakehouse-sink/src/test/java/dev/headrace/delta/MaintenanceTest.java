package dev.headrace.delta;

import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.RemoveFile;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// The care of tables: history, putting files together, deleting those that nobody needs, going back.
class MaintenanceTest {
    private static final String RETENTION_CHECK = "spark.databricks.delta.retentionDurationCheck.enabled";

    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    @Test
    void theHistorySaysWhoMadeWhichVersion() {
        append(1, 2);
        table().update(col("id").equalTo(1), Map.of("name", lit("x")));

        List<Row> history = table().history().collectAsList();

        assertEquals(2, history.size());
        assertEquals(1L, history.getFirst().getLong(0));
        assertEquals("UPDATE", history.getFirst().getAs("operation"));
        Map<String, String> metrics = history.getFirst().getAs("operationMetrics");
        assertEquals("1", metrics.get("numUpdatedRows"));
        assertEquals("WRITE", history.getLast().getAs("operation"));
        assertEquals(1, table().history(1).count());
    }

    @Test
    void theDetailDescribesTheTable() {
        append(1, 2);
        append(3);

        Row detail = table().detail().first();

        assertEquals("delta", detail.getAs("format"));
        assertEquals(2L, (Long) detail.getAs("numFiles"));
        assertEquals(1L, (Long) detail.getAs("lastVersion"));
        assertEquals(place().toString(), detail.getAs("location"));
    }

    @Test
    void optimizePutsSmallFilesTogetherWithoutAChangeOfRows() throws IOException {
        for (long id = 0; id < 5; id++) {
            append(id);
        }

        Row done = table().optimize().executeCompaction().first();

        assertEquals(RowFactory.create(1L, 5L, 5L), done);
        assertEquals(1, files().size());
        assertEquals(5, KernelReader.read(place()).size());
        for (Action action : new KernelTableLog(place()).commitOf(5).orElseThrow()) {
            switch (action) {
                case AddFile add -> assertFalse(add.dataChange());
                case RemoveFile remove -> assertFalse(remove.dataChange());
                case Action _ -> {}
            }
        }
        assertEquals(
                RowFactory.create(0L, 0L, 0L),
                table().optimize().executeCompaction().first());
    }

    @Test
    void optimizeCanBeToldWhichPartitions() {
        for (String name : List.of("a", "b", "a", "b")) {
            session.createDataFrame(List.of(RowFactory.create(1L, name)), StructType.fromDDL("id bigint, name string"))
                    .write()
                    .format("delta")
                    .mode("append")
                    .partitionBy("name")
                    .save(place().toString());
        }

        table().optimize().where(col("name").equalTo("a")).executeCompaction();

        assertEquals(3, files().size());
    }

    @Test
    void vacuumDeletesWhatNoRecentVersionNeeds() throws IOException {
        append(1, 2);
        table().update(col("id").equalTo(1), Map.of("name", lit("x")));
        Path orphan = Files.writeString(place().resolve("part-orphan.parquet"), "x");
        Path hidden = Files.createDirectories(place().resolve("_headrace")).resolve("keep");
        Files.writeString(hidden, "x");
        Path leftover = Files.writeString(place().resolve("_delta_log/.00000000000000000009.json.1.tmp"), "x");
        age();
        session.conf().set(RETENTION_CHECK, "false");

        List<String> would = table().vacuumDryRun(0).collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
        assertEquals(3, would.size(), would.toString());
        assertTrue(Files.exists(orphan));
        table().vacuum(0);

        assertFalse(Files.exists(orphan));
        assertFalse(Files.exists(leftover));
        assertTrue(Files.exists(hidden));
        assertEquals(List.of("[1,x]", "[2,n2]"), rows());
        DataException gone = assertThrows(
                DataException.class,
                () -> session.read()
                        .format("delta")
                        .option("versionAsOf", 0)
                        .load(place().toString())
                        .collectAsList());
        assertEquals("DELTA_FILE_MISSING", gone.code());
    }

    @Test
    void vacuumDeletesVectorsThatNoRecentVersionNeeds() throws IOException {
        append(LongStream.range(0, 100).toArray());
        session.sql("alter table delta.`" + place() + "` set tblproperties ('delta.enableDeletionVectors' = 'true')");
        table().delete("id = 1");
        table().delete("id = 2");
        age();

        assertEquals(2, vectors().size());
        assertEquals(0, table().vacuum().count());
        assertEquals(
                99,
                session.read()
                        .format("delta")
                        .option("versionAsOf", 2)
                        .load(place().toString())
                        .count());

        session.conf().set(RETENTION_CHECK, "false");
        List<Path> before = vectors();
        assertEquals(1, table().vacuum(0).count());
        List<Path> left = vectors();
        assertEquals(1, left.size());
        assertTrue(before.containsAll(left));
        assertEquals(98, rows().size());
        assertEquals(98, KernelReader.read(place()).size());

        for (Executable old : List.<Executable>of(
                () -> table().restoreToVersion(2),
                () -> session.read()
                        .format("delta")
                        .option("versionAsOf", 2)
                        .load(place().toString())
                        .collectAsList())) {
            assertEquals(
                    "DELTA_FILE_MISSING", assertThrows(DataException.class, old).code());
        }
        assertEquals(98, rows().size());
    }

    @Test
    void vacuumKnowsAFileByEachNameOfItsDirectory() throws IOException {
        append(LongStream.range(0, 100).toArray());
        session.sql("alter table delta.`" + place() + "` set tblproperties ('delta.enableDeletionVectors' = 'true')");
        table().delete("id = 1");
        // The log of a deep copy has the whole path of vectors.
        Path copy = directory.resolve("copy");
        table().clone(copy.toString(), false);
        Path link = Files.createSymbolicLink(directory.resolve("link"), copy);
        age(copy);
        session.conf().set(RETENTION_CHECK, "false");

        assertEquals(0, DeltaTable.forPath(session, link.toString()).vacuum(0).count());
        assertEquals(99, session.read().format("delta").load(link.toString()).count());
    }

    private List<Path> vectors() throws IOException {
        try (Stream<Path> all = Files.walk(place())) {
            return all.filter(file -> file.toString().endsWith(".bin")).toList();
        }
    }

    @Test
    void vacuumKeepsWhatWasRemovedWithinTheRetention() throws IOException {
        append(1, 2);
        table().update(col("id").equalTo(1), Map.of("name", lit("x")));
        age();

        assertEquals(0, table().vacuum().count());
        assertEquals(
                2,
                session.read()
                        .format("delta")
                        .option("versionAsOf", 0)
                        .load(place().toString())
                        .count());
    }

    @Test
    void vacuumLooksBehindACommitThatSaysNothingOfItself() throws IOException {
        append(1, 2);
        table().delete();
        append(3);
        Path last = place().resolve("_delta_log/00000000000000000002.json");
        Files.write(
                last,
                Files.readAllLines(last).stream()
                        .filter(line -> !line.contains("commitInfo"))
                        .toList());
        age();
        Files.setLastModifiedTime(last, FileTime.from(Instant.now()));

        assertEquals(0, table().vacuum().count());
        assertEquals(
                2,
                session.read()
                        .format("delta")
                        .option("versionAsOf", 0)
                        .load(place().toString())
                        .count());
    }

    @Test
    void theTableSaysForHowLongVacuumKeepsFiles() throws IOException {
        append(1, 2);
        table().update(col("id").equalTo(1), Map.of("name", lit("x")));
        age();

        setRetention("interval 30 days");
        assertEquals(
                "DELTA_VACUUM_RETENTION_TOO_SHORT",
                assertThrows(QueryException.class, () -> table().vacuum(200)).code());
        assertEquals(0, table().vacuum().count());

        setRetention("interval 0 hours");
        assertEquals(
                1,
                session.sql("vacuum delta.`" + place() + "` dry run")
                        .collectAsList()
                        .size());
        assertEquals(1, table().vacuum().count());
    }

    private void setRetention(String interval) {
        session.sql("alter table delta.`" + place() + "` set tblproperties ('delta.deletedFileRetentionDuration' = '"
                + interval + "')");
    }

    @Test
    void vacuumRefusesARetentionThatCouldHurtOthers() {
        append(1);

        QueryException refused = assertThrows(QueryException.class, () -> table().vacuum(1));

        assertEquals(
                "[DELTA_VACUUM_RETENTION_TOO_SHORT] " + place()
                        + ": vacuum with a retention of 1.0 hours could delete files that a writer or reader needs still. Keep"
                        + " at least 168.0 hours, or, if nobody works on the table for longer than that, set"
                        + " spark.databricks.delta.retentionDurationCheck.enabled to false.",
                refused.getMessage());
    }

    @Test
    void restoreMakesTheTableWhatItWas() throws IOException {
        append(1, 2);
        table().delete(col("id").equalTo(1));
        append(3);

        table().restoreToVersion(0);

        assertEquals(List.of("[1,n1]", "[2,n2]"), rows());
        assertEquals(2, KernelReader.read(place()).size());
        assertEquals(3, new KernelTableLog(place()).latest().orElseThrow().version());

        table().restoreToVersion(2);
        assertEquals(List.of("[2,n2]", "[3,n3]"), rows());
    }

    @Test
    void restoreOfAVersionThatNeverWasSaysWhichThereAre() {
        append(1);

        assertEquals(
                "DELTA_NO_SUCH_VERSION",
                assertThrows(QueryException.class, () -> table().restoreToVersion(7))
                        .code());
    }

    private Path place() {
        return directory.resolve("table");
    }

    private DeltaTable table() {
        return DeltaTable.forPath(session, place().toString());
    }

    private void append(long... ids) {
        List<Row> rows = new ArrayList<>();
        for (long id : ids) {
            rows.add(RowFactory.create(id, "n" + id));
        }
        session.createDataFrame(rows, StructType.fromDDL("id bigint, name string"))
                .write()
                .format("delta")
                .mode("append")
                .save(place().toString());
    }

    private List<String> rows() {
        return table().toDF().collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    private List<AddFile> files() {
        return new KernelTableLog(place()).latest().orElseThrow().files(FileFilter.everything());
    }

    /// Makes all files old.
    private void age() throws IOException {
        age(place());
    }

    private static void age(Path table) throws IOException {
        try (Stream<Path> all = Files.walk(table)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
            }
        }
    }
}
