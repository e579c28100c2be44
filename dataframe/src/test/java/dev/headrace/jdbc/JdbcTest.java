package dev.headrace.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tables of a database, which here is DuckDB in a file.
class JdbcTest {
    @TempDir
    private Path folder;

    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate();

    private String url = "";
    private Connection open;

    @BeforeEach
    void fill() throws SQLException {
        url = "jdbc:duckdb:" + folder.resolve("db");
        // Keeps the file attached: DuckDB fails when one thread attaches it while another's last connection closes.
        open = DriverManager.getConnection(url);
        execute("CREATE TABLE items (id BIGINT NOT NULL, name VARCHAR, price DECIMAL(10, 2), born DATE, "
                + "seen TIMESTAMP, noticed TIMESTAMPTZ, raw BLOB, ok BOOLEAN, score DOUBLE, small SMALLINT)");
        execute("INSERT INTO items VALUES (1, 'ann', 1.50, DATE '2024-02-29', TIMESTAMP '2024-02-29 10:00:00.123456', "
                + "TIMESTAMPTZ '2024-02-29 10:00:00+00', 'ab'::BLOB, true, 0.5, 7), "
                + "(2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
    }

    @AfterEach
    void close() throws SQLException {
        session.close();
        open.close();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private DataFrame table(String name) {
        return session.read().jdbc(url, name, new Properties());
    }

    @Test
    void valuesOfAllTypesAndNullsAreRead() {
        DataFrame items = table("items");

        assertEquals(
                "id BIGINT,name STRING,price DECIMAL(10,2),born DATE,seen TIMESTAMP_NTZ,noticed TIMESTAMP,raw BINARY,ok"
                        + " BOOLEAN,score DOUBLE,small SMALLINT",
                items.schema().toDDL().replace(" NOT NULL", ""));
        assertEquals(
                List.of(
                        "1|ann|1.50|2024-02-29|2024-02-29 10:00:00.123456|2024-02-29 10:00:00|ab|true|0.5|7",
                        "2|-|-|-|-|-|-|-|-|-"),
                items
                        .selectExpr("concat_ws('|', id, " + "coalesce(name, '-'), coalesce(price::string, '-'), "
                                + "coalesce(born::string, '-'), coalesce(seen::string, '-'), coalesce(noticed::string, '-'), "
                                + "coalesce(raw::string, '-'), coalesce(ok::string, '-'), coalesce(score::string, '-'), "
                                + "coalesce(small::string, '-')) AS line")
                        .sort("line")
                        .collectAsList()
                        .stream()
                        .map(row -> row.getString(0))
                        .toList());
    }

    @Test
    void onlyTheColumnsThatAreUsedAreAskedFor() {
        assertEquals(2, table("items").count());
        assertEquals(
                List.of(RowFactory.create("ann")),
                table("items").filter("id = 1").select("name").collectAsList());
        assertEquals(
                1L,
                session.read()
                        .format("jdbc")
                        .option("url", url)
                        .option("query", "SELECT name FROM items WHERE name IS NOT NULL")
                        .load()
                        .count());
    }

    @Test
    void partsTogetherHaveEachRowOnce() throws SQLException {
        execute(
                "CREATE TABLE many AS SELECT CASE WHEN i % 50 = 0 THEN NULL ELSE i END AS id FROM range(-10, 1000) r(i)");

        DataFrame many = session.read().jdbc(url, "many", "id", 0, 500, 4, new Properties());

        assertEquals(1010, many.count());
        assertEquals(
                table("many").selectExpr("sum(id)", "count(id)").collectAsList(),
                many.selectExpr("sum(id)", "count(id)").collectAsList());
    }

    @Test
    void rowsAreWrittenInEachMode() {
        DataFrame rows = session.sql(
                "SELECT id, concat('n', id) AS name, CAST(id AS DECIMAL(5, 1)) AS d, DATE '2024-01-01'"
                        + " AS day, TIMESTAMP '2024-01-01 10:00:00' AS t, X'61' AS raw, id % 2 = 0 AS even FROM range(2500)");

        rows.write().jdbc(url, "copy", new Properties());
        assertEquals(2500, table("copy").count());
        assertEquals(
                rows.selectExpr("sum(id)", "max(name)", "sum(d)", "min(day)", "min(t)", "count_if(even)")
                        .collectAsList(),
                table("copy")
                        .selectExpr("sum(id)", "max(name)", "sum(d)", "min(day)", "min(t)", "count_if(even)")
                        .collectAsList());

        rows.limit(5).write().mode("append").jdbc(url, "copy", new Properties());
        assertEquals(2505, table("copy").count());
        rows.limit(5).write().mode("ignore").jdbc(url, "copy", new Properties());
        assertEquals(2505, table("copy").count());
        rows.limit(3).write().mode("overwrite").jdbc(url, "copy", new Properties());
        assertEquals(3, table("copy").count());
        rows.limit(2).write().mode("overwrite").option("truncate", true).jdbc(url, "copy", new Properties());
        assertEquals(2, table("copy").count());
        assertEquals(
                "TABLE_OR_VIEW_ALREADY_EXISTS",
                assertThrows(QueryException.class, () -> rows.write().jdbc(url, "copy", new Properties()))
                        .code());
    }

    @Test
    void aWriteThatFailsLeavesNothing() throws SQLException {
        execute("CREATE TABLE strict (id BIGINT PRIMARY KEY)");

        assertEquals(
                "JDBC_REFUSED",
                assertThrows(
                                QueryException.class,
                                () -> session.sql("SELECT id % 10 AS id FROM range(20)")
                                        .write()
                                        .mode("append")
                                        .jdbc(url, "strict", new Properties()))
                        .code());
        assertEquals(0, table("strict").count());
    }

    @Test
    void mistakesAreSaid() {
        assertEquals(
                "[MISSING_OPTION] format(\"jdbc\") needs the option 'url', such as jdbc:postgresql://host/database.",
                assertThrows(
                                QueryException.class,
                                () -> session.read().format("jdbc").load())
                        .getMessage());
        assertEquals(
                "[MISSING_OPTION] format(\"jdbc\") needs the option 'dbtable' or 'query', and only one of them.",
                assertThrows(
                                QueryException.class,
                                () -> session.read()
                                        .format("jdbc")
                                        .option("url", url)
                                        .load())
                        .getMessage());
        UnavailableException noDriver = assertThrows(
                UnavailableException.class,
                () -> session.read().jdbc("jdbc:none://ann:hush@host/db?password=hush", "t", new Properties()));
        assertEquals(
                "[JDBC_FAILED] format(\"jdbc\") t: the database can't be reached: No suitable driver found for the URL."
                        + " Is the driver on the class path, and are url, user and dbtable right?",
                noDriver.getMessage());
        StringWriter all = new StringWriter();
        noDriver.printStackTrace(new PrintWriter(all));
        assertFalse(all.toString().contains("hush"), all.toString());
        assertTrue(assertThrows(UnavailableException.class, () -> table("nothing"))
                .getMessage()
                .startsWith("[JDBC_FAILED] format(\"jdbc\") nothing: the database does not describe it: "));
        assertEquals(
                "UNSUPPORTED_DATA_TYPE",
                assertThrows(
                                QueryException.class,
                                () -> session.sql("SELECT array(1) AS a")
                                        .write()
                                        .jdbc(url, "x", new Properties()))
                        .code());
    }
}
