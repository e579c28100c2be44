package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

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
}
