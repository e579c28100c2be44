package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many rows that are joined with the texts that they are grouped by are grouped, piece by piece, before that.
class GroupBeforeJoinsTest {
    private static final String PIECES = "PieceAggregate";

    private final Session session = Session.builder().master("local[2]").create();

    /// Keys come together in `sales`, and far from each other in `scattered`; some have no name, some several.
    @BeforeEach
    void create() {
        view("sales", "id DIV 9 % 20000");
        view("scattered", "id * 7919 % 500009");
        session.sql(
                        "SELECT CAST(nullif(id % 12000, 7) AS INT) AS k, concat('name', id % 50) AS name, concat('town', id % 10) AS town,"
                                + " concat('land', id % 2) AS land,"
                                + " CAST(id AS DOUBLE) AS weight FROM range(15000)")
                .createOrReplaceTempView("names");
    }

    private void view(String name, String key) {
        session.sql("SELECT CAST(CASE WHEN id % 97 <> 0 THEN " + key + " END AS INT) AS k,"
                        + " CAST(nullif(id % 13, 5) AS INT) AS v, id AS big, CAST(id % 1000 AS DECIMAL(7, 2)) AS d,"
                        + " CAST(id % 10 AS DECIMAL(7, 2)) AS e, CAST(id AS DECIMAL(38, 4)) AS wide,"
                        + " CAST(id % 3 AS DOUBLE) AS x, CAST(id % 5 AS STRING) AS s FROM range(0, 1200000, 1, 5)")
                .createOrReplaceTempView(name);
    }

    @AfterEach
    void close() {
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
        session.close();
    }

    private String plan(String sql) {
        return session.sql(sql).explainString("simple");
    }

