package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Columns with a default in tables of files.
class FileDefaultsTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").create();

    @BeforeEach
    void aWarehouse() {
        session.conf().set("spark.sql.warehouse.dir", directory.toString());
        session.conf().set("spark.sql.session.timeZone", "Asia/Tokyo");
    }

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private List<String> rows(String sql) {
        return session.sql(sql).collectAsList().stream().map(Row::toString).toList();
    }

    private String code(String sql) {
        return assertThrows(HeadraceException.class, () -> session.sql(sql), sql)
                .code();
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "json", "csv"})
    void whatIsNotGivenIsTheDefault(String format) {
        session.sql("CREATE TABLE t (id INT, a INT DEFAULT 2 + 3, b STRING DEFAULT 'x', c DATE) USING " + format);
        session.sql("INSERT INTO t (id) VALUES (1)");
        session.sql("INSERT INTO t VALUES (2, DEFAULT, DEFAULT, DEFAULT), (3, NULL, 'y', DATE '2026-01-31')");
        session.sql("INSERT INTO t BY NAME SELECT 4 AS id, 'z' AS b");
        session.sql("SELECT 5 AS id").write().mode("append").format(format).saveAsTable("t");
        List<String> filled =
                List.of("[1,5,x,null]", "[2,5,x,null]", "[3,null,y,2026-01-31]", "[4,5,z,null]", "[5,5,x,null]");
        assertEquals(filled, rows("SELECT * FROM t ORDER BY id"));

        session.sql("ALTER TABLE t ALTER COLUMN a SET DEFAULT 7");
        session.sql("ALTER TABLE t ALTER COLUMN b DROP DEFAULT");
        session.sql("INSERT INTO t (id) VALUES (6)");
        assertEquals(List.of("[6,7,null,null]"), rows("SELECT * FROM t WHERE id > 5"));
        assertEquals(filled, rows("SELECT * FROM t WHERE id < 6 ORDER BY id"));
        assertEquals(
                "CREATE TABLE default.t (\n  id INT,\n  a INT DEFAULT 7,\n  b STRING,\n  c DATE)\nUSING " + format
                        + "\n",
                session.sql("SHOW CREATE TABLE t").head().getString(0));
    }

    @ParameterizedTest
    @CsvSource({"parquet", "orc"})
    void rowsThatAreThereHaveTheDefaultOfAnAddedColumn(String format) {
        session.sql("CREATE TABLE t (id INT, p STRING) USING " + format + " PARTITIONED BY (p)");
        session.sql("INSERT INTO t VALUES (1, 'x'), (2, 'y')");
        session.sql("ALTER TABLE t ADD COLUMNS (n INT DEFAULT 41 + 1, s STRING DEFAULT 'it\\'s', d DATE DEFAULT"
                + " DATE '2026-01-31', m TIMESTAMP DEFAULT TIMESTAMP '2026-01-31 12:00:00.5', w TIMESTAMP_NTZ DEFAULT"
                + " TIMESTAMP_NTZ '2026-01-31 12:00:00', e DECIMAL(5,2) DEFAULT 1.5, f DOUBLE DEFAULT 2, b BOOLEAN DEFAULT"
                + " true, none STRING DEFAULT NULL, other INT)");
        String added = "[42,it's,2026-01-31,2026-01-31 12:00:00.5,2026-01-31T12:00,1.50,2.0,true,null,null]";
        String sql = "SELECT n, s, d, CAST(m AS STRING), w, e, f, b, none, other FROM t";
        assertEquals(List.of(added, added), rows(sql));
        session.conf().set("spark.sql.session.timeZone", "UTC");
        assertEquals(List.of("[2026-01-31 03:00:00.5]"), rows("SELECT DISTINCT CAST(m AS STRING) FROM t"));

        session.sql("INSERT INTO t (id, n, p) VALUES (3, NULL, 'x')");
        session.sql("ALTER TABLE t ALTER COLUMN n SET DEFAULT 7");
        session.sql("INSERT INTO t (id, p) VALUES (4, 'x')");
        assertEquals(List.of("[1,42]", "[2,42]", "[3,null]", "[4,7]"), rows("SELECT id, n FROM t ORDER BY id"));
        assertEquals(List.of("[1]", "[2]"), rows("SELECT id FROM t WHERE n = 42 ORDER BY id"));
        assertEquals(List.of("[3]"), rows("SELECT id FROM t WHERE n IS NULL"));
        assertEquals(List.of("[1]", "[2]", "[4]"), rows("SELECT id FROM t WHERE n IS NOT NULL ORDER BY id"));
        assertEquals(List.of("[7,42,3]"), rows("SELECT min(n), max(n), count(n) FROM t"));
        assertEquals(List.of("[2]"), rows("SELECT id FROM t WHERE n > 40 AND p = 'y'"));
        assertEquals(
                List.of("[1]", "[2]"),
                rows("SELECT t.id FROM t JOIN (SELECT 42 AS k) AS keys ON t.n = keys.k ORDER BY 1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc"})
    void filesThatATableIsMadeOverHaveItsDefaults(String format) {
        String path = directory.resolve("files").toString();
        session.sql("SELECT 1 AS id").write().format(format).save(path);
        session.sql("CREATE TABLE t (id INT, n INT DEFAULT 2 + 3, a ARRAY<INT> DEFAULT array(1)) USING " + format
                + " LOCATION '" + path + "'");
        session.sql("INSERT INTO t (id) VALUES (2)");
        session.sql("ALTER TABLE t ALTER COLUMN n SET DEFAULT 7");
        assertEquals(List.of("[1,5,true]", "[2,5,false]"), rows("SELECT id, n, a IS NULL FROM t ORDER BY id"));
    }

    private StructType withDefault(DataType type, String literal) {
        Metadata metadata = new Metadata(Map.of("EXISTS_DEFAULT", literal, "CURRENT_DEFAULT", literal));
        return new StructType(List.of(
                new StructField("id", DataTypes.IntegerType, true), new StructField("n", type, true, metadata)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "BIGINT|5L|5",
                "SMALLINT|-5S|-5",
                "TINYINT|5Y|5",
                "DOUBLE|5.0D|5.0",
                "DOUBLE|1.5E3D|1500.0",
                "DOUBLE|CAST('NaN' AS DOUBLE)|NaN",
                "FLOAT|CAST(5.0 AS FLOAT)|5.0",
                "DECIMAL(5,2)|1.50BD|1.50",
                "DECIMAL(5,2)|CAST(1.5BD AS DECIMAL(5,2))|1.50",
                "BINARY|X'4869'|Hi",
                "INT|CAST(NULL AS INT)|null",
                "BOOLEAN|TRUE|true",
                "STRING|'5L'|5L",
                "STRING|'it\\'s CAST(x AS y)'|it's CAST(x AS y)",
                "TIMESTAMP|TIMESTAMP '2026-01-31T03:00:00Z'|2026-01-31 12:00:00",
                "TIMESTAMP_NTZ|TIMESTAMP_NTZ '2026-01-31 12:00:00'|2026-01-31 12:00:00"
            })
    void defaultsAreReadAsSparkNotesThem(String type, String literal, String value) {
        String path = directory.resolve("files").toString();
        session.sql("SELECT 1 AS id").write().parquet(path);
        StructType schema = withDefault(DataType.fromDDL(type), literal);
        DataFrame rows = session.read().schema(schema).parquet(path);
        assertEquals(
                "[" + value + "]", rows.selectExpr("CAST(n AS STRING)").head().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "INT|now()",
                "STRING|5L",
                "STRING|concat('x', 'y')",
                "BINARY|X'ABC'",
                "TIMESTAMP|TIMESTAMP '2026-01-31 12:00:00'"
            })
    void otherTextsAreErrorsWhereAFileLacksTheColumn(String type, String literal) {
        String path = directory.resolve("files").toString();
        session.sql("SELECT 1 AS id, CAST(NULL AS " + type + ") AS n").write().parquet(path);
        StructType schema = withDefault(DataType.fromDDL(type), literal);
        assertEquals(
                1,
                session.read()
                        .schema(schema)
                        .parquet(path)
                        .filter("n IS NULL")
                        .collectAsList()
                        .size());

        session.sql("SELECT 1 AS id").write().mode("overwrite").parquet(path);
        DataFrame lacking = session.read().schema(schema).parquet(path);
        QueryException error = assertThrows(QueryException.class, lacking::collectAsList);
        assertEquals("INVALID_DEFAULT_VALUE.DATA_TYPE", error.code());
        assertTrue(
                error.getMessage().contains("column 'n'") && error.getMessage().contains(literal), error.getMessage());
    }

    @Test
    void aFilterOnAnAddedColumnIsAskedInTheFilesThatHaveIt() {
        session.sql("CREATE TABLE t (id INT) USING parquet");
        session.sql("INSERT INTO t VALUES (1)");
        session.sql("ALTER TABLE t ADD COLUMN n INT DEFAULT 5");
        session.sql("INSERT INTO t VALUES (2, 6)");
        String plan = session.sql("SELECT id FROM t WHERE n = 6").explainString("extended");
        assertTrue(plan.contains("filters ["), plan);
        assertEquals(List.of("[2]"), rows("SELECT id FROM t WHERE n = 6"));
        assertEquals(List.of("[1]"), rows("SELECT id FROM t WHERE n = 5"));
    }

    @Test
    void aDefaultIsAConstantOfTheColumnsType() {
        session.sql("CREATE TABLE t (id INT) USING parquet");
        assertFails(
                "[INVALID_DEFAULT_VALUE.DATA_TYPE] CREATE TABLE u: the default of the column 'a', 'x', is of type string, and"
                        + " the column of type int. Give a constant of the column's type.",
                () -> session.sql("CREATE TABLE u (a INT DEFAULT 'x') USING parquet"));
        assertEquals(
                "INVALID_DEFAULT_VALUE.UNRESOLVED_EXPRESSION", code("CREATE TABLE u (a INT DEFAULT b) USING parquet"));
        assertEquals(
                "INVALID_DEFAULT_VALUE.NOT_CONSTANT", code("CREATE TABLE u (a DOUBLE DEFAULT rand()) USING parquet"));
        assertEquals(
                "INVALID_DEFAULT_VALUE.SUBQUERY_EXPRESSION",
                code("CREATE TABLE u (a INT DEFAULT (SELECT max(id) FROM t)) USING parquet"));
        assertEquals("INVALID_DEFAULT_VALUE.DATA_TYPE", code("ALTER TABLE t ALTER COLUMN id SET DEFAULT 'x'"));
        assertEquals("INVALID_DEFAULT_VALUE.DATA_TYPE", code("ALTER TABLE t ADD COLUMN a INT DEFAULT 'x'"));
        assertEquals("UNRESOLVED_COLUMN", code("ALTER TABLE t ALTER COLUMN none SET DEFAULT 1"));
        assertEquals("UNSUPPORTED_OPERATION", code("ALTER TABLE t ALTER COLUMN id TYPE BIGINT"));
        assertEquals("UNSUPPORTED_OPERATION", code("ALTER TABLE t ADD COLUMN a ARRAY<INT> DEFAULT array(1)"));
        session.sql("CREATE TABLE j (id INT) USING json");
        assertEquals("UNSUPPORTED_OPERATION", code("ALTER TABLE j ADD COLUMN a INT DEFAULT 1"));
        assertEquals("UNSUPPORTED_OPERATION", code("CREATE TABLE u (a INT DEFAULT 1) USING avro"));
        // The time is that of the INSERT.
        session.sql("CREATE TABLE moments (id INT, at TIMESTAMP DEFAULT current_timestamp()) USING parquet");
        session.sql("INSERT INTO moments (id) VALUES (1)");
        assertEquals(List.of("[true]"), rows("SELECT at <= current_timestamp() FROM moments"));
    }
}
