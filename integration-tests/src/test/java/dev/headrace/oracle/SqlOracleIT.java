package dev.headrace.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.errors.QueryException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The same queries over the same rows, nulls and duplicates among them, give what DuckDB gives. Closing the session
/// asserts that nothing has leaked.
class SqlOracleIT {
    private static final String A = "SELECT * FROM (VALUES (1, 1, 10), (2, 1, 20), (3, 2, NULL), (4, NULL, 40),"
            + " (5, 2, 20), (6, 3, 5), (7, NULL, NULL), (8, 1, 10)) AS t(id, k, v)";
    private static final String B = "SELECT * FROM (VALUES (1, 1, 10), (2, 2, NULL), (3, 2, 20), (4, NULL, 7),"
            + " (5, 4, 40), (6, 1, 15)) AS t(id, k, v)";

    @Test
    void subqueriesOfAllKindsUnderAllCorrelations() throws SQLException {
        List<String> queries = new ArrayList<>();
        for (String condition : List.of(
                "b.k = a.k",
                "b.k = a.k AND b.v > 8",
                "b.k = a.k AND b.v < a.v",
                "a.v > 15",
                "b.k <> a.k",
                "b.k = a.k AND a.v > 15",
                "b.k IS NULL",
                "b.v > 100",
                "b.k IS NOT DISTINCT FROM a.k")) {
            Stream.of(
                            "SELECT a.id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE ?)",
                            "SELECT a.id FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE ?)",
                            "SELECT a.id FROM a WHERE a.v IN (SELECT b.v FROM b WHERE ?)",
                            "SELECT a.id FROM a WHERE a.v NOT IN (SELECT b.v FROM b WHERE ?)",
                            "SELECT a.id FROM a WHERE a.id = 3 OR a.v NOT IN (SELECT b.v FROM b WHERE ?)",
                            "SELECT a.id, EXISTS (SELECT 1 FROM b WHERE ?) AS e FROM a",
                            "SELECT a.id, a.v IN (SELECT b.v FROM b WHERE ?) AS e FROM a",
                            "SELECT a.id, (SELECT count(*) FROM b WHERE ?) AS e FROM a",
                            "SELECT a.id, (SELECT coalesce(sum(b.v), -1) + 1 FROM b WHERE ?) AS e FROM a",
                            "SELECT a.id, (SELECT max(b.v) FROM b WHERE ? HAVING count(*) > 1) AS e FROM a",
                            "SELECT a.id FROM a WHERE a.v >= (SELECT min(b.v) FROM b WHERE ?)",
                            "SELECT a.id, t.m FROM a, LATERAL (SELECT max(v) AS m FROM b WHERE ?) t",
                            "SELECT a.id, (SELECT count(*) FROM b WHERE ? HAVING count(*) > 1) AS e FROM a",
                            "SELECT a.id FROM a WHERE EXISTS (SELECT count(*) FROM b WHERE ? HAVING count(*) > 1)",
                            "SELECT a.id, (SELECT b.id FROM b WHERE ? ORDER BY b.v NULLS FIRST, b.id LIMIT 1) AS e FROM a",
                            "SELECT a.id, (SELECT sum(r) FROM (SELECT rank() OVER (ORDER BY b.v NULLS FIRST) AS r FROM b WHERE ?) t)"
                                    + " AS e FROM a",
                            "SELECT a.id, (SELECT count(*) FROM (SELECT b.v FROM b WHERE ? UNION SELECT a.v) t) AS e FROM a",
                            "SELECT a.id, (SELECT count(b.id) FROM a c LEFT JOIN b ON c.id = b.id AND ?) AS e FROM a",
                            "SELECT a.id, (SELECT count(*) FROM a c FULL JOIN (SELECT * FROM b WHERE ?) t ON c.id = t.id) AS e FROM a",
                            "SELECT a.id, t.m FROM a LEFT JOIN LATERAL (SELECT max(v) AS m FROM b WHERE ?) t ON t.m > a.id",
                            "SELECT a.id, t.v FROM a, LATERAL (SELECT b.v FROM b WHERE ? ORDER BY b.v NULLS LAST, b.id LIMIT 2) t",
                            "SELECT a.id, t.v FROM a LEFT JOIN LATERAL (SELECT b.v FROM b WHERE ?) t ON t.v > a.id",
                            "SELECT a.id, t.v FROM a, LATERAL (SELECT DISTINCT b.v FROM b WHERE ?) t",
                            "SELECT a.id, t.v FROM a, LATERAL (SELECT b.v FROM b WHERE ?) t")
                    .map(query -> query.replace("?", condition))
                    .forEach(queries::add);
        }
        queries.add("SELECT k, sum(v) AS s FROM a GROUP BY k HAVING sum(v) > (SELECT avg(v) FROM b)");
        queries.add("SELECT a.k, (SELECT max(b.v) FROM b WHERE b.k = a.k) AS m, count(*) AS c FROM a GROUP BY a.k");
        queries.add(
                "SELECT id FROM a WHERE k IN (SELECT k FROM b WHERE b.v = (SELECT max(v) FROM b c WHERE c.k = b.k))");
        queries.add("SELECT id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.k = a.k"
                + " AND b.id IN (SELECT c.id FROM b c WHERE c.v > 8))");
        queries.add("SELECT a.id, (a.k, a.v) IN (SELECT b.k, b.v FROM b) AS e FROM a");
        queries.add("SELECT a.id, b.id AS other FROM a LEFT JOIN b ON a.k = b.k AND b.v IN (SELECT v FROM a)");
        assertEquals(0, refusedOf(queries));
    }

