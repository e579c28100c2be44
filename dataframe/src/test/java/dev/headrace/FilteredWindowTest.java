package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Aggregates with a `FILTER` over windows give what joins of each row with its partition or frame give.
class FilteredWindowTest {
    private final Session session = Session.builder().master("local[2]").create();

    @BeforeEach
    void rows() {
        session.sql("CREATE TEMP VIEW t AS SELECT id, if(id % 23 = 0, NULL, id * id % 41 % 23) AS k,"
                + " if(id % 5 = 0, NULL, id * 7 % 13) AS v FROM range(300)");
    }

    @AfterEach
    void close() {
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
        session.close();
    }

    private List<String> rows(String sql) {
        return session.sql(sql).collectAsList().stream().map(Row::toString).toList();
    }

    /// @param condition of the columns of `b`
    private static String aggregates(String condition, String over) {
        return """
                count(*) FILTER (WHERE %1$s) %2$s AS n, sum(b.v) FILTER (WHERE %1$s) %2$s AS s,
                max(b.v) FILTER (WHERE %1$s) %2$s AS m, sort_array(collect_list(b.v) FILTER (WHERE %1$s) %2$s) AS l
                """.formatted(condition, over);
    }

    /// Conditions that leave rows in all partitions, in some, in the first, in a single one, and in none.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "b.id % 3 = 1",
                "b.v < 3 AND b.k > 9",
                "b.k IS NULL",
                "b.k = 18",
                "b.id > 295",
                "b.v > 99",
                "true"
            })
    void overWholePartitions(String condition) {
        List<String> windows =
                rows("SELECT id, " + aggregates(condition, "OVER (PARTITION BY k)") + " FROM t b ORDER BY id");
        List<String> joined = rows("SELECT t.id, n, s, m, l FROM t JOIN (SELECT k, " + aggregates(condition, "")
                + " FROM t b GROUP BY k) g ON t.k <=> g.k ORDER BY id");
        assertEquals(300, windows.size());
        assertEquals(joined, windows);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW | b.id <= a.id",
                "id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING | b.id >= a.id",
                "id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING | true",
                "id RANGE BETWEEN 40 PRECEDING AND 60 FOLLOWING | b.id BETWEEN a.id - 40 AND a.id + 60",
                "id RANGE BETWEEN 90 PRECEDING AND 10 PRECEDING | b.id BETWEEN a.id - 90 AND a.id - 10",
                "v NULLS FIRST | (b.v IS NULL OR b.v <= a.v)"
            })
    void overFrames(String frame, String pairs) {
        for (String condition : List.of("b.id % 4 = 1", "b.id > 200", "b.k = 18", "b.id < 0")) {
            List<String> windows = rows("SELECT id, "
                    + aggregates(condition, "OVER (PARTITION BY k ORDER BY " + frame + ")") + " FROM t b ORDER BY id");
            List<String> joined = rows("SELECT a.id, " + aggregates(condition, "")
                    + " FROM t a LEFT JOIN t b ON a.k <=> b.k AND " + pairs + " GROUP BY a.id ORDER BY a.id");
            assertEquals(300, windows.size());
            assertEquals(joined, windows, condition);
        }
    }

    @Test
    void eachPartitionHasItsOwnRows() {
        assertEquals(
                List.of("[a,1,1]", "[a,2,1]", "[b,3,0]", "[b,4,0]", "[c,5,2]", "[c,6,2]"),
                rows("SELECT k, v, count(*) FILTER (WHERE v IN (1, 5, 6)) OVER (PARTITION BY k) AS n"
                        + " FROM VALUES ('a', 1), ('a', 2), ('b', 3), ('b', 4), ('c', 5), ('c', 6) AS t(k, v)"
                        + " ORDER BY v"));
    }
}
