package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Window functions over more rows than are looked at in one go give what DuckDB gives, in memory and from disk.
class WindowIT {
    private static final String ROWS = "SELECT id, id * 7919 % 10007 AS k, id % 11 AS d,"
            + " CASE WHEN id % 7 < 3 THEN NULL ELSE id * 31 % 1000 END AS v,"
            + " concat('n', id % 100) AS name, repeat('.', 800) AS text";

    private static final List<List<String>> FUNCTIONS = List.of(
            List.of(
                    "row_number() OVER (? ORDER BY k, id)",
                    "rank() OVER (? ORDER BY d)",
                    "dense_rank() OVER (? ORDER BY k % 1000 DESC)",
                    "sum(id) OVER (? ORDER BY k)",
                    "count(v) OVER (? ORDER BY v DESC NULLS LAST)"),
            List.of(
                    "percent_rank() OVER (? ORDER BY k)",
                    "cume_dist() OVER (? ORDER BY d)",
                    "ntile(7) OVER (? ORDER BY k, id)",
                    "sum(v) FILTER (WHERE d < 5) OVER (?)",
                    "max(name) OVER (?)",
                    "min(v) OVER (?)"),
            List.of(
                    "lag(v, 3) OVER (? ORDER BY k, id)",
                    "lead(name, 2, 'none') OVER (? ORDER BY k, id)",
                    "lead(v, 1500, -1) OVER (? ORDER BY k, id)",
                    "lag(v, 2 IGNORE NULLS) OVER (? ORDER BY k, id)",
                    "lead(v, 2 IGNORE NULLS) OVER (? ORDER BY k, id)"),
            List.of(
                    "first_value(v) OVER (? ORDER BY k, id)",
                    "nth_value(id, 4) OVER (? ORDER BY k, id)",
                    "last_value(v IGNORE NULLS) OVER (? ORDER BY k, id)",
                    "last_value(v) OVER (? ORDER BY k, id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)",
                    "first_value(v IGNORE NULLS) OVER" + " (? ORDER BY k, id ROWS BETWEEN 5 PRECEDING AND CURRENT ROW)",
                    "nth_value(id, 2) OVER (? ORDER BY k, id ROWS BETWEEN 2 FOLLOWING AND 9 FOLLOWING)"),
            List.of(
                    "sum(v) OVER (? ORDER BY k, id ROWS BETWEEN 50 PRECEDING AND CURRENT ROW)",
                    "avg(v) OVER (? ORDER BY k, id ROWS BETWEEN 3 PRECEDING AND 70 FOLLOWING)",
                    "max(id) OVER (? ORDER BY k, id ROWS BETWEEN 700 PRECEDING AND 600 PRECEDING)",
                    "min(v) FILTER (WHERE d = 3) OVER (? ORDER BY k, id ROWS BETWEEN 20 FOLLOWING AND 30 FOLLOWING)",
                    "count(*) OVER (? ORDER BY k, id ROWS BETWEEN UNBOUNDED PRECEDING AND 9 PRECEDING)",
                    "sum(id) OVER (? ORDER BY k, id ROWS BETWEEN UNBOUNDED PRECEDING AND 9 FOLLOWING)",
                    "max(v) OVER (? ORDER BY k, id ROWS BETWEEN 9 FOLLOWING AND 14 FOLLOWING)"),
            List.of(
                    "count(*) OVER (? ORDER BY k RANGE BETWEEN 30 PRECEDING AND CURRENT ROW)",
                    "sum(id) OVER (? ORDER BY k DESC RANGE BETWEEN 10 PRECEDING AND 10 FOLLOWING)",
                    "count(v) OVER (? ORDER BY k RANGE BETWEEN 20 FOLLOWING AND 40 FOLLOWING)",
                    "sum(id) OVER (? ORDER BY v + k NULLS LAST RANGE BETWEEN 3 PRECEDING AND 3 PRECEDING)",
                    "min(id) OVER (? ORDER BY v + k NULLS FIRST RANGE BETWEEN 3 PRECEDING AND 3 FOLLOWING)"));

    @TempDir
    Path directory;

    private Connection connection;
    private Statement duckdb;
    private Session inMemory;
    private Session onDisk;

    @BeforeEach
    void rows() throws SQLException {
        connection = DriverManager.getConnection("jdbc:duckdb:");
        duckdb = connection.createStatement();
        duckdb.execute("CREATE TABLE t AS " + ROWS + " FROM range(14000) AS r(id)");
        inMemory = session("2g");
        onDisk = session("32m");
    }

    private Session session(String limit) {
        Session session = Session.builder()
                .master("local[2]")
                .config("headrace.memory.limit", limit)
                .config("headrace.spill.directory", directory.toString())
                .create();
        session.sql("CREATE TEMP VIEW t AS " + ROWS + " FROM range(0, 14000, 1, 64)");
        return session;
    }

    @AfterEach
    void close() throws SQLException {
        for (Session session : List.of(inMemory, onDisk)) {
            assertEquals(0, session.runtime().allocator().getAllocatedMemory());
            assertEquals(0, session.runtime().spill().openFiles());
            session.close();
        }
        connection.close();
    }

    /// One partition, one large one beside small ones, many small ones, and hundreds of a piece each.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "PARTITION BY CASE WHEN id % 10 < 9 THEN NULL ELSE id % 1000 END",
                "PARTITION BY id % 4001",
                "PARTITION BY CASE WHEN d < 5 THEN 'few' ELSE concat('many ', k % 300) END, d < 3"
            })
    void givesWhatDuckDbGives(String partition) throws SQLException {
        for (List<String> functions : FUNCTIONS) {
            StringBuilder columns = new StringBuilder();
            for (String function : functions) {
                columns.append(", ")
                        .append(function.replace("?", partition))
                        .append(" AS c")
                        .append(columns.length());
            }
            String sql = "SELECT id, length(text) AS l" + columns + " FROM t";
            List<String> expected = ofDuckDb("SELECT * FROM (" + sql + ") ORDER BY id");
            String ours = sql.replace(" IGNORE NULLS) OVER", ") IGNORE NULLS OVER");
            assertEquals(expected, of(inMemory, ours), ours);
            assertEquals(expected, of(onDisk, ours), ours);
        }
        assertEquals(0, inMemory.runtime().spill().bytesWritten());
        assertTrue(onDisk.runtime().spill().bytesWritten() > 0, "nothing was put on disk");
    }

    private List<String> ofDuckDb(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (ResultSet result = duckdb.executeQuery(sql)) {
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    values.add(text(result.getObject(i)));
                }
                rows.add(String.join(",", values));
            }
        }
        return rows;
    }

    private static List<String> of(Session session, String sql) {
        List<String> rows = new ArrayList<>();
        for (Row row : session.sql(sql).orderBy("id").collectAsList()) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < row.length(); i++) {
                values.add(text(row.get(i)));
            }
            rows.add(String.join(",", values));
        }
        return rows;
    }

    private static String text(Object value) {
        return value instanceof Double number
                ? String.valueOf(Math.round(number * 1e6))
                : Objects.toString(value instanceof String text && text.length() > 9 ? text.hashCode() : value);
    }
}
