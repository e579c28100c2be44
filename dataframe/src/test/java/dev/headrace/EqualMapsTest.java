package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Maps are equal whatever the order of their entries.
class EqualMapsTest {
    @AutoClose
    private final Session session = Session.builder().master("local[2]").create();

    @BeforeEach
    void maps() {
        session.sql("CREATE TEMP VIEW t AS SELECT * FROM VALUES (1, map('b', 1, 'a', 2)), (2, map('a', 2, 'b', 1)),"
                + " (3, map('a', 1)), (4, NULL), (5, NULL) AS x(id, m)");
    }

    private List<String> rows(String sql) {
        return session.sql(sql).collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    @Test
    void areOneGroup() {
        List<String> groups = List.of("[null,2]", "[{a -> 1},1]", "[{a -> 2, b -> 1},2]");
        assertEquals(groups, rows("SELECT CAST(m AS string), count(*) FROM t GROUP BY m"));
        assertEquals(
                groups,
                rows("SELECT CAST(k[0].m AS string), n FROM (SELECT array(struct(m)) AS k, count(*) AS n"
                        + " FROM t GROUP BY array(struct(m)))"));
        assertEquals(List.of("[2,2]"), rows("SELECT count(DISTINCT m), count(DISTINCT struct(m)) - 1 FROM t"));
    }

    @Test
    void areOneRowOfASet() {
        List<String> set = List.of("[null]", "[{a -> 1}]", "[{a -> 2, b -> 1}]");
        for (String query : List.of(
                "SELECT DISTINCT m FROM t",
                "SELECT m FROM t UNION SELECT m FROM t",
                "SELECT m FROM t INTERSECT SELECT m FROM t",
                "SELECT m FROM t EXCEPT SELECT map('a', 3)")) {
            assertEquals(set, rows("SELECT CAST(m AS string) FROM (" + query + ")"), query);
        }
        assertEquals(
                List.of("[null]"),
                rows("SELECT CAST(m AS string) FROM (SELECT m FROM t EXCEPT SELECT m FROM t WHERE id IN (2, 3))"));
        assertEquals(
                List.of(1, 3, 4),
                session.table("t").coalesce(1).dropDuplicates("m").sort("id").collectAsList().stream()
                        .map(row -> row.get(0))
                        .toList());
    }

    @Test
    void haveNoPartitions() {
        assertFails(
                "[GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE] 'm' is of type map<string,int>, which has no order, so there"
                        + " are no partitions of it. Use something within it, such as array_sort(map_entries(…)).",
                () -> rows("SELECT count(*) OVER (PARTITION BY m) FROM t"));
    }
}
