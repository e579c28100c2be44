package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.api.java.UDF1;
import dev.headrace.chunk.Chunk;
import dev.headrace.types.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows of which more come than fit into a chunk.
class ExplodeTest {
    private static final int HUGE = 20 * Chunk.TARGET_ROWS + 3;

    private final Session session = Session.builder().master("local[2]").create();

    @AfterEach
    void close() {
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
        session.close();
    }

    private List<String> rows(String sql) {
        return session.sql(sql).collectAsList().stream().map(Row::toString).toList();
    }

    @Test
    void oneRowWithAHugeArray() {
        assertEquals(
                List.of("[" + HUGE + "," + (HUGE + 1) + ",0," + (HUGE - 1) + ",true,7]"),
                rows("SELECT count(*), count(DISTINCT e) + 1, min(pos), max(pos), bool_and(e = pos * 2), max(id)"
                        + " FROM (SELECT 7 AS id) LATERAL VIEW posexplode(transform(sequence(0, " + (HUGE - 1)
                        + "), x -> x * 2)) t AS pos, e"));
    }

    /// If the array went along with each of its elements, this would never end.
    @Test
    void anArrayThatNothingAboveUsesIsNotCopied() {
        session.sql("CREATE TEMP VIEW t AS SELECT id, sequence(0, id) AS xs, map(1, sequence(0, id)) AS m"
                + " FROM range(200000, 200002, 1, 1)");
        assertEquals(
                List.of("[400003,40000400001]"),
                rows("SELECT count(*), sum(e) FROM t LATERAL VIEW explode(xs) x AS e"));
        assertEquals(
                List.of("[200000,100000]", "[200001,100001]"),
                rows(
                        "SELECT id, count(*) FROM t LATERAL VIEW explode(xs) x AS e WHERE e % 2 = 1 GROUP BY id ORDER BY id"));
        assertEquals(
                List.of("[200000,200000]", "[200001,200000]", "[200001,200001]"),
                rows("SELECT id, e FROM t LATERAL VIEW OUTER explode(m[1]) x AS e WHERE e >= 200000 ORDER BY id, e"));
        assertEquals(
                List.of("[2,200001]", "[2,200002]"),
                rows(
                        "SELECT k + 1, size(v) FROM t LATERAL VIEW explode(m) x AS k, v LATERAL VIEW explode(m) y AS k2, v2"
                                + " ORDER BY 2"));
    }

    @Test
    void columnsOfAnyTypeThatOnlyTheArrayIsMadeOf() {
        session.sql("CACHE TABLE t AS SELECT named_struct('a', id, 'b', array(id)) AS s, map('k', array(id)) AS m,"
                + " CAST(id AS decimal(20, 2)) AS d, make_dt_interval(id) AS i, make_ym_interval(id) AS y,"
                + " parse_json(CAST(id AS string)) AS v, CAST(CAST(id AS string) AS binary) AS b, id > 0 AS c,"
                + " CAST(id AS float) AS f, date_add(DATE '2024-01-01', CAST(id AS int)) AS day, NULL AS n"
                + " FROM range(2)");
        assertEquals(
                List.of(
                        "[0]",
                        "[0,2024-01-01,0]",
                        "[0.0]",
                        "[0.00]",
                        "[1]",
                        "[1,2024-01-02,1]",
                        "[1.0]",
                        "[1.00]",
                        "[false]",
                        "[true]"),
                rows("SELECT e FROM t LATERAL VIEW explode(array(CAST(d AS string), CAST(f AS string),"
                        + " CAST(c AS string), CAST(v AS string), concat_ws(',', CAST(s.b[0] AS string), CAST(day AS string), CAST(m['k'][0] AS string)),"
                        + " if(isnull(i) OR isnull(y) OR isnull(b), 'x', n))) x AS e WHERE e IS NOT NULL ORDER BY e"));
        session.sql("UNCACHE TABLE t");
    }

    @Test
    void aHugeArrayBetweenRowsThatHaveNone() {
        List<String> expected = new ArrayList<>(List.of("[0,null,null]"));
        for (int i = 0; i < HUGE; i++) {
            expected.add("[1," + i + "," + i + "]");
        }
        expected.addAll(List.of("[2,null,null]", "[3,0,0]", "[4,null,null]"));
        assertEquals(
                expected,
                rows("SELECT id, pos, e FROM range(0, 5, 1, 1) LATERAL VIEW OUTER posexplode(CASE id WHEN 1 THEN"
                        + " sequence(0, " + (HUGE - 1) + ") WHEN 2 THEN slice(array(0), 1, 0) WHEN 3 THEN array(0) END)"
                        + " t AS pos, e"));
    }

    @Test
    void elementsOfManyRowsJoined() {
        session.sql("CREATE TEMP VIEW t AS SELECT id, if(id % 7 = 0, NULL,"
                + " slice(sequence(id, id + 19), 1, CAST(id % 20 AS INT))) AS xs FROM range(0, 5000, 1, 2)");
        List<String> expected = new ArrayList<>();
        for (long id = 0; id < 5000; id++) {
            long elements = id % 7 == 0 ? 0 : id % 20;
            if (elements == 0) {
                expected.add("[" + id + ",null,null,null]");
            }
            for (long i = 0; i < elements; i++) {
                long e = id + i;
                expected.add("[" + id + "," + i + "," + e + "," + (e % 3 == 0 ? "b" + e : "null") + "]");
            }
        }
        assertEquals(
                expected,
                rows("SELECT id, pos, e, name FROM (SELECT id, pos, e FROM t"
                        + " LATERAL VIEW OUTER posexplode(xs) x AS pos, e)"
                        + " LEFT JOIN (SELECT id AS other, concat('b', id) AS name FROM range(0, 6000, 3)) ON e = other"
                        + " ORDER BY id, pos"));
    }

