package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.HeadraceException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `FROM … INSERT … INSERT …`.
class MultiInsertTest {
    private final Session session = Session.builder().master("local[2]").create();

    @TempDir
    private Path warehouse;

    @BeforeEach
    void tables() {
        session.conf().set("spark.sql.warehouse.dir", warehouse.toString());
        session.sql("CREATE TEMP VIEW t AS SELECT * FROM VALUES (1, 'a'), (2, 'b'), (3, NULL) AS t(id, name)");
        session.sql("CREATE TABLE low (id INT, name STRING) USING parquet");
        session.sql("CREATE TABLE high (id INT, name STRING) USING parquet");
    }

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private List<String> rows(String query) {
        return session.sql(query).collectAsList().stream().map(Row::toString).toList();
    }

    @Test
    void eachInsertTakesWhatItSelects() {
        session.sql("""
                FROM t
                INSERT INTO low SELECT id, upper(name) WHERE id < 3
                INSERT OVERWRITE TABLE high (id) SELECT max(id) AS m GROUP BY name HAVING max(id) > 1 ORDER BY m LIMIT 1""");
        assertEquals(List.of("[1,A]", "[2,B]"), rows("SELECT * FROM low ORDER BY id"));
        assertEquals(List.of("[2,null]"), rows("SELECT * FROM high"));
    }

    @Test
    void commonTableExpressionsAndJoinsMayStandInFrom() {
        session.sql("""
                WITH u AS (SELECT id + 10 AS id FROM t)
                FROM t JOIN u ON t.id + 10 = u.id
                INSERT INTO low SELECT t.id, name
                INSERT OVERWRITE DIRECTORY '%s' USING json SELECT u.id AS id""".formatted(warehouse.resolve("files")));
        assertEquals(List.of("[3]"), rows("SELECT count(*) FROM low"));
        assertEquals(
                List.of("[11]", "[12]", "[13]"),
                rows("SELECT * FROM json.`" + warehouse.resolve("files") + "` ORDER BY id"));
    }

    @Test
    void rowsAreThoseFromBefore() {
        session.sql("INSERT INTO low VALUES (1, 'a')");
        session.sql("FROM low INSERT INTO high SELECT * INSERT OVERWRITE low SELECT id + 1, name");
        assertEquals(List.of("[1,a]"), rows("SELECT * FROM high"));
        assertEquals(List.of("[2,a]"), rows("SELECT * FROM low"));
    }

    @Test
    void whatALaterInsertReadsIsNotRemoved() {
        session.sql("INSERT INTO low VALUES (1, 'a')");
        session.sql("FROM low INSERT INTO low SELECT id + 1, name INSERT INTO high SELECT *");
        assertEquals(List.of("[1,a]", "[2,a]"), rows("SELECT * FROM low ORDER BY id"));
        assertEquals(List.of("[1,a]"), rows("SELECT * FROM high"));
        assertFails(
                "[UNSUPPORTED_OVERWRITE.TABLE] INSERT OVERWRITE of '" + warehouse.resolve("low")
                        + "' removes files that an INSERT after it reads. Put it last, or make it a statement of its own.",
                () -> session.sql("FROM low INSERT OVERWRITE low SELECT id + 10, name INSERT INTO high SELECT *"));
        assertEquals(
                "UNSUPPORTED_OVERWRITE.TABLE",
                assertThrows(
                                HeadraceException.class,
                                () -> session.sql("FROM low INSERT OVERWRITE DIRECTORY '" + warehouse.resolve("low")
                                        + "' USING parquet SELECT * INSERT INTO high SELECT *"))
                        .code());
        assertEquals(List.of("[1,a]", "[2,a]"), rows("SELECT * FROM low ORDER BY id"));
        assertEquals(List.of("[1,a]"), rows("SELECT * FROM high"));
        session.sql("FROM low INSERT OVERWRITE high SELECT * INSERT OVERWRITE low SELECT id + 10, name");
        assertEquals(List.of("[11,a]", "[12,a]"), rows("SELECT * FROM low ORDER BY id"));
        assertEquals(List.of("[1,a]", "[2,a]"), rows("SELECT * FROM high ORDER BY id"));
    }

    @Test
    void aPartitionThatAnInsertBeforeHasMadeExists() {
        session.sql("CREATE TABLE parts (id INT, p INT) USING parquet PARTITIONED BY (p)");
        session.sql("FROM VALUES (1) AS v(x) INSERT OVERWRITE parts PARTITION (p = 2) IF NOT EXISTS SELECT x"
                + " INSERT OVERWRITE parts PARTITION (p = 2) IF NOT EXISTS SELECT x + 1");
        assertEquals(List.of("[1,2]"), rows("SELECT * FROM parts"));
    }

    @Test
    void noneWritesIfOneIsWrong() {
        assertEquals(
                "TABLE_OR_VIEW_NOT_FOUND",
                assertThrows(
                                HeadraceException.class,
                                () -> session.sql("FROM t INSERT INTO low SELECT * INSERT INTO nowhere SELECT *"))
                        .code());
        assertFails("""
                        [UNRESOLVED_COLUMN] 'nam' is not a column of t(id, name). Did you mean 'name'?
                        == SQL, line 1, column 57 ==
                        FROM t INSERT INTO low SELECT * INSERT INTO high SELECT nam, id
                                                                                ^^^""", () -> session.sql("FROM t INSERT INTO low SELECT * INSERT INTO high SELECT nam, id"));
        assertEquals(
                "INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST",
                assertThrows(
                                HeadraceException.class,
                                () -> session.sql(
                                        "FROM t INSERT INTO low SELECT * INSERT INTO high SELECT array(id), name"))
                        .code());
        assertEquals(List.of(), rows("SELECT * FROM low"));
    }

    @Test
    void noRowsAreNoRows() {
        session.sql("FROM t INSERT INTO low SELECT * WHERE id > 9 INSERT OVERWRITE high SELECT * WHERE false");
        assertEquals(List.of(), rows("SELECT * FROM low UNION ALL SELECT * FROM high"));
    }
}
