package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Functions that give another value at each call, such as `rand()` and `uuid()`.
class DrawsTest extends SqlSession {
    /// Splits are read by several threads, each of which draws for itself.
    @Test
    void allRowsDrawOtherValues() {
        assertEquals(
                "[2000000,2000000,2000000,7]",
                row("SELECT count(*), count(DISTINCT m), count(DISTINCT u), max(p) FROM (SELECT"
                        + " monotonically_increasing_id() m, uuid() u, spark_partition_id() p"
                        + " FROM range(0, 2000000, 1, 8))"));
    }

    @Test
    void sidesOfAJoinDrawOtherValues() {
        assertEquals(
                "[0]",
                row("SELECT count(*) FROM (SELECT uuid() u FROM range(100)) a JOIN (SELECT uuid() u FROM range(100)) b"
                        + " ON a.u = b.u"));
        assertEquals(
                "[20]",
                row("SELECT count(DISTINCT u) FROM (SELECT uuid() u FROM range(10) UNION ALL SELECT uuid() FROM"
                        + " range(10))"));
    }

    @Test
    void aQueryThatRunsAgainAtTheSameTimeDrawsTheSame() {
        String query = "SELECT id, rand() a, rand(7) b, uuid() c, monotonically_increasing_id() d"
                + " FROM range(0, 80000, 1, 8)";
        try (Session sameTime = Session.builder()
                .master("local[2]")
                .clock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))
                .create()) {
            assertTrue(sameTime.sql(query)
                    .collectAsList()
                    .equals(sameTime.sql(query).collectAsList()));
        }
    }

    @Test
    void aLimitChangesNoDraws() {
        assertEquals(
                "[60,2]",
                row(
                        "SELECT count(*), max(p) FROM (SELECT spark_partition_id() AS p FROM range(0, 100, 1, 4) LIMIT 60)"));
        assertEquals(
                List.of("[2,2]", "[3,3]", "[4,4]"),
                session
                        .sql("SELECT id, monotonically_increasing_id() FROM range(0, 10, 1, 1) LIMIT 3 OFFSET 2")
                        .collectAsList()
                        .stream()
                        .map(Row::toString)
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(*) BETWEEN 9000 AND 11000 FROM range(100000) WHERE rand() BETWEEN 0.5 AND 0.6",
                "SELECT count(*) = 0 FROM (SELECT nullif(floor(rand() * 2), 0) AS x FROM range(1000)) WHERE x = 0",
                "SELECT bool_and(decode(floor(rand() * 3), 0, 'a', 1, 'b', 2, 'c') IS NOT NULL) FROM range(3000)",
                "SELECT bool_and(floor(rand() * 3) IN (id - id, id - id + 1, 2)) FROM range(3000)",
                "SELECT bool_and(nanvl(if(rand() < 0.5, double('nan'), 1), 0) IN (0, 1)) FROM range(1000)",
            })
    void aValueThatIsLookedAtSeveralTimesIsDrawnOnce(String query) {
        assertEquals("[true]", row(query));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT bool_and(u = v AND v = w) FROM (SELECT uuid() AS u, u AS v, v AS w FROM range(10))",
                "SELECT bool_and(b > a AND c = b) FROM (SELECT rand() AS a, a + 1 + rand() AS b, b AS c FROM range(10))",
                "SELECT bool_and(r < 0.5) FROM (SELECT rand() AS r, row_number() OVER (ORDER BY id) AS n FROM range(100)"
                        + " QUALIFY r < 0.5)",
                "SELECT bool_and(r < 0.5) FROM (SELECT id, rand() AS r FROM range(100) GROUP BY id HAVING r < 0.5)",
                "SELECT bool_and(n = m) FROM (SELECT n, row_number() OVER (ORDER BY r) AS m FROM (SELECT rand() AS r,"
                        + " row_number() OVER (ORDER BY r) AS n FROM range(100)))",
                "SELECT bool_and(n = m) FROM (SELECT m, row_number() OVER (ORDER BY -r) AS n FROM (SELECT r,"
                        + " monotonically_increasing_id() + 1 AS m FROM (SELECT rand() AS r FROM range(100) ORDER BY -r"
                        + " LIMIT 100)))",
            })
    void aNameForAResultColumnMeansTheValueThatItShows(String query) {
        assertEquals("[true]", row(query));
    }
}
