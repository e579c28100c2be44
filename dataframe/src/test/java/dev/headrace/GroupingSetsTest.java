package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /// The groups by all keys are made on the way only.
    @Test
    void groupsThatAreNotAskedForHaveNoResultsThatMayFail() {
        session.sql("CREATE TEMP VIEW large AS SELECT a, b, CAST(x AS DECIMAL(38, 18)) AS x FROM VALUES"
                + " (1, 1, '99999999999999999999'), (1, 2, '-99999999999999999999'),"
                + " (2, 1, '-99999999999999999999'), (2, 2, '99999999999999999999') AS v(a, b, x)");
        assertEquals(
                List.of("[null,1,0]", "[null,2,0]", "[1,null,0]", "[2,null,0]"),
                rows("SELECT a, b, CAST(avg(x) AS INT) AS m FROM large GROUP BY GROUPING SETS ((a), (b))"
                        + " ORDER BY a, b"));
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

    /// Of both sides of the limit at which groups are dealt into parts, and with groupings that can be made of several.
    @ParameterizedTest
    @ValueSource(ints = {1_000, 200_000})
    void manyGroups(int rows) {
        session.sql(
                "CREATE TEMP VIEW many AS SELECT cast(id % 1009 AS string) AS a, if(id % 3 = 0, NULL, id % 50021) AS b,"
                        + " id % 7 AS c, id AS v, cast(id AS double) AS d FROM range(0, " + rows + ", 1, 4)");
        String aggregates = ", count(*) AS n, sum(v) AS s, avg(v) AS m, sum(d) AS t, max(a) AS x FROM many";
        for (String sets : List.of("abc,ab,a,", "abc,ab,ac,bc,a,b,c,", "ab,bc,c,c", "c,b,a", "abc,ab,ab,b")) {
            List<String> alone = new ArrayList<>();
            List<String> together = new ArrayList<>();
            for (String set : sets.split(",", -1)) {
                List<String> columns = new ArrayList<>();
                int id = 0;
                for (String key : List.of("a", "b", "c")) {
                    columns.add(set.contains(key) ? key : "NULL AS " + key);
                    id = 2 * id + (set.contains(key) ? 0 : 1);
                }
                String keys = String.join(", ", set.split(""));
                together.add("(" + keys + ")");
                alone.add("SELECT " + String.join(", ", columns) + ", " + id + " AS g" + aggregates
                        + (set.isEmpty() ? "" : " GROUP BY " + keys));
            }
            DataFrame each = session.sql(String.join(" UNION ALL ", alone));
            DataFrame once = session.sql("SELECT a, b, c, grouping_id(a, b, c) AS g" + aggregates
                    + " GROUP BY GROUPING SETS (" + String.join(", ", together) + ")");
            String plan = once.explainString("formatted");
            assertTrue(plan.contains("HashGroupingSets"), plan);
            assertEquals(each.count(), once.count());
            assertEquals(0, each.exceptAll(once).count(), sets);
        }
    }

    /// That is, of as many tables.
    @Test
    void moreGroupingsThanAreMadeOfEachOther() {
        String cube =
                "SELECT count(*), sum(n) FROM (SELECT count(*) AS n FROM t GROUP BY CUBE (a, b, v % 2, v % 3, v % 5, v % 7%s))";
        assertTrue(plan(cube.replace("%s", "")).contains("HashGroupingSets"));
        assertTrue(plan(cube.replace("%s", ", v % 11")).contains("Explode"));
        assertEquals(
                "[640000]",
                rows("SELECT sum(n) FROM (" + cube.replace("%s", "").replace("count(*), sum(n)", "sum(n) AS n") + ")")
                        .getFirst());
    }

    @Test
    void aPartIsReadTwice() {
        assertEquals(
                List.of("[7,10000]"),
                rows("WITH r AS (SELECT a, b, sum(v) AS s, count(*) AS n FROM t GROUP BY ROLLUP (a, b))"
                        + " SELECT count(*), max(y.n) FROM r x JOIN r y ON x.s <= y.s WHERE x.b IS NULL AND x.a < 7"
                        + " AND y.a IS NULL AND x.n > 1000"));
    }

    @Test
    void aLimitLeavesGroupsUnread() {
        assertEquals(
                3,
                rows("SELECT v, a, count(*) FROM t GROUP BY CUBE (v, a) LIMIT 3")
                        .size());
    }

    /// What the number of a row's copy has a part in, and rows that are repeated by hand.
    @Test
    void rowsThatAreRepeatedByHand() {
        assertEquals(
                List.of("[null,1,7,21]", "[0,2,7,21]"),
                rows("SELECT x AS k, n, count(*), sum(s) FROM (SELECT if(x = 1, NULL, 0) AS x, x AS n, a, count(*) AS s"
                        + " FROM (SELECT a, explode(array(1, 2)) AS x FROM t WHERE v < 21)"
                        + " GROUP BY if(x = 1, NULL, 0), x, a) GROUP BY x, n ORDER BY n"));
        assertEquals(
                List.of("[1,2]", "[2,2]", "[3,2]"),
                rows("SELECT id + x, count(*) FROM (SELECT id, explode(array(1, 1)) AS x FROM range(3))"
                        + " GROUP BY id + x, x ORDER BY 1"));
        assertEquals(
                List.of("[1,1]", "[2,2]", "[3,2]", "[4,1]"),
                rows("SELECT id + x, count(*) FROM (SELECT id, explode(array(1, 2)) AS x FROM range(3))"
                        + " GROUP BY id + x ORDER BY 1"));
    }

    @Test
    void nestedKeys() {
        assertEquals(
                List.of("[null,null,4]", "[null,[0],2]", "[[0],[0],2]", "[null,[1],2]", "[[1],[1],2]"),
                rows("SELECT struct(id % 2) AS a, array(id % 2) AS b, count(*) FROM range(4)"
                        + " GROUP BY GROUPING SETS ((struct(id % 2), array(id % 2)), (array(id % 2)), ())"
                        + " ORDER BY b[0] NULLS FIRST, a NULLS FIRST"));
    }

    @Test
    void groupsAreGroupedAgain() {
        String once = plan("SELECT a, b, sum(v) FROM t GROUP BY ROLLUP (a, b)");
        assertTrue(once.contains("HashGroupingSets (a, b), (a), (), [sum("), once);
        assertFalse(once.contains("Explode"), once);
        for (String aggregate : List.of("first(v)", "count(DISTINCT v)")) {
            assertFalse(plan("SELECT a, b, " + aggregate + " FROM t GROUP BY ROLLUP (a, b)")
                    .contains("HashGroupingSets"));
        }
        assertFalse(plan("SELECT a, b, first(v) FROM t GROUP BY ROLLUP (a, b)").contains("partial"));
    }

    /// @param groupings those that are left; what each asks of the rows is the same, or it is asked of the groups
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "g < 3 | (a, b), (a), (b)",
                "g = 2 | (b)",
                "i = 0 | (a, b), (a)",
                "i = 1 AND b > '3' | (b)",
                "a IS NOT NULL | (a, b), (a)",
                "a = 5 AND b = '2' | (a, b)",
                "a = 5 AND n > 100 | (a, b), (a)",
                "b IS NULL AND a < 3 | (a, b), (a)",
                "g < 3 AND b IS NULL | (a, b), (a), (b)",
                "g = 0 AND b IS NULL | (a, b)",
                "a = 5 OR g = 3 | (a, b), (a), (b), ()",
                "g > n | (a, b), (a), (b), ()",
            })
    void conditionsOnKeysLeaveGroupingsOut(String condition, String groupings) {
        String all = "SELECT a, b, grouping_id() AS g, grouping(a) AS i, count(*) AS n FROM t GROUP BY CUBE (a, b)";
        List<Row> expected = session.sql(all).collectAsList();
        session.createDataFrame(expected, session.sql(all).schema()).createOrReplaceTempView("groups");
        String some = "SELECT * FROM (" + all + ") WHERE " + condition;
        assertEquals(rows("SELECT * FROM groups WHERE " + condition + " ORDER BY ALL"), rows(some + " ORDER BY ALL"));
        assertTrue(plan(some).contains("HashGroupingSets " + groupings + ", [count("), plan(some));
        assertFalse(plan(some).contains("Explode"), plan(some));
    }

    @Test
    void conditionsThatNoGroupingMeetsLeaveNothing() {
        assertEquals(List.of(), rows("SELECT a, b, count(*) FROM t GROUP BY ROLLUP (a, b) HAVING grouping_id() = 2"));
    }

    @Test
    void conditionsOnKeysLeaveGroupingsOfDistinctValuesOut() {
        String sql = "SELECT a, b, count(DISTINCT v) AS n FROM t GROUP BY CUBE (a, b) HAVING a IS NOT NULL";
        assertEquals(
                rows("SELECT a, b, count(DISTINCT v) AS n FROM t GROUP BY a, b"
                        + " UNION ALL SELECT a, NULL, count(DISTINCT v) FROM t GROUP BY a ORDER BY ALL"),
                rows(sql + " ORDER BY ALL"));
    }

    @Test
    void rowsThatAreRepeatedByHandAreFilteredBefore() {
        assertEquals(
                List.of("[7,2]", "[8,1]", "[8,2]", "[9,1]", "[9,2]"),
                rows("SELECT id, x FROM (SELECT id, explode(array(1, 2, 3)) AS x FROM range(10))"
                        + " WHERE id + x > 8 AND x < 3 ORDER BY ALL"));
        assertEquals(
                List.of("[9,0,1]", "[9,2,3]"),
                rows("SELECT id, p, x FROM range(10) LATERAL VIEW posexplode(array(1, 2, 3)) AS p, x"
                        + " WHERE id > 8 AND x <> 2 ORDER BY ALL"));
    }

    @Test
    void groupsOfDistinctValuesAreRepeated() {
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
