package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `INSERT … PARTITION (…)`.
class StaticPartitionsTest {
    private final Session session = Session.builder().master("local[2]").create();

    @TempDir
    private Path warehouse;

    @BeforeEach
    void sales() {
        session.conf().set("spark.sql.warehouse.dir", warehouse.toString());
        session.sql("CREATE TABLE sales (id INT, day DATE, region STRING) USING parquet PARTITIONED BY (day, region)");
        session.sql(
                "INSERT INTO sales VALUES (1, DATE'2026-01-01', 'eu'), (2, DATE'2026-01-01', 'us'), (3, DATE'2026-01-02', 'eu')");
    }

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private List<String> sold() {
        return session.table("sales").orderBy("id").collectAsList().stream()
                .map(Row::toString)
                .toList();
    }

    /// The directory of a value is the one that its rows were written to.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BOOLEAN | true",
                "TINYINT | -1",
                "FLOAT | 1e10",
                "DOUBLE | 1e-7",
                "DOUBLE | 100",
                "DECIMAL(20,10) | 0.0000000001",
                "DECIMAL(20,2) | 7",
                "TIMESTAMP | TIMESTAMP'2026-01-01 00:00:00'",
                "TIMESTAMP | TIMESTAMP'2026-01-01 00:00:00.5'",
                "TIMESTAMP_NTZ | TIMESTAMP_NTZ'2026-01-01 10:00:00.123456'",
                "INTERVAL DAY TO SECOND | INTERVAL '3 4:05:06.7' DAY TO SECOND",
                "INTERVAL YEAR TO MONTH | INTERVAL '1-2' YEAR TO MONTH",
            })
    void anOverwriteFindsTheDirectoryOfEachType(String type, String value) {
        session.sql("CREATE TABLE typed (id INT, p " + type + ") USING parquet PARTITIONED BY (p)");
        session.sql("INSERT INTO typed VALUES (1, " + value + "), (2, NULL)");
        session.sql("INSERT OVERWRITE typed PARTITION (p = " + value + ") VALUES (3)");
        List<String> left = session.table("typed").select("id").orderBy("id").collectAsList().stream()
                .map(Row::toString)
                .toList();
        assertEquals(List.of("[2]", "[3]"), left);
    }

    @Test
    void theSessionSaysWhetherOverwritesReplaceOnlyPartitionsThatGetRows() {
        String path = warehouse.resolve("saved").toString();
        session.table("sales").write().partitionBy("day").parquet(path);
        session.sql("SET spark.sql.sources.partitionOverwriteMode = dynamic");

        session.sql("INSERT OVERWRITE sales SELECT 4, DATE'2026-01-01', 'eu'");
        assertEquals(List.of("[2,2026-01-01,us]", "[3,2026-01-02,eu]", "[4,2026-01-01,eu]"), sold());
        session.sql("INSERT OVERWRITE sales PARTITION (day = '2026-01-01', region) SELECT 5, 'us'");
        assertEquals(List.of("[3,2026-01-02,eu]", "[4,2026-01-01,eu]", "[5,2026-01-01,us]"), sold());
        session.sql("INSERT OVERWRITE sales PARTITION (day = '2026-01-01', region = 'us') SELECT 5 WHERE false");
        assertEquals(List.of("[3,2026-01-02,eu]", "[4,2026-01-01,eu]"), sold());
        session.sql("SELECT 9 AS id, 'asia' AS region, DATE'2026-01-02' AS day")
                .write()
                .partitionBy("day")
                .mode("overwrite")
                .parquet(path);
        assertEquals(
                "[[1], [2], [9]]",
                session.read()
                        .parquet(path)
                        .select("id")
                        .orderBy("id")
                        .collectAsList()
                        .toString());

        session.sql(
                "INSERT OVERWRITE sales WITH ('partitionOverwriteMode' = 'static') SELECT 6, DATE'2026-01-01', 'eu'");
        assertEquals(List.of("[6,2026-01-01,eu]"), sold());
        session.sql("CREATE OR REPLACE TABLE sales USING parquet PARTITIONED BY (day, region)"
                + " AS SELECT 7 AS id, DATE'2026-01-09' AS day, 'eu' AS region");
        assertEquals(List.of("[7,2026-01-09,eu]"), sold());
    }

    @Test
    void valuesOfTheStatementAreColumns() {
        session.sql("INSERT INTO sales PARTITION (day = '2026-01-03', region = 'eu') VALUES (4)");
        session.sql("INSERT INTO sales PARTITION (DAY = DATE'2026-01-03', region) SELECT 5, 'us'");
        session.sql("INSERT INTO sales PARTITION (day, region = NULL) SELECT 6, DATE'2026-01-03'");
        session.sql("INSERT INTO sales PARTITION (day = '2026-01-04') (region, id) VALUES ('x=y', 7)");
        session.sql("INSERT INTO sales PARTITION (day = '2026-01-04') BY NAME SELECT 'z' AS region, 8 AS id");
        assertEquals(
                List.of(
                        "[1,2026-01-01,eu]",
                        "[2,2026-01-01,us]",
                        "[3,2026-01-02,eu]",
                        "[4,2026-01-03,eu]",
                        "[5,2026-01-03,us]",
                        "[6,2026-01-03,null]",
                        "[7,2026-01-04,x=y]",
                        "[8,2026-01-04,z]"),
                sold());
        assertTrue(Files.isDirectory(warehouse.resolve("sales/day=2026-01-04/region=x%3Dy")));
    }

    @Test
    void anOverwriteReplacesWhatHasTheValues() {
        session.sql("INSERT OVERWRITE sales PARTITION (day = '2026-01-01', region = 'eu') VALUES (10), (11)");
        assertEquals(
                List.of("[2,2026-01-01,us]", "[3,2026-01-02,eu]", "[10,2026-01-01,eu]", "[11,2026-01-01,eu]"), sold());
        session.sql("INSERT OVERWRITE TABLE sales PARTITION (day = '2026-01-01', region) VALUES (12, 'asia')");
        assertEquals(List.of("[3,2026-01-02,eu]", "[12,2026-01-01,asia]"), sold());
    }

    @Test
    void anOverwriteByNoRowsLeavesNone() {
        session.sql("INSERT OVERWRITE sales PARTITION (day = '2026-01-01') SELECT 1, 'eu' WHERE false");
        assertEquals(List.of("[3,2026-01-02,eu]"), sold());
        session.sql("INSERT OVERWRITE sales PARTITION (day = '1999-01-01') SELECT 1, 'eu' WHERE false");
        assertEquals(List.of("[3,2026-01-02,eu]"), sold());
    }

    @Test
    void anOverwriteMayLeaveAPartitionThatIsThere() {
        session.sql("INSERT OVERWRITE sales PARTITION (day = '2026-01-01', region = 'eu') IF NOT EXISTS VALUES (10)");
        session.sql("INSERT OVERWRITE sales PARTITION (day = '2026-01-01') IF NOT EXISTS VALUES (11, 'asia')");
        session.sql("INSERT OVERWRITE sales PARTITION (DAY = '2026-01-05', region = 'eu') IF NOT EXISTS VALUES (12)");
        session.sql("INSERT OVERWRITE sales PARTITION (day = '2026-01-05', region = NULL) IF NOT EXISTS VALUES (13)");
        session.sql("INSERT OVERWRITE sales PARTITION (day = '2026-01-05', region = NULL) IF NOT EXISTS VALUES (14)");
        assertEquals(
                List.of(
                        "[1,2026-01-01,eu]",
                        "[2,2026-01-01,us]",
                        "[3,2026-01-02,eu]",
                        "[12,2026-01-05,eu]",
                        "[13,2026-01-05,null]"),
                sold());
        String path = "parquet.`" + warehouse.resolve("elsewhere") + "`";
        session.sql("INSERT OVERWRITE parquet.`" + warehouse.resolve("sales")
                + "` PARTITION (day = '2026-01-02', region = 'eu') IF NOT EXISTS VALUES (15)");
        assertEquals(5, session.table("sales").count());
        assertEquals(
                "NON_PARTITION_COLUMN",
                assertThrows(
                                HeadraceException.class,
                                () -> session.sql("INSERT OVERWRITE " + path
                                        + " PARTITION (day = '2026-01-02') IF NOT EXISTS SELECT 1 AS id"))
                        .code());
    }

    @Test
    void ifNotExistsIsForOnePartitionAndForOverwrites() {
        assertFails(
                """
                        [INVALID_STATEMENT_OR_CLAUSE] IF NOT EXISTS can only follow the partition of INSERT OVERWRITE: INSERT INTO adds rows to it.
                        == SQL, line 1, column 1 ==
                        INSERT INTO sales PARTITION (day = '2026-01-01', region = 'eu') IF NOT EXISTS VALUES (1)
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
                () -> session.sql(
                        "INSERT INTO sales PARTITION (day = '2026-01-01', region = 'eu') IF NOT EXISTS VALUES (1)"));
        assertFails(
                """
                        [INVALID_STATEMENT_OR_CLAUSE] IF NOT EXISTS asks for one partition: give each column in PARTITION (…) a value.
                        == SQL, line 1, column 53 ==
                        INSERT OVERWRITE sales PARTITION (day='2026-01-01', region) IF NOT EXISTS VALUES (1, 'eu')
                                                                            ^^^^^^""",
                () -> session.sql(
                        "INSERT OVERWRITE sales PARTITION (day='2026-01-01', region) IF NOT EXISTS VALUES (1, 'eu')"));
    }

    @Test
    void withDynamicOverwriteOnlyPartitionsWithRowsAreReplaced() {
        session.sql(
                "INSERT OVERWRITE sales WITH ('partitionOverwriteMode' = 'dynamic') PARTITION (day = '2026-01-01', region)"
                        + " VALUES (12, 'eu')");
        assertEquals(List.of("[2,2026-01-01,us]", "[3,2026-01-02,eu]", "[12,2026-01-01,eu]"), sold());
    }

    @Test
    void tablesByPathTakeValuesToo() {
        String path = "parquet.`" + warehouse.resolve("sales") + "`";
        session.sql("INSERT OVERWRITE " + path + " PARTITION (day = '2026-01-01', region = 'us') SELECT id + 100 FROM "
                + path);
        assertEquals(
                List.of(
                        "[1,2026-01-01,eu]",
                        "[3,2026-01-02,eu]",
                        "[101,2026-01-01,us]",
                        "[102,2026-01-01,us]",
                        "[103,2026-01-01,us]"),
                sold());
    }

    @Test
    void whatCanNotBeIsRefused() {
        assertFails(
                "[NON_PARTITION_COLUMN] INSERT INTO sales: 'id' in PARTITION (…) is not a partition column: those are day,"
                        + " region.",
                () -> session.sql("INSERT INTO sales PARTITION (id = 1) SELECT DATE'2026-01-01', 'eu'"));
        assertFails(
                "[INVALID_PARTITION_SPEC] INSERT INTO sales: PARTITION (…) gives values to region, but files lie in"
                        + " directories of day, region, in this order. Give values to the first ones, or set OPTIONS"
                        + " (partitionOverwriteMode 'dynamic').",
                () -> session.sql("INSERT OVERWRITE sales PARTITION (day, region = 'eu') SELECT 1, DATE'2026-01-01'"));
        assertEquals("CAST_INVALID_INPUT", code("INSERT INTO sales PARTITION (day = 'someday') SELECT 1, 'eu'"));
        assertEquals("INSERT_COLUMN_ARITY_MISMATCH", code("INSERT INTO sales PARTITION (day = '2026-01-01') SELECT 1"));
        assertEquals(
                "COLUMN_ALREADY_EXISTS",
                code("INSERT INTO sales PARTITION (day = '2026-01-01') (id, day) SELECT 1, NULL"));
        String twice = assertThrows(
                        QueryException.class,
                        () -> session.sql(
                                "INSERT INTO sales PARTITION (day = '2026-01-01', day = '2026-01-02') SELECT 1, 'eu'"))
                .getMessage();
        assertTrue(twice.contains("The column 'day' stands twice in PARTITION (…)."), twice);
        assertEquals(3, sold().size());
    }

    private String code(String sql) {
        return assertThrows(HeadraceException.class, () -> session.sql(sql)).code();
    }
}
