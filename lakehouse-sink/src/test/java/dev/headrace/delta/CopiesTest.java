package dev.headrace.delta;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tables made of what is there: of Parquet files, and of other tables.
class CopiesTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    // ---- CONVERT TO DELTA

    @Test
    void aDirectoryOfParquetFilesBecomesATable() {
        session.sql("select id, cast(id as double) as d, concat('n', id) as name from range(1, 4)")
                .write()
                .parquet(path("rows"));

        session.sql("convert to delta parquet.`" + path("rows") + "`");

        session.sql("insert into delta.`" + path("rows") + "` values (9L, 9d, 'n9')");
        assertRows("rows", "[1,1.0,n1]", "[2,2.0,n2]", "[3,3.0,n3]", "[9,9.0,n9]");
        List<String> stats = snapshot("rows").files(FileFilter.everything()).stream()
                .map(file -> file.stats().orElseThrow())
                .toList();
        // Bounds of doubles that another writer noted may pass over NaN.
        assertTrue(
                stats.stream().anyMatch(text -> text.contains("\"minValues\":{\"id\":1,\"name\":\"n1\"}")),
                stats::toString);
        assertEquals(
                "CONVERT", table("rows").history().collectAsList().getLast().getAs("operation"));
    }

    @Test
    void partitionsOfADirectoryAreNamedWithTheirTypes() {
        session.sql("select id, id % 2 = 0 as even, concat('0', id) as code from range(4)")
                .write()
                .partitionBy("even", "code")
                .parquet(path("parts"));

        String statement = "convert to delta parquet.`" + path("parts") + "`";
        assertError("DELTA_CONVERT_PARTITIONS", "partitioned by even, code, but the statement says nothing", statement);
        session.sql(statement + " no statistics partitioned by (even boolean, code string)");

        assertRows("parts", "[0,true,00]", "[1,false,01]", "[2,true,02]", "[3,false,03]");
        assertEquals(List.of("even", "code"), snapshot("parts").metadata().partitionColumns());
        session.sql("delete from delta.`" + path("parts") + "` where code = '03'");
        assertRows("parts", "[0,true,00]", "[1,false,01]", "[2,true,02]");
    }

    @Test
    void aConversionOfATableDoesNothingAndTheApiHasItToo() {
        session.range(3).write().parquet(path("api"));

        DeltaTable table = DeltaTable.convertToDelta(session, "parquet.`" + path("api") + "`");
        DeltaTable.convertToDelta(session, "parquet.`" + path("api") + "`");

        assertEquals(1, table.history().count());
        QueryException format = assertThrows(
                QueryException.class, () -> DeltaTable.convertToDelta(session, "csv.`" + path("api") + "`"));
        assertEquals("DELTA_CONVERT_FORMAT", format.code());
    }

    @Test
    void aTableWithANameBecomesADeltaTableOfThatName() {
        session.sql("create table plain using parquet location '" + path("plain") + "' as select id from range(2)");

        session.sql("convert to delta plain");
        session.sql("update plain set id = 7 where id = 1");

        assertRows("plain", "[0]", "[7]");
    }

    @Test
    void conversionsThatCanNotBeSayWhy() throws IOException {
        Files.createDirectories(directory.resolve("empty"));
        assertError("DELTA_CONVERT_NO_FILES", "no Parquet files", "convert to delta parquet.`" + path("empty") + "`");
        assertError("DELTA_CONVERT_FORMAT", "of format 'csv'", "convert to delta csv.`" + path("empty") + "`");
        assertError("PARSE_SYNTAX_ERROR", "Expected: DELTA", "convert to iceberg parquet.`/x`");
    }

    // ---- CLONE

    @Test
    void aShallowCloneNamesTheFilesOfTheOther() throws IOException {
        create("source", "delta.enableDeletionVectors");
        session.sql("delete from delta.`" + path("source") + "` where id = 3");

        Row done = session.sql("create table delta.`" + path("copy") + "` shallow clone delta.`" + path("source") + "`")
                .collectAsList()
                .getFirst();

        assertEquals(1L, done.<Long>getAs("source_num_of_files"));
        assertEquals(0L, done.<Long>getAs("num_copied_files"));
        assertEquals(12, table("copy").toDF().count());
        session.sql("update delta.`" + path("copy") + "` set name = 'changed' where id = 5");
        assertEquals(
                1, table("copy").toDF().filter(col("name").equalTo("changed")).count());
        assertEquals(
                0, table("source").toDF().filter(col("name").equalTo("changed")).count());
    }

    @Test
    void aDeepCloneStandsAlone() throws IOException {
        create("source", "delta.enableDeletionVectors");
        session.sql("delete from delta.`" + path("source") + "` where id = 3");

        Row done = session.sql("create table delta.`" + path("copy") + "` deep clone delta.`" + path("source")
                        + "` tblproperties ('delta.appendOnly' = 'true')")
                .collectAsList()
                .getFirst();
        try (java.util.stream.Stream<Path> files = Files.walk(directory.resolve("source"))) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }

        assertEquals(1L, done.<Long>getAs("num_copied_files"));
        assertEquals(12, table("copy").toDF().count());
        assertError("DELTA_APPEND_ONLY", "rows can be added", "delete from delta.`" + path("copy") + "`");
    }

    @Test
    void aCloneThatCouldNotBeWrittenToIsNotMade() throws IOException {
        create("source", "delta.enableChangeDataFeed");
        Path commit = directory.resolve("source/_delta_log/00000000000000000000.json");
        Files.writeString(
                commit,
                Files.readString(commit).replace("delta.enableChangeDataFeed", "delta.enableInCommitTimestamps"));

        assertError(
                "DELTA_UNSUPPORTED_FEATURE",
                "delta.enableInCommitTimestamps",
                "create table delta.`" + path("copy") + "` shallow clone delta.`" + path("source") + "`");
        assertFalse(Files.exists(directory.resolve("copy/_delta_log")));
    }

    @Test
    void aCloneIsOfAnyVersionAndReplacesWhenTold() {
        create("source", "delta.enableChangeDataFeed");
        session.sql("delete from delta.`" + path("source") + "` where id > 1");
        DeltaTable source = table("source");

        assertEquals(2, source.clone(path("copy"), true).toDF().count());
        QueryException there = assertThrows(QueryException.class, () -> source.clone(path("copy"), true));
        assertEquals("DELTA_TABLE_EXISTS", there.code());
        session.sql("create table if not exists delta.`" + path("copy") + "` deep clone delta.`" + path("source")
                + "` version as of 0");
        assertEquals(2, table("copy").toDF().count());
        assertEquals(
                13, source.cloneAtVersion(0, path("copy"), false, true).toDF().count());
        assertEquals(
                List.of("CLONE", "CLONE"),
                table("copy").history().collectAsList().stream()
                        .map(row -> row.<String>getAs("operation"))
                        .toList());
        Map<String, String> parameters =
                table("copy").history(1).collectAsList().getFirst().getAs("operationParameters");
        assertEquals("0", parameters.get("sourceVersion"));
    }

    @Test
    void aCloneHasANameWhereItIsGivenOne() {
        create("source", "delta.enableChangeDataFeed");
        session.sql("create or replace table backup shallow clone delta.`" + path("source") + "` location '"
                + path("backup") + "'");

        session.sql("delete from backup where id < 12");

        assertRows("backup", "[12,n12]");
        assertError("PARSE_SYNTAX_ERROR", "", "create table x shallow clone backup version of 1");
    }

    // ---- OPTIMIZE … ZORDER BY

    @Test
    void zOrderingPutsRowsOfSimilarValuesIntoTheSameFiles() {
        session.sql("create table delta.`" + path("z")
                + "` using delta tblproperties ('delta.targetFileSize' = '4kb') as select"
                + " cast(id * 7919 % 100003 as int) as a, concat('t', lpad(string(id * 31 % 100003), 5, '0')) as b"
                + " from range(60000)");
        List<Row> before = table("z").toDF().orderBy("a").collectAsList();

        Row done = session.sql("optimize delta.`" + path("z") + "` zorder by (a, b)")
                .collectAsList()
                .getFirst();

        assertEquals(before, table("z").toDF().orderBy("a").collectAsList());
        assertEquals(60_000L, done.<Long>getAs("numRowsCopied"));
        List<AddFile> files = snapshot("z").files(FileFilter.everything());
        assertTrue(files.size() >= 6, files.size() + " files");
        assertTrue(files.stream().noneMatch(AddFile::dataChange));
        assertTrue(filesWith("z", "\"a\":", 50_000) < files.size());
        assertTrue(filesWith("z", "\"b\":\"t", 50_000) < files.size());
        Map<String, String> parameters =
                table("z").history(1).collectAsList().getFirst().getAs("operationParameters");
        assertEquals("[a, b]", parameters.get("zOrderBy"));
    }

    @Test
    void zOrderingKeepsToPartitionsAndSaysWhatItCanNot() {
        session.sql("create table delta.`" + path("p") + "` using delta partitioned by (part) as select"
                + " id, id % 3 as part, array(id) as list from range(100)");

        session.sql("optimize delta.`" + path("p") + "` where part = 1 zorder by (id)");

        assertEquals(100, table("p").toDF().count());
        String optimize = "optimize delta.`" + path("p") + "` zorder by ";
        assertError("DELTA_ZORDER_COLUMN", "'part' is a partition column", optimize + "part");
        assertError("DELTA_ZORDER_COLUMN", "'list' is of type array<bigint>", optimize + "list");
        assertError("DELTA_ZORDER_COLUMN", "there is no column 'idd'. Did you mean 'id'", optimize + "idd");
    }

    /// How many files may hold a value, by their statistics.
    private long filesWith(String name, String column, long value) {
        return snapshot(name).files(FileFilter.everything()).stream()
                .map(file -> file.stats().orElseThrow())
                .filter(stats ->
                        number(stats, "minValues", column) <= value && value <= number(stats, "maxValues", column))
                .count();
    }

    private static long number(String stats, String which, String column) {
        String rest = stats.substring(stats.indexOf(which));
        String digits = rest.substring(rest.indexOf(column) + column.length());
        return Long.parseLong(digits.replaceFirst("[^0-9].*", ""));
    }

    private void create(String name, String property) {
        session.sql("create table delta.`" + path(name) + "` using delta tblproperties ('" + property
                + "' = 'true') as select id, concat('n', id) as name from range(13)");
    }

    private TableSnapshot snapshot(String name) {
        return new KernelTableLog(directory.resolve(name)).latest().orElseThrow();
    }

    private DeltaTable table(String name) {
        return DeltaTable.forPath(session, path(name));
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private void assertRows(String name, String... rows) {
        List<String> found = table(name).toDF().collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
        assertEquals(List.of(rows), found);
    }

    private void assertError(String code, String part, String statement) {
        QueryException error =
                assertThrows(QueryException.class, () -> session.sql(statement).collectAsList());
        assertEquals(code, error.code());
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }
}