    private List<String> rows(String sql) {
        return session.sql(sql).collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    /// The same rows as with an aggregate for which nothing is grouped before.
    private void assertInPieces(String calls, String rest) {
        String sql = "SELECT " + calls + ", 1 AS one " + rest;
        assertTrue(plan(sql).contains(PIECES), plan(sql));
        String asItWas = "SELECT " + calls + ", count(DISTINCT 1) AS one " + rest;
        assertFalse(plan(asItWas).contains(PIECES), plan(asItWas));
        assertEquals(rows(asItWas), rows(sql));
    }

    private void assertAsItWas(String sql) {
        assertFalse(plan(sql).contains(PIECES), plan(sql));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "count(*)",
                "count(v), sum(v), min(v), max(v)",
                "sum(d), avg(d), min(d), max(d), min(s), max(s)",
                "sum((d - e) / 2), sum(d * e), max(d + e)",
                "sum(v) FILTER (WHERE d > 500), count(*) FILTER (WHERE v IS NULL), count_if(v > 3)",
                "bool_or(v = 3), bit_or(v), min(x), max_by(v, big)",
            })
    void resultsAreTheSame(String calls) {
        String rest = "FROM sales JOIN names USING (k) GROUP BY name, town, land";
        assertInPieces("name, " + calls, rest);
        assertInPieces("name, " + calls, rest.replace("sales", "scattered"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM sales JOIN names ON sales.k = names.k AND v < length(name) GROUP BY name, town, land, v",
                "FROM names JOIN sales ON sales.k + 1 = names.k GROUP BY name, town, land, v",
                "FROM sales JOIN names USING (k) WHERE v + length(name) > 9 GROUP BY name, town, land, v",
                "FROM sales JOIN names ON sales.k + 100000 = names.k GROUP BY name, town, land, v",
                "FROM sales JOIN names USING (k) JOIN (SELECT id AS v, id % 2 AS w FROM range(9)) USING (v)"
                        + " GROUP BY name, town, land, v, w",
                "FROM (SELECT k AS key, v, d + e AS d FROM sales WHERE e <> 2) JOIN names ON key = k"
                        + " GROUP BY name, town, land, v",
            })
    void whatIsJoinedByAndAskedForStaysAKey(String rest) {
        assertInPieces("name, v, count(*), sum(d), max(d)", rest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT name, sum(big) FROM sales JOIN names USING (k) GROUP BY name, town, land",
                "SELECT name, sum(wide) FROM sales JOIN names USING (k) GROUP BY name, town, land",
                "SELECT name, sum(x) FROM sales JOIN names USING (k) GROUP BY name, town, land",
                "SELECT name, first(v) FROM sales JOIN names USING (k) GROUP BY name, town, land",
                "SELECT name, collect_list(v) FROM sales JOIN names USING (k) GROUP BY name, town, land",
                "SELECT name, sum(v + weight) FROM sales JOIN names USING (k) GROUP BY name, town, land",
                "SELECT name, sum(CAST(weight AS INT)), sum(v) FROM sales JOIN names USING (k) GROUP BY name, town, land",
                "SELECT name, x, sum(v) FROM sales JOIN names USING (k) GROUP BY name, town, land, x",
                "SELECT name, sum(v * CAST(rand() AS INT)) FROM sales JOIN names USING (k) GROUP BY name, town, land",
                "SELECT name, max(wide + wide) FROM sales JOIN names USING (k) GROUP BY name, town, land",
                "SELECT name, max(d / e) FROM sales JOIN names USING (k) GROUP BY name, town, land",
                "SELECT name, max(d / 0.5) FROM sales JOIN names USING (k) GROUP BY name, town, land",
                "SELECT name, max(d % e) FROM sales JOIN names USING (k) GROUP BY name, town, land",
                "SELECT name, max(wide * wide) FROM sales JOIN names USING (k) GROUP BY name, town, land",
                "SELECT name, sum(v) FROM sales JOIN names USING (k) GROUP BY name, town",
                "SELECT name, v, d, sum(v) FROM sales JOIN names USING (k) GROUP BY name, town, land, v, d",
                "SELECT name, sum(v) FROM sales LEFT JOIN names USING (k) GROUP BY name, town, land",
                "SELECT weight, sum(v) FROM sales JOIN names USING (k) GROUP BY weight",
                "SELECT name, sum(v) FROM (SELECT * FROM sales LIMIT 900000) JOIN names USING (k) GROUP BY name, town, land",
                "SELECT name, sum(v) FROM sales JOIN (SELECT * FROM names LIMIT 9000) USING (k) GROUP BY name, town, land",
            })
    void othersStayAsTheyAre(String sql) {
        assertAsItWas(sql);
    }

    @Test
    void argumentsOfRowsWithoutPartnersDontFail() {
        String sql = "SELECT name, max(10 DIV (k - 15000)) FROM sales JOIN names USING (k) GROUP BY name, town, land";

        assertAsItWas(sql);
        assertEquals(50, rows(sql).size());
    }

    @Test
    void rowsWithKeysOfTheirOwnStayAsTheyAre(@TempDir Path directory) {
        String path = directory.resolve("orders").toString();
        session.sql("SELECT CAST(id AS INT) AS k, CAST(id % 9000 AS INT) AS m, CAST(1 AS INT) AS v FROM range(1200000)")
                .write()
                .parquet(path);
        session.read().parquet(path).createOrReplaceTempView("orders");

        assertAsItWas("SELECT name, town, sum(v) FROM orders JOIN names USING (k) GROUP BY name, town, land");
        assertInPieces("name, town, sum(v)", "FROM orders JOIN names ON m = names.k GROUP BY name, town, land");
    }

    @Test
    void groupsOfARepeatedGroupingAreInPieces() {
        String groups = "WITH t AS (SELECT name, v, sum(d) AS d FROM sales JOIN names USING (k)"
                + " GROUP BY name, town, land, v) ";
        String sql =
                groups + "SELECT a.name, a.d, b.d FROM t a JOIN t b ON a.name = b.name WHERE a.v <> 1 AND b.v <> 2";

        assertTrue(plan(sql).contains(PIECES), plan(sql));
        assertEquals(50 * 11 * 11, rows(sql).size());
    }
}
