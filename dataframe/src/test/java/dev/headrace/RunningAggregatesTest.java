package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.DataException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Aggregates over the rows up to the current one give what joins of each row with those before it give, over
/// partitions of few rows and of more than are taken in at once.
class RunningAggregatesTest {
    private final Session session = Session.builder().master("local[2]").create();

    @AfterEach
    void close() {
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
        session.close();
    }

    private List<String> rows(String sql) {
        return session.sql(sql).collectAsList().stream().map(Row::toString).toList();
    }

    private static String aggregates(String over) {
        return """
                count(*) %1$s AS n, count(b.v) %1$s AS c, sum(b.v) %1$s AS s, min(b.v) %1$s AS l, max(b.v) %1$s AS m,
                sum(b.x) %1$s AS sx, avg(b.x) %1$s AS ax, min(b.x) %1$s AS lx, max(b.x) %1$s AS mx,
                max(b.d) %1$s AS md, min(b.d) %1$s AS ld, min(b.day) %1$s AS day, max(b.v > 3) %1$s AS any,
                sum(b.v) FILTER (WHERE b.v > 5) %1$s AS f
                """.formatted(over);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "id % 401", "id % 3", "id % 7 * (id % 7)", "id DIV 500"})
    void giveWhatJoinsGive(String partition) {
        session.sql("CREATE TEMP VIEW t AS SELECT id, " + partition + " AS k,"
                + " if(id % 5 = 0 OR id < 40, NULL, id * 7 % 13) AS v,"
                + " CAST(if(id % 6 = 0, NULL, id * 77 % 101 - 50) AS DECIMAL(20, 2)) AS x,"
                + " if(id % 11 = 0, double('NaN'), id * 31 % 97 - 40.5D) AS d,"
                + " DATE '2026-01-01' + CAST(id * 13 % 50 AS INT) AS day FROM range(2500)");
        for (String frame : List.of("ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW", "")) {
            assertEquals(
                    rows("SELECT a.id, " + aggregates("")
                            + " FROM t a JOIN t b ON a.k = b.k AND b.id <= a.id GROUP BY a.id ORDER BY a.id"),
                    rows("SELECT id, " + aggregates("OVER (PARTITION BY k ORDER BY id " + frame + ")")
                            + " FROM t b ORDER BY id"));
        }
    }

    @Test
    void overflowOnlyWhereAFrameDoes() {
        String sums = "SELECT max(s) FROM (SELECT sum(v) OVER (PARTITION BY id DIV 2 ORDER BY id ROWS UNBOUNDED"
                + " PRECEDING) AS s FROM (SELECT id, if(id %% %d = 1, -1, 9223372036854775807) AS v FROM range(3000)))";
        assertEquals(List.of("[9223372036854775807]"), rows(sums.formatted(2)));
        assertEquals(
                "ARITHMETIC_OVERFLOW",
                assertThrows(DataException.class, () -> rows(sums.formatted(4))).code());
    }
}