    @Test
    void entriesOfMaps() {
        int entries = 2 * Chunk.TARGET_ROWS + 3;
        assertEquals(
                List.of("[" + entries + ",true]"),
                rows("SELECT count(*), bool_and(v = k * 2) FROM range(1) LATERAL VIEW explode(map_from_arrays("
                        + "sequence(1, " + entries + "), transform(sequence(1, " + entries
                        + "), x -> x * 2))) t AS k, v"));
    }

    /// 800 MB, of which a twenty-fifth may be held.
    @Test
    void wideRowsAreGivenFewAtATime() {
        try (Session small = Session.builder()
                .master("local[2]")
                .config("headrace.memory.limit", "32m")
                .create()) {
            assertEquals(
                    RowFactory.create(8_000L, 8_000L * 100_000 + 8_000L * 8_001 / 2),
                    small.sql("SELECT count(*), sum(length(text) + e) FROM (SELECT"
                                    + " repeat('x', CAST(100000 + id AS INT)) AS text FROM range(1))"
                                    + " LATERAL VIEW explode(sequence(1, 8000)) t AS e")
                            .head());
            assertEquals(0, small.runtime().allocator().getAllocatedMemory());
        }
    }

    /// 80 MB, of which less than half may be held; the mean says that the values are short.
    @Test
    void aWideRowAmongShortOnesIsGivenFewTimesAtATime() {
        try (Session small = Session.builder()
                .master("local[2]")
                .config("headrace.memory.limit", "32m")
                .create()) {
            assertEquals(
                    RowFactory.create(16_000L, 4_000L * 20_001 + 12_000L * 2),
                    small.sql("SELECT count(*), sum(length(concat(text, e % 10))) FROM (SELECT"
                                    + " CASE WHEN id = 2 THEN repeat('x', 20000) ELSE 'x' END AS text,"
                                    + " if(id < 4, sequence(1, 4000), array()) AS xs FROM range(0, 8000, 1, 1))"
                                    + " LATERAL VIEW explode(xs) t AS e")
                            .head());
            assertEquals(0, small.runtime().allocator().getAllocatedMemory());
        }
    }

    /// Also where no row gets as far as the end of the operators, which looks too.
    @Test
    void isCancelledBetweenChunks() {
        AtomicInteger calls = new AtomicInteger();
        session.udf()
                .register(
                        "stop",
                        (UDF1<Integer, Boolean>) _ -> {
                            if (calls.incrementAndGet() == 1) {
                                session.interruptAll();
                            }
                            return false;
                        },
                        DataTypes.BooleanType);
        Failures.assertFails(
                "[QUERY_CANCELLED] The query was cancelled before its end; nothing was written.",
                () -> rows("SELECT e FROM (SELECT explode(sequence(1, " + HUGE + ")) AS e) WHERE stop(e)"));
        assertTrue(calls.get() <= Chunk.TARGET_ROWS, calls::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(SELECT explode(sequence(1, 1000000)) AS e FROM range(8192))",
                "(SELECT explode(sequence(1, id)) AS e FROM range(1, 1000000))",
                "(SELECT a.id + b.id AS e FROM range(100000) a CROSS JOIN range(1000000) b)",
                "(SELECT a.id AS e FROM (SELECT id, id % 2 AS k FROM range(100000)) a"
                        + " LEFT JOIN (SELECT id, id % 2 AS k FROM range(200000)) b USING (k))"
            })
    void noMoreAreMadeThanALimitWants(String rows) {
        AtomicInteger calls = new AtomicInteger();
        session.udf()
                .register(
                        "seen",
                        functions
                                .udf((UDF1<Number, Boolean>) _ -> calls.incrementAndGet() > 0, DataTypes.BooleanType)
                                .asNondeterministic());
        assertEquals(
                10, rows("SELECT e FROM " + rows + " WHERE seen(e) LIMIT 10").size());
        assertTrue(calls.get() <= 2 * Chunk.TARGET_ROWS, calls::toString);
        calls.set(0);
        session.sql("SELECT e FROM " + rows + " WHERE seen(e)").showString(10, 20, false);
        assertTrue(calls.get() <= 2 * Chunk.TARGET_ROWS, calls::toString);
    }

    @Test
    void stackHasAMostOfRows() {
        assertEquals(10_000, session.sql("SELECT stack(10000, 1, 2)").count());
        for (String count : List.of("0", "10001", "2147483647", "CAST(1 AS INT)")) {
            String failure = org.junit.jupiter.api.Assertions.assertThrows(
                            dev.headrace.errors.QueryException.class,
                            () -> session.sql("SELECT stack(" + count + ", 1, 2)"))
                    .getMessage();
            assertTrue(
                    failure.contains(
                            "[INVALID_STACK] stack(n, …) takes a constant number of rows, from 1 to 10000, and the values."),
                    failure);
        }
    }
}
