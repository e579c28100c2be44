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
import org.junit.jupiter.params.provider.ValueSource;

/// Aggregates of distinct values beside others give what each of them gives alone.
class DistinctAggregatesTest {
    private static final List<String> BESIDE = List.of(
            "count(DISTINCT b)",
            "max(DISTINCT b)",
            "count(*)",
            "count(b)",
            "count(*) FILTER (WHERE v > 5000)",
            "sum(v) FILTER (WHERE b IS NULL)",
            "sum(v)",
            "avg(d)",
            "min(b)",
            "max_by(b, v)",
            "bit_xor(v)",
            "every(v >= 0)",
            "round(stddev(v), 6)");

    @AutoClose
    private final Session session = Session.builder().master("local[2]").create();

    @BeforeEach
    void table() {
        session.sql("CREATE TEMP VIEW t AS SELECT id % 7 AS a, if(id % 5 = 0, NULL, cast(id % 50 AS string)) AS b,"
                + " id AS v, cast(id AS decimal(10, 2)) / 4 AS d FROM range(0, 10000, 1, 4)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM t",
                "FROM t WHERE v < 0",
                "FROM t WHERE b IS NULL",
                "FROM t GROUP BY a ORDER BY a",
                "FROM t GROUP BY b ORDER BY b",
                "FROM t WHERE v < 0 GROUP BY a",
                "FROM t GROUP BY ROLLUP (a, b) ORDER BY grouping_id(), a, b",
            })
    void eachGivesWhatItGivesAlone(String rest) {
        String keys =
                rest.contains("ROLLUP") ? "a, b, " : rest.contains("BY a") ? "a, " : rest.contains("BY b") ? "b, " : "";
        List<String> together = rows("SELECT " + keys + String.join(", ", BESIDE) + " " + rest, keys);
        List<String> alone = new ArrayList<>();
        for (String aggregate : BESIDE) {
            alone.add(String.join(" ", rows("SELECT " + keys + aggregate + " " + rest, keys)));
        }
        for (int i = 0; i < BESIDE.size(); i++) {
            int at = i;
            assertEquals(
                    alone.get(i),
                    String.join(
                            " ",
                            together.stream().map(row -> row.split(",")[at]).toList()),
                    BESIDE.get(i));
        }
    }

    private List<String> rows(String sql, String keys) {
        int from = keys.isEmpty() ? 0 : keys.split(", ").length;
        return session.sql(sql).collectAsList().stream()
                .map(row -> {
                    List<String> values = new ArrayList<>();
                    for (int i = from; i < row.length(); i++) {
                        values.add(String.valueOf(row.get(i)));
                    }
                    return String.join(",", values);
                })
                .toList();
    }

    @Test
    void theyAreGroupedByTheValueFirst() {
        assertTrue(plan("SELECT count(*), count(DISTINCT b) FROM t").contains("total count"));
        assertTrue(plan("SELECT a, sum(v), count(DISTINCT b), max(DISTINCT b) FROM t GROUP BY a")
                .contains("total sum"));
    }

    @Test
    void butNotBesideWhatKeepsItsValuesOrOfSeveralValues() {
        assertFalse(plan("SELECT count(DISTINCT b), collect_list(v) FROM t").contains("total"));
        assertFalse(plan("SELECT count(DISTINCT b), percentile(v, 0.5) FROM t").contains("total"));
        assertFalse(plan("SELECT count(DISTINCT b), count(DISTINCT a), count(*) FROM t")
                .contains("total"));
        assertFalse(plan("SELECT count(DISTINCT b) FILTER (WHERE v > 1), count(*) FROM t")
                .contains("total"));
    }

    private String plan(String sql) {
        return session.sql("EXPLAIN EXTENDED " + sql).first().getString(0);
    }
}
