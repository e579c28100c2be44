package dev.headrace.files;

import static dev.headrace.Failures.assertFails;
import static dev.headrace.functions.col;
import static dev.headrace.functions.input_file_name;
import static dev.headrace.functions.max;
import static dev.headrace.functions.sum;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The column `_metadata`, and functions of the row's file.
class FileMetadataTest {
    private static final Instant CHANGED = Instant.parse("2026-01-02T03:04:05.678Z");

    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "UTC")
            .create();

    @TempDir
    private Path directory;

    private DataFrame lines;

    @BeforeEach
    void writeFiles() throws IOException {
        Path first = directory.resolve("day=1/a b.csv");
        Path second = directory.resolve("day=2/c.csv");
        Files.createDirectories(first.getParent());
        Files.createDirectories(second.getParent());
        Files.writeString(first, "1,x\n2,y\n");
        Files.writeString(second, "3,z\n");
        Files.setLastModifiedTime(first, FileTime.from(CHANGED));
        lines = session.read().schema("id INT, name STRING").csv(directory.toString());
    }

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private static List<String> rows(DataFrame frame) {
        return frame.collectAsList().stream().map(Row::toString).toList();
    }

    /// As `_metadata` says it.
    private String path(String file) {
        return uri(file).replace("file:///", "file:/");
    }

    private String uri(String file) {
        return directory.toUri() + file;
    }

    @Test
    void saysWhatFileARowIsFrom() {
        assertEquals(
                List.of("[1,[" + path("day=1/a%20b.csv") + ",a%20b.csv,8,0,8,2026-01-02 03:04:05.678]]"),
                rows(lines.where("id = 1").select("id", "_metadata")));
        assertEquals(
                "struct<_metadata:struct<file_path:string,file_name:string,file_size:bigint,file_block_start:bigint,"
                        + "file_block_length:bigint,file_modification_time:timestamp>>",
                lines.select("_metadata").schema().simpleString());
    }

    @Test
    void isThereBehindConditionsWithSubqueries() {
        lines.createOrReplaceTempView("lines");
        List<String> last = List.of("[" + uri("day=2/c.csv") + ",c.csv]");
        for (String condition : List.of(
                "id IN (SELECT max(id) FROM lines)",
                "NOT EXISTS (SELECT 1 FROM lines i WHERE i.id > l.id)",
                "id > (SELECT avg(id) FROM lines)",
                "id + 1 IN (SELECT id + 1 FROM range(3, 5)) OR id = (SELECT max(id) + 9 FROM lines i WHERE i.id = l.id)",
                "id NOT IN (SELECT id FROM lines WHERE id < 3) AND _metadata.file_name = 'c.csv'")) {
            assertEquals(
                    last,
                    rows(session.sql("SELECT input_file_name(), _metadata.file_name FROM lines l WHERE " + condition)),
                    condition);
        }
        assertEquals(
                List.of("[3,z,2,3,c.csv]"),
                rows(session.sql("SELECT *, _metadata.file_name FROM lines JOIN range(3, 4) r ON lines.id = r.id")));
        assertEquals(
                "UNRESOLVED_COLUMN",
                assertThrows(
                                QueryException.class,
                                () -> session.sql(
                                        "SELECT _metadata.file_name FROM lines a JOIN lines b ON a.id = b.id"))
                        .code());
    }

    @Test
    void isAKeyAndTheValuesOfAPivot() {
        assertEquals(
                List.of("[a%20b.csv,1,2]", "[c.csv,null,null]"),
                rows(lines.groupBy(col("_metadata.file_name"))
                        .pivot("name", List.of("x", "y"))
                        .agg(sum("id"))
                        .sort("file_name")));
        assertEquals(
                List.of("[8,null]"),
                rows(lines.groupBy().pivot("name", List.of("x", "w")).agg(max(col("_metadata.file_size")))));
        assertEquals(
                List.of("[3]"),
                rows(lines.groupBy()
                        .pivot(col("_metadata.file_name"), List.of("c.csv"))
                        .agg(sum("id"))));
    }

    @Test
    void noStarStandsForIt() {
        assertEquals("struct<id:int,name:string,day:int>", lines.schema().simpleString());
        assertEquals(
                List.of("[3,z,2,c.csv]"), rows(lines.where("id = 3").select(col("*"), col("_metadata.file_name"))));
        assertEquals(
                List.of("[3,z,2,c.csv]"), rows(lines.where("id = 3").withColumn("file", col("_metadata.file_name"))));
        lines.createOrReplaceTempView("lines");
        assertEquals(
                List.of("[3,z,2,4]"),
                rows(session.sql(
                        "SELECT l.*, l._metadata.file_size FROM lines AS l WHERE _metadata.file_name = 'c.csv'")));
        assertEquals(
                "struct<id:int,name:string,day:int>",
                lines.where("_metadata.file_size > 0").schema().simpleString());
    }

    @Test
    void isThereAboveWhatPassesRowsOn() {
        DataFrame some =
                lines.where("id > 1").select("name").sort("name").limit(2).as("s");
        assertEquals(
                List.of("[y,a%20b.csv]", "[z,c.csv]"),
                rows(some.select(col("name"), col("s._metadata.file_name")).sort("name")));
        assertEquals(
                List.of("[z]", "[y]"),
                rows(some.sort(some.col("_metadata.file_name").desc())));
        assertEquals(
                List.of("[y,1,a%20b.csv]", "[y,2,a%20b.csv]"),
                rows(lines.where("id = 2")
                        .selectExpr("name", "explode(array(1, 2)) AS n")
                        .selectExpr("name", "n", "_metadata.file_name")));
    }

    @Test
    void groupsAndFilesByIt() {
        assertEquals(
                List.of("[a%20b.csv,2]", "[c.csv,1]"),
                rows(lines.groupBy(col("_metadata.file_name")).count().sort("file_name")));
        assertEquals(
                List.of("[" + uri("day=2/c.csv") + ",1]"),
                rows(lines.where("day = 2").groupBy(input_file_name().as("f")).count()));
        assertEquals(List.of("[2]"), rows(lines.agg(dev.headrace.functions.count_distinct(input_file_name()))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "avro", "json", "csv", "arrow"})
    void everyFormatHasIt(String format) {
        String path = directory.resolve(format).toString();
        session.range(3).coalesce(1).write().format(format).save(path);
        DataFrame read = session.read().format(format).schema("id BIGINT").load(path);
        List<Row> found = read.selectExpr("id", "_metadata.file_size", "_metadata.file_path", "input_file_name() AS f")
                .where("id = 1")
                .collectAsList();
        assertEquals(1, found.size());
        Row row = found.getFirst();
        assertEquals(row.getString(2).replace("file:/", "file:///"), row.getString(3));
        assertArrayEquals(
                Arrays.stream(read.inputFiles()).sorted().toArray(),
                read.select(input_file_name()).distinct().collectAsList().stream()
                        .map(file -> file.getString(0))
                        .sorted()
                        .toArray());
        assertEquals(Path.of(java.net.URI.create(row.getString(2))).toFile().length(), row.getLong(1));
    }

    @Test
    void filesAreLeftOutByTheirNamesAndDirectories() throws IOException {
        Files.writeString(directory.resolve("day=2/c.csv"), "no number\n");
        assertEquals(
                2, lines.where("_metadata.file_name LIKE 'a%'").select("id").count());
        DataFrame strict = session.read()
                .schema("id INT, name STRING")
                .option("mode", "FAILFAST")
                .csv(directory.toString());
        assertEquals(List.of("[1]", "[2]"), rows(strict.where("day = 1").select("id")));
        assertEquals(
                List.of("[1]", "[2]"),
                rows(strict.where("_metadata.file_name <> 'c.csv'").select("id")));
    }

    @Test
    void rowsOfNoFileHaveNone() {
        assertEquals(
                List.of("[,-1,-1]"),
                rows(session.range(1)
                        .selectExpr("input_file_name()", "input_file_block_start()", "input_file_block_length()")));
        assertEquals(List.of("[,0]"), rows(session.range(1).selectExpr("input_file_name() AS f", "id")));
        assertFails(
                "[UNRESOLVED_COLUMN] '_metadata.file_name' is not a column of (id).",
                () -> session.range(1).select("_metadata.file_name"));
        assertFails(
                "[UNRESOLVED_COLUMN] '_metadata' is not a column that (id) has beside its own. Files have '_metadata', up"
                        + " to the first join or aggregation.",
                () -> session.range(1).metadataColumn("_metadata"));
        assertEquals(0, session.range(1).inputFiles().length);
    }

    @Test
    void aColumnOfTheNameIsItself() throws IOException {
        Path own = directory.resolve("own.json");
        Files.writeString(own, "{\"_metadata\":5}\n");
        DataFrame read = session.read().schema("_metadata INT").json(own.toString());
        assertEquals(List.of("[5]"), rows(read.select("_metadata")));
        assertEquals(List.of("[5,]"), rows(read.selectExpr("*", "input_file_name()")));
        Files.writeString(own, "{\"a\":1,\"_Metadata\":5,\"b\":2}\n");
        DataFrame cased = session.read()
                .schema("a INT, _Metadata INT, b INT")
                .json(own.toString())
                .select("b");
        assertEquals(List.of("[2,]"), rows(cased.selectExpr("b", "input_file_name()")));
    }

    @Test
    void tablesThatAreReadAnewHaveItToo() {
        DataFrame refreshed = session.read()
                .schema("id INT, name STRING")
                .option("refresh", "eachBatch")
                .csv(directory.toString());
        assertEquals(
                List.of("[3,c.csv," + uri("day=2/c.csv") + "]"),
                rows(refreshed.where("id = 3").selectExpr("id", "_metadata.file_name", "input_file_name() AS f")));
        assertEquals(2, refreshed.inputFiles().length);
    }

    @Test
    void metadataColumnIsTheSame() {
        Column metadata = lines.metadataColumn("_metadata");
        assertEquals(
                List.of("[3,c.csv]"), rows(lines.where("id = 3").select(col("id"), metadata.getField("file_name"))));
    }

    @Test
    void localRowsAreLocal() {
        assertTrue(session.sql("VALUES (1)").isLocal());
        assertFalse(lines.isLocal());
        assertEquals(
                Stream.of("day=1/a%20b.csv", "day=2/c.csv").map(this::uri).toList(),
                Arrays.stream(lines.inputFiles()).sorted().toList());
    }
}
