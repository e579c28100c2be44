package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.DataException;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.rules.Optimizer;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Groupings that a query has in several places are computed once, over the rows that any of them wants.
class RepeatedGroupingsTest {
    private static final String GROUPS =
            "SELECT id % 100 AS g, id % 7 AS d, sum(id) AS s, count(*) AS c, max(id) AS m FROM range(0, 20000, 1, 3)"
                    + " GROUP BY id % 100, id % 7";

    private final Session session = Session.builder().master("local[2]").create();

    @AfterEach
    void close() {
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
        session.close();
    }

    private LogicalPlan optimized(String sql) {
        return Optimizer.optimize(session.sql(sql).resolved().plan(), ZoneOffset.UTC);
    }

    /// How many different groupings are computed.
    private static int groupings(LogicalPlan plan) {
        Set<LogicalPlan> different = Collections.newSetFromMap(new IdentityHashMap<>());
        addGroupings(plan, different);
        return different.size();
    }

    private static void addGroupings(LogicalPlan plan, Set<LogicalPlan> different) {
        if (plan instanceof LogicalPlan.Aggregate) {
            different.add(plan);
        }
        plan.inputs().forEach(input -> addGroupings(input, different));
    }

    /// The condition over the rows that are grouped.
    private static String condition(LogicalPlan plan) {
        if (plan instanceof LogicalPlan.Aggregate aggregate) {
            return aggregate.input() instanceof LogicalPlan.Filter filter
                    ? filter.predicate().toString()
                    : "all rows";
        }
        return condition(plan.inputs().getFirst());
    }

