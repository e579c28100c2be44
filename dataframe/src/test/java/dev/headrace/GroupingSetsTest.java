package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several groupings at once give what each of them gives alone.
class GroupingSetsTest {
    @AutoClose
    private final Session session = Session.builder().master("local[2]").create();

    @BeforeEach
    void table() {
        session.sql("CREATE TEMP VIEW t AS SELECT id % 7 AS a, if(id % 5 = 0, NULL, cast(id % 5 AS string)) AS b,"
                + " id AS v, cast(id AS decimal(10, 2)) / 4 AS d FROM range(0, 10000, 1, 4)");
    }

    private List<String> rows(String sql) {
        return session.sql(sql).collectAsList().stream().map(Row::toString).toList();
    }

    @Test
    void aColumnThatIsNamedInTwoWaysIsOneKey() {
        assertEquals(
                rows("SELECT a, count(*) FROM t GROUP BY GROUPING SETS ((a), (a)) ORDER BY a"),
                rows("SELECT a, count(*) FROM t GROUP BY GROUPING SETS ((t.a), (A)) ORDER BY a"));
        assertEquals(
                rows("SELECT a, count(*) AS n FROM t GROUP BY GROUPING SETS ((a), (a), (a), ()) ORDER BY a, n"),
                rows("SELECT a, count(*) AS n FROM t GROUP BY CUBE(a, 1) ORDER BY a, n"));
        assertEquals(
                rows("SELECT a, b, grouping_id() AS i FROM t GROUP BY ROLLUP(a, b, a) ORDER BY i, a, b"),
                rows("SELECT a, b, grouping_id() AS i FROM t GROUP BY ROLLUP(a, b, t.a) ORDER BY i, a, b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "count(*) AS x, count(b) AS y",
                "sum(v) AS x, avg(v) AS y, sum(d) AS z, avg(d) AS w",
                "min(b) AS x, max(v) AS y, max_by(b, v) AS z",
                "round(stddev(v), 6) AS x, percentile(v, 0.5) AS y, approx_count_distinct(v) AS z",
                "count(*) FILTER (WHERE v > 5000) AS x, sum(v) FILTER (WHERE b IS NULL) AS y",
                "size(collect_set(b)) AS x, bit_xor(v) AS y, every(v >= 0) AS z",
                "count(DISTINCT b) AS x",
                "count(DISTINCT b) AS x, sum(v) AS y",
                "count(DISTINCT b, v % 3) AS x, count(*) AS y, sum(v) FILTER (WHERE b IS NULL) AS z",
                "count(DISTINCT v) AS x, max(DISTINCT v) AS y, percentile(v, 0.5) AS z",
                "count(DISTINCT b) AS x, count(DISTINCT v % 9) FILTER (WHERE v > 5000) AS y, first(v) AS z",
                "first(v) AS x",
                "sum(a) AS x, max(concat(a, b)) AS y",
            })
    void eachGivesWhatItGivesAlone(String aggregates) {
        String both = "SELECT a, b, 0 AS g, " + aggregates + " FROM t GROUP BY a, b";
        String first = "SELECT a, NULL AS b, 1 AS g, " + aggregates + " FROM t GROUP BY a";
        String second = "SELECT NULL AS a, b, 2 AS g, " + aggregates + " FROM t GROUP BY b";
        String none = "SELECT NULL AS a, NULL AS b, 3 AS g, " + aggregates + " FROM t";
        assertEquals(
                rows(both + " UNION ALL " + first + " UNION ALL " + none + " ORDER BY ALL"),
                rows("SELECT a, b, grouping_id() AS g, " + aggregates + " FROM t GROUP BY ROLLUP (a, b) ORDER BY ALL"));
        assertEquals(
                rows(both + " UNION ALL " + first + " UNION ALL " + second + " UNION ALL " + none + " ORDER BY ALL"),
                rows("SELECT a, b, grouping_id() AS g, " + aggregates + " FROM t GROUP BY CUBE (a, b) ORDER BY ALL"));
        assertEquals(
                rows(second + " UNION ALL " + second + " ORDER BY ALL"),
                rows("SELECT a, b, grouping_id() AS g, " + aggregates
                        + " FROM t GROUP BY GROUPING SETS ((a, b), (b), (b)) HAVING grouping_id() = 2 ORDER BY ALL"));
    }

    @Test
    void keysMayBeComputed() {
        assertEquals(
                List.of("[null,null,10000]", "[0,null,5000]", "[0,x,5000]", "[1,null,5000]", "[1,x,5000]"),
                rows(
                        "SELECT v % 2 AS k, concat('x', '') AS c, count(*) AS n FROM t GROUP BY ROLLUP (v % 2, concat('x', ''))"
                                + " ORDER BY ALL"));
    }

    @Test
    void noRowsHaveNoGroups() {
        assertEquals(
                rows("SELECT NULL AS a, count(*) AS n FROM t WHERE v < 0 HAVING count(*) > 0"),
                rows("SELECT a, count(*) AS n FROM t WHERE v < 0 GROUP BY GROUPING SETS ((a))"));
    }

    @Test
    void groupsAreRepeatedInsteadOfRows() {
        String once = plan("SELECT a, b, sum(v) FROM t GROUP BY ROLLUP (a, b)");
        assertTrue(once.contains("partial sum"), once);
        assertFalse(plan("SELECT a, b, first(v) FROM t GROUP BY ROLLUP (a, b)").contains("partial"));
        assertFalse(plan("SELECT a, sum(v) FROM t GROUP BY GROUPING SETS ((a))").contains("partial"));
    }

    @Test
    void soAreGroupsOfDistinctValues() {
        assertTrue(plan("SELECT a, b, sum(v), count(DISTINCT d), max(DISTINCT d) FROM t GROUP BY ROLLUP (a, b)")
                .contains("partial sum"));
        assertTrue(plan("SELECT a, b, sum(v), count(DISTINCT b, d) FROM t GROUP BY ROLLUP (a, b)")
                .contains("partial sum"));
        for (String others : List.of(
                "count(DISTINCT d), count(DISTINCT v)",
                "count(DISTINCT d) FILTER (WHERE v > 1)",
                "count(DISTINCT d), collect_set(v)",
                "count(DISTINCT rand())",
                "count(DISTINCT array(v))")) {
            assertFalse(plan("SELECT a, b, sum(v), " + others + " FROM t GROUP BY ROLLUP (a, b)")
                    .contains("partial"));
        }
    }

    /// Of all rows, not of groups of them.
    @Test
    void valuesByChance() {
        assertEquals(
                List.of("[null,null,10000]"),
                rows("SELECT a, b, count(DISTINCT rand()) FROM t GROUP BY ROLLUP (a, b) HAVING grouping_id() = 3"));
    }

    private String plan(String sql) {
        return session.sql(sql).explainString("formatted");
    }
}
