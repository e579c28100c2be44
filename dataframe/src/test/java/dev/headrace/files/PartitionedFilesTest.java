package dev.headrace.files;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written by `partitionBy` is there when it is read again, with the types that Spark would find.
class PartitionedFilesTest {
    @AutoClose
    private final Session session = Session.builder()
            .config("spark.sql.session.timeZone", "Europe/Berlin")
            .create();

    @TempDir
    Path directory;

    @Test
    void nullAndTheEmptyStringShareADirectoryAndKeepTheirRows() {
        DataFrame rows = session.sql("SELECT * FROM VALUES (1, 'a'), (2, NULL), (3, ''), (4, NULL) AS t(id, part)");

        rows.write().partitionBy("part").parquet(path());

        assertEquals(
                "[[1,a], [2,null], [3,null], [4,null]]",
                session.read().parquet(path()).orderBy("id").collectAsList().toString());
    }

    @Test
    void momentsOfTheHourThatComesTwiceShareADirectoryAndKeepTheirRows() {
        DataFrame rows = session.sql("SELECT id, timestamp_seconds(seconds) AS at FROM"
                + " VALUES (1, 1761438600), (2, 1761438600 + 3600) AS t(id, seconds)");

        rows.write().partitionBy("at").parquet(path());

        assertEquals(2, session.read().parquet(path()).count());
    }

    @Test
    void numbersThatAreNotFiniteAreReadAgain() {
        session.sql("SELECT * FROM VALUES (1, double('NaN'), float('Infinity')), (2, double('-Infinity'), float(1.5))"
                        + " AS t(id, d, f)")
                .write()
                .partitionBy("d", "f")
                .parquet(path());

        DataFrame found = session.read().parquet(path());
        DataFrame given = session.read().schema("id int, d double, f float").parquet(path());

        assertEquals(
                "STRUCT<id: INT, d: DOUBLE, f: DOUBLE>", found.schema().sql().replace(" NOT NULL", ""));
        assertEquals(
                "[[1,NaN,Infinity], [2,-Infinity,1.5]]",
                found.orderBy("id").collectAsList().toString());
        assertEquals(
                "[[1,NaN,Infinity], [2,-Infinity,1.5]]",
                given.orderBy("id").collectAsList().toString());
    }

    @Test
    void bytesAreReadAgain() {
        session.sql("SELECT 1 AS id, X'616263' AS b").write().partitionBy("b").parquet(path());

        DataFrame read = session.read().schema("id int, b binary").parquet(path());

        assertEquals(1, read.filter("b = X'616263'").count());
    }

    @Test
    void aTimestampIsNoDate() {
        session.sql("SELECT 1 AS id, TIMESTAMP '2026-01-31 10:11:12.5' AS at, DATE '2026-01-31' AS day")
                .write()
                .partitionBy("at", "day")
                .parquet(path());

        DataFrame read = session.read().parquet(path());
        assertEquals(
                "STRUCT<id: INT, at: TIMESTAMP, day: DATE>", read.schema().sql().replace(" NOT NULL", ""));
        assertEquals(1, read.filter("at = TIMESTAMP '2026-01-31 10:11:12.5'").count());
    }

    @Test
    void typesOfDirectoriesAreThoseThatSparkFinds() throws IOException {
        assertEquals("string", typeOf("2026-01", "2026-02"));
        assertEquals("date", typeOf("2026-01-31", "2026-02-28"));
        assertEquals("string", typeOf("2026-1-1", "2026-1-2"));
        assertEquals("timestamp", typeOf("2026-01-31", "2026-01-31 10%3A00%3A00"));
        assertEquals("int", typeOf("01", "2"));
        assertEquals("bigint", typeOf("1", "3000000000"));
        assertEquals("decimal(38,0)", typeOf("1", "12345678901234567890"));
        assertEquals("double", typeOf("1", "1.5"));
        assertEquals("string", typeOf("2026-02-30", "2026-02-28"));
    }

    @Test
    void directoriesAreTextsIfTheSessionSaysSo() throws IOException {
        session.conf().set("spark.sql.sources.partitionColumnTypeInference.enabled", false);
        assertEquals("string", typeOf("01", "2"));

        Path table = Files.createDirectories(directory.resolve("shops/shop=007"));
        Files.writeString(table.resolve("rows.csv"), "x\n");
        DataFrame read = session.read().csv(table.getParent().toString());
        assertEquals("007", read.first().getAs("shop"));
        assertEquals(1, read.filter("shop = '007'").count());
    }

    private String typeOf(String... values) throws IOException {
        Path table = Files.createTempDirectory(directory, "table");
        for (String value : values) {
            Files.createDirectory(table.resolve("p=" + value));
            Files.writeString(table.resolve("p=" + value + "/rows.csv"), "x\n");
        }
        DataFrame read = session.read().csv(table.toString());
        assertEquals(List.of(), read.filter(col("p").isNull()).collectAsList());
        return read.schema().apply("p").dataType().simpleString();
    }

    private String path() {
        return directory.resolve("table").toString();
    }
}