    private static String twice(String left, String right) {
        return "WITH t AS (" + GROUPS + ") SELECT a.g, a.s, b.c FROM (SELECT * FROM t WHERE " + left
                + ") a JOIN (SELECT * FROM t WHERE " + right + ") b ON a.g = b.g AND a.m <= b.m";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "d = 1; d = 2",
                "d = 1 AND s > 10; d = 2 AND c > 1",
                "d = 1 AND m > 5; d = 1 AND c > 1",
                "d = 1 AND g < 50; d = 2 AND g < 60",
                "d IN (1, 2); d = 1 AND g + d > 4",
                "d = 1; c > 3",
                "true; true",
                "d = 1; d = 1",
            })
    void whatIsUsedTwiceIsGroupedOnce(String left, String right) {
        String shared = twice(left, right);

        assertEquals(1, groupings(optimized(shared)), optimized(shared).toString());
        // The same rows by groupings that are not equal.
        String apart = "SELECT a.g, a.s, b.c FROM (SELECT * FROM (" + GROUPS + ") WHERE " + left
                + ") a JOIN (SELECT * FROM ("
                + GROUPS.replace("FROM range", "FROM (SELECT id + 0 AS id FROM range")
                        .replace(" GROUP BY", ") GROUP BY")
                + ") WHERE " + right + ") b ON a.g = b.g AND a.m <= b.m";
        assertEquals(rows(apart), rows(shared));
        assertTrue(!rows(shared).isEmpty());
    }

    private List<String> rows(String sql) {
        return session.sql(sql).collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    @Test
    void rowsThatNoPlaceWantsAreNotGrouped() {
        String condition = condition(optimized(twice("d = 1 AND s > 10", "d = 2")));

        assertTrue(condition.contains("= 1") && condition.contains("= 2") && condition.contains("OR"), condition);
    }

    @Test
    void whatAllPlacesWantStandsOnce() {
        String condition = condition(optimized(twice("d = 3 AND g < 10", "d = 3 AND s > 0")));

        assertTrue(condition.contains("= 3") && !condition.contains("OR") && !condition.contains("< 10"), condition);
    }

    @Test
    void columnsThatNoPlaceUsesAreNotComputed() {
        String plan = session.sql("WITH t AS (" + GROUPS
                        + ") SELECT a.s, b.c FROM t a JOIN t b ON a.g = b.g WHERE a.d = 1 AND b.d = 2")
                .explainString("simple");

        assertTrue(plan.contains("[sum(") && plan.contains("count(") && !plan.contains("max("), plan);
    }

    @Test
    void explainDrawsItOnce() {
        String plan = session.sql(twice("d = 1", "d = 2")).explainString("simple");

        assertEquals(1, plan.split("Range \\(", -1).length - 1, plan);
        assertEquals(1, plan.split("\\(computed above\\)", -1).length - 1, plan);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(*) FROM (SELECT g FROM t UNION ALL SELECT d FROM t)",
                "SELECT (SELECT count(*) FROM t) + (SELECT count(*) FROM t WHERE d = 1) AS n",
                "SELECT g, s FROM t WHERE s = (SELECT max(s) FROM t) OR s = (SELECT min(s) FROM t WHERE g > 3)",
                "SELECT g FROM t WHERE d = 1 AND g IN (SELECT g FROM t WHERE d = 2 AND s % 2 = 0)",
                "SELECT g FROM t WHERE d = 1 AND NOT EXISTS (SELECT 1 FROM t u WHERE u.g = t.g + 1 AND u.d = 2)",
                "SELECT x.g, y.g FROM (SELECT g, sum(c) AS c FROM t GROUP BY g) x JOIN"
                        + " (SELECT g, sum(c) AS c FROM t GROUP BY g) y ON x.g = y.g + 1 WHERE x.g < 9 AND y.c > 0",
                "SELECT 'a', g, s FROM t WHERE 1 = 0 UNION ALL SELECT 'b', g, s FROM t WHERE d = 5",
                "SELECT a.g, row_number() OVER (ORDER BY a.g, a.s) AS r FROM t a LEFT JOIN t b"
                        + " ON a.g = b.g AND b.d = 2 AND a.d = 3 WHERE a.g IS NOT NULL",
            })
    void placesOfEveryKind(String query) {
        String apart = query;
        for (int place = 0; apart.contains("FROM t"); place++) {
            String other = "SELECT id % 100 AS g, id % 7 AS d, sum(id) AS s, count(*) AS c, max(id) AS m FROM"
                    + " (SELECT id + " + place + " - " + place + " AS id FROM range(0, 20000, 1, 3)) GROUP BY id % 100,"
                    + " id % 7";
            apart = apart.replaceFirst("FROM t\\b", "FROM (" + other + ") t");
            apart = apart.replace(") t u ", ") u ").replace(") t a ", ") a ");
        }
        apart = apart.replace("JOIN t b", "JOIN (" + GROUPS + ") b");

        assertEquals(rows(apart), rows("WITH t AS (" + GROUPS + ") " + query));
    }

    /// What is computed above a window function, without its partition, stands in both places too.
    @Test
    void aJoinOfOnePlaceFiltersNoRowsOfTheOther() {
        String query = "WITH w AS (SELECT id, row_number() OVER (PARTITION BY id % 4 ORDER BY id) AS r FROM range(40))"
                + " SELECT count(*) AS n, sum(b.id) AS s FROM w a JOIN w b ON a.r = b.r"
                + " JOIN (SELECT id FROM range(3)) c ON a.id = c.id";

        assertEquals(List.of("[12,18]"), rows(query));
    }

    @Test
    void whatAConditionKeepsFromAnErrorStaysBehindIt() {
        String query = "WITH t AS (SELECT id % 3 AS a, id % 3 * 2 AS b, count(*) AS c FROM range(12)"
                + " GROUP BY id % 3, id % 3 * 2) SELECT x.a, y.a FROM (SELECT * FROM t WHERE b > 0 AND 12 % a = 0) x"
                + " CROSS JOIN (SELECT * FROM t WHERE b = 2 AND a = 1) y";

        assertEquals(List.of("[1,1]", "[2,1]"), rows(query));
    }

    @Test
    void groupingsWithoutColumns() {
        String query = "WITH o AS (SELECT 1 AS one FROM range(3) HAVING true)"
                + " SELECT a.one, b.one FROM o a CROSS JOIN o b";

        assertEquals(List.of("[1,1]"), rows(query));
    }

    /// In the second place the condition that may fail stands behind another one than in the first.
    @Test
    void conditionsThatMayFailStayInTheirPlaces() {
        String query = "WITH t AS (SELECT id % 10 AS g, count(*) AS c FROM range(1000) GROUP BY id % 10)"
                + " SELECT a.g FROM (SELECT * FROM t WHERE g <> 0 AND 10 DIV g > 1) a"
                + " JOIN (SELECT * FROM t WHERE g = 5 AND 10 DIV g > 1) b ON a.c = b.c ORDER BY a.g";

        assertEquals(List.of("[1]", "[2]", "[3]", "[4]", "[5]"), rows(query));
    }

    @Test
    void groupingsByChanceAreNotShared() {
        String random = "WITH t AS (SELECT id % 3 AS g, sum(rand()) AS s FROM range(30) GROUP BY id % 3)"
                + " SELECT a.s FROM t a JOIN t b ON a.g = b.g WHERE a.g = 1 AND b.g = 1";

        assertEquals(2, groupings(optimized(random)));
    }

    @Test
    void aGroupingThatFailsLeavesNothing() {
        String failing = "WITH t AS (SELECT id % 10 AS g, sum(if(id = 5000, raise_error('no'), id)) AS s"
                + " FROM range(0, 9000, 1, 4) GROUP BY id % 10)"
                + " SELECT * FROM (SELECT * FROM t WHERE g = 0) a JOIN (SELECT * FROM t WHERE g = 1) b ON a.s < b.s";

        assertThrows(DataException.class, () -> session.sql(failing).collectAsList());
    }
}