    @Test
    void windowFunctionsOverAllFrames() throws SQLException {
        List<String> queries = new ArrayList<>();
        for (String frame : List.of(
                "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
                "ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING",
                "ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING",
                "ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING",
                "ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING",
                "RANGE BETWEEN 5 PRECEDING AND 5 FOLLOWING",
                "RANGE BETWEEN UNBOUNDED PRECEDING AND 10 FOLLOWING",
                "RANGE BETWEEN 10 PRECEDING AND UNBOUNDED FOLLOWING",
                "RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING")) {
            for (String order : List.of("ASC NULLS FIRST", "ASC NULLS LAST", "DESC NULLS LAST", "DESC NULLS FIRST")) {
                for (String partition : List.of("", "PARTITION BY k ")) {
                    boolean rows = frame.startsWith("ROWS");
                    String window = partition + "ORDER BY v " + order + (rows ? ", id " : " ") + frame;
                    Stream<String> functions =
                            Stream.of("sum(id)", "count(*)", "count(v)", "min(v)", "max(id)", "avg(id)");
                    Stream<String> ofRows =
                            rows ? Stream.of("first_value(v)", "last_value(v)", "nth_value(id, 2)") : Stream.of();
                    Stream.concat(functions, ofRows)
                            .map(function -> "SELECT id, " + function + " OVER (" + window + ") AS w FROM a")
                            .forEach(queries::add);
                }
            }
        }
        for (String function : List.of("rank()", "dense_rank()", "percent_rank()", "cume_dist()")) {
            queries.add("SELECT id, " + function + " OVER (PARTITION BY k ORDER BY v NULLS FIRST) AS w FROM a");
        }
        for (String function : List.of("row_number()", "ntile(3)", "lag(v)", "lead(v, 2, 99)", "lag(id, 0)")) {
            queries.add("SELECT id, " + function + " OVER (ORDER BY v NULLS FIRST, id) AS w FROM a");
        }
        queries.add("SELECT k, sum(v) AS s, rank() OVER (ORDER BY sum(v) DESC NULLS LAST) AS r FROM a GROUP BY k");
        queries.add("SELECT id, k FROM a"
                + " QUALIFY row_number() OVER (PARTITION BY k ORDER BY v DESC NULLS LAST, id) = 1");
        assertEquals(0, refusedOf(queries));
    }

    @Test
    void setOperationsGroupingSetsAndJoins() throws SQLException {
        List<String> queries = new ArrayList<>();
        for (String operator : List.of("UNION", "UNION ALL", "INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL")) {
            queries.add("SELECT k, v FROM a " + operator + " SELECT k, v FROM b");
            queries.add("SELECT k FROM b " + operator + " SELECT k FROM a");
        }
        for (String sets : List.of(
                "ROLLUP (k, v)",
                "CUBE (k, v)",
                "GROUPING SETS ((k), (v), ())",
                "GROUPING SETS ((k, v), (k), (k))",
                "k, ROLLUP (v)",
                "CUBE (k), ROLLUP (v)")) {
            queries.add("SELECT k, v, count(*) AS c, sum(id) AS s, sum(v) AS sv FROM a GROUP BY " + sets);
        }
        for (String join : List.of("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN")) {
            queries.add("SELECT a.id, b.id AS other FROM a " + join + " b ON a.k = b.k AND a.v > 5");
            queries.add(
                    "SELECT a.id, b.id AS other FROM a " + join + " b ON a.k IS NOT DISTINCT FROM b.k AND a.id < b.id");
            queries.add("SELECT k, a.v, b.v AS other FROM a " + join + " b USING (k)");
        }
        queries.add("SELECT DISTINCT k, v FROM a");
        queries.add("SELECT count(DISTINCT k) AS c, count(DISTINCT v) FILTER (WHERE id > 2) AS d FROM a");
        assertEquals(0, refusedOf(queries));
    }

    /// Compares the queries' rows, in any order.
    ///
    /// @return how many were refused because they can't be turned into a join
    private static int refusedOf(List<String> queries) throws SQLException {
        int refused = 0;
        try (Session session = Session.builder().master("local[2]").getOrCreate();
                Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement duckdb = connection.createStatement()) {
            for (String view : List.of("a AS " + A, "b AS " + B)) {
                session.sql("CREATE TEMP VIEW " + view);
                duckdb.execute("CREATE VIEW " + view);
            }
            for (String query : queries) {
                try {
                    assertEquals(of(duckdb, query), of(session, query), query);
                } catch (QueryException cannot) {
                    assertEquals("UNSUPPORTED_CORRELATED_SUBQUERY", cannot.code(), query);
                    refused++;
                }
            }
        }
        return refused;
    }

    private static List<String> of(Statement duckdb, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (ResultSet result = duckdb.executeQuery(query)) {
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    values.add(text(result.getObject(i)));
                }
                rows.add(String.join(", ", values));
            }
        }
        return rows.stream().sorted().toList();
    }

    private static List<String> of(Session session, String query) {
        List<String> rows = new ArrayList<>();
        for (Row row : session.sql(query).collectAsList()) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < row.length(); i++) {
                values.add(text(row.get(i)));
            }
            rows.add(String.join(", ", values));
        }
        return rows.stream().sorted().toList();
    }

    private static String text(@Nullable Object value) {
        return value instanceof Number number
                ? String.format(Locale.ROOT, "%.6f", number.doubleValue())
                : String.valueOf(value);
    }
}
