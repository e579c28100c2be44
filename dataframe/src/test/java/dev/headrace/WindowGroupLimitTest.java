package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Windows of which a filter wants the first rows of each partition give what they give under a filter that does not
/// tell it, and look at fewer rows.
class WindowGroupLimitTest {
    /// Of different types, with nulls, ties, zeros of both signs, NaN, and numbers that no long holds.
    private static final String ROWS = "SELECT id, id * 7919 % 10007 AS n, CASE WHEN id % 9 = 0 THEN NULL ELSE"
            + " id * 31 % 997 END AS v, id * 13 % 5 AS few, id * 17 % 3001 AS many,"
            + " CASE id % 7 WHEN 0 THEN double('NaN') WHEN 1 THEN -0.0D WHEN 2 THEN 0.0D ELSE double(id * 77 % 4001)"
            + " - 2000 END AS d, float(id * 77 % 401) AS f,"
            + " CAST((id * 91 % 7001 - 3500) AS DECIMAL(38, 2)) * CASE WHEN id % 2 = 0 THEN 1 ELSE"
            + " 1000000000000000000000BD END AS wide, CAST(id * 91 % 7001 AS DECIMAL(9, 2)) AS narrow,"
            + " concat(if(id % 2 = 0, 'a', 'long prefix '), CAST(id * 37 % 5003 AS STRING)) AS s,"
            + " CAST(id * 37 % 211 AS SMALLINT) AS small, id % 3 = 0 AS b, DATE '2026-01-01' + CAST(id % 50 AS INT) AS day";

    private static final List<String> KEYS = List.of(
            "n", "v", "d", "f", "wide", "narrow", "s", "small", "day", "b", "v % 10", "length(s)", "array(n)", "few");

    @TempDir
    private Path directory;

    private Session session = open("2g");

    private Session open(String memory) {
        return Session.builder()
                .master("local[2]")
                .config("headrace.memory.limit", memory)
                .config("headrace.spill.directory", String.valueOf(directory))
                .create();
    }

    @AfterEach
    void close() {
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
        session.close();
    }

    private void rows(int count) {
        session.sql("CREATE OR REPLACE TEMP VIEW t AS " + ROWS + " FROM range(" + count + ")");
    }

    private List<String> rows(String sql) {
        return session.sql(sql).collectAsList().stream().map(Row::toString).toList();
    }

    private String plan(String sql) {
        return session.sql(sql).explainString("simple");
    }

    private static String filtered(String functions, String condition) {
        return "SELECT * FROM (SELECT *, " + functions + " FROM t) WHERE " + condition;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rank()       | r <= 100              | rank() <= 100",
                "dense_rank() | r < 4                 | dense_rank() <= 3",
                "row_number() | r = 1                 | row_number() <= 1",
                "row_number() | 5 > r                 | row_number() <= 4",
                "rank()       | r <=> 2               | rank() <= 2",
                "rank()       | r BETWEEN 3 AND 7     | rank() <= 7",
                "rank()       | r IN (1, 9, 4)        | rank() <= 9",
                "rank()       | r <= 5 AND v > 3      | rank() <= 5",
                "rank()       | n > 3 AND r <= 5      | rank() <= 5",
                "rank()       | r <= 5 AND r < 3      | rank() <= 2",
                "rank()       | r <= 3 AND few = 2    | rank() <= 3",
                "rank()       | r <= bigint(6)        | rank() <= 6",
                "rank()       | r <= 0                | rank() <= 0",
                "rank()       | r < -7                | rank() <= 0"
            })
    void filtersOfRanksAreLimits(String function, String condition, String limit) {
        rows(100);
        String over = " OVER (PARTITION BY few ORDER BY n) AS r";
        assertTrue(
                plan(filtered(function + over, condition))
                        .contains("WindowGroupLimit " + limit + " partition by [few]"),
                () -> plan(filtered(function + over, condition)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lag(v) OVER (PARTITION BY few ORDER BY n) AS x",
                "sum(v) OVER (PARTITION BY few ORDER BY n) AS x",
                "last_value(v) OVER (PARTITION BY few ORDER BY n ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) AS x",
                "row_number() OVER (PARTITION BY few ORDER BY n) AS x"
            })
    void functionsThatLookBackAreComputedOfTheFirstRows(String function) {
        rows(20_000);
        String functions = "rank() OVER (PARTITION BY few ORDER BY n) AS r, " + function;
        assertTrue(plan(filtered(functions, "r <= 20")).contains("WindowGroupLimit rank() <= 20"));
        assertEquals(
                rows(filtered(functions, "r * 2 <= 40 ORDER BY id")), rows(filtered(functions, "r <= 20 ORDER BY id")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rank() OVER (ORDER BY n) AS r, lead(v) OVER (ORDER BY n) AS x | r <= 3",
                "rank() OVER (ORDER BY n) AS r, sum(v) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS x"
                        + " | r <= 3",
                "rank() OVER (ORDER BY n) AS r, percent_rank() OVER (ORDER BY n) AS x | r <= 3",
                "ntile(4) OVER (ORDER BY n) AS r | r <= 3",
                "percent_rank() OVER (ORDER BY n) AS r | r <= 3",
                "rank() OVER (ORDER BY array(n)) AS r | r <= 3",
                "rank() OVER (ORDER BY n) AS r | r >= 3",
                "rank() OVER (ORDER BY n) AS r | r <= 3 OR v = 1",
                "rank() OVER (ORDER BY n) AS r | r <= 100000",
                "rank() OVER (ORDER BY n) AS r | r <= v"
            })
    void othersAreNot(String functions, String condition) {
        rows(100);
        assertFalse(plan(filtered(functions, condition)).contains("WindowGroupLimit"));
    }

    @Test
    void qualifyIsALimit() {
        rows(20_000);
        String query = "SELECT id, many FROM t QUALIFY row_number() OVER (PARTITION BY many ORDER BY n DESC, id) = 1";
        assertTrue(plan(query).contains("WindowGroupLimit row_number() <= 1"));
        assertEquals(
                rows("SELECT max_by(id, struct(n, -id)), many FROM t GROUP BY many ORDER BY many"),
                rows(query + " ORDER BY many"));
    }

    @Test
    void aWindowWithTwoFiltersIsComputedOnceForBoth() {
        rows(20_000);
        String windows = "WITH w AS (SELECT *, rank() OVER (PARTITION BY few ORDER BY n) AS r FROM t) SELECT count(*),"
                + " sum(a.id), sum(b.id) FROM (SELECT few, r, id FROM w WHERE r <= %s) a"
                + " JOIN (SELECT few, r, id FROM w WHERE r <= %s) b ON a.few = b.few AND a.r = b.r";
        assertEquals(rows(windows.formatted("r - r + 4", "r - r + 9")), rows(windows.formatted("4", "9")));
        String unlimited = "WITH w AS (SELECT *, rank() OVER (PARTITION BY few ORDER BY n) AS r FROM t)"
                + " SELECT * FROM w WHERE r <= 4 UNION ALL SELECT * FROM w WHERE r > 9";
        assertFalse(plan(unlimited).contains("WindowGroupLimit"));
    }

    @Test
    void noRowIsWantedOfALimitOfNone() {
        rows(1_000);
        assertEquals(List.of(), rows(filtered("rank() OVER (PARTITION BY few ORDER BY n) AS r", "r <= 0")));
        assertEquals(List.of(), rows(filtered("row_number() OVER (ORDER BY n) AS r", "r < -3")));
    }

    /// How many rows get to the window.
    private long left(String query) {
        String plan = session.sql("EXPLAIN ANALYZE " + query).head().getString(0);
        Matcher rows =
                Pattern.compile("WindowGroupLimit .*\\(([0-9,]+) rows?, ").matcher(plan);
        assertTrue(rows.find(), plan);
        return Long.parseLong(rows.group(1).replace(",", ""));
    }

    @ParameterizedTest
    @CsvSource({"rank(), few, 10, 2000", "dense_rank(), few, 10, 4000", "row_number(), many, 1, 40000"})
    void mostRowsAreLeftOut(String function, String partition, int count, long most) {
        rows(200_000);
        String query = filtered(function + " OVER (PARTITION BY " + partition + " ORDER BY n) AS r", "r <= " + count);
        long left = left(query);
        assertTrue(left <= most, () -> left + " rows are left");
    }

    @Test
    void rowsThatComeInOrderAreLeftOutInEachChunk() {
        rows(200_000);
        assertTrue(left(filtered("row_number() OVER (PARTITION BY few ORDER BY id DESC) AS r", "r = 1")) < 1_000);
    }

    /// As each comes with a partition of its own, there is nothing to be left out.
    @Test
    void manyPartitionsOfOneRowEachPass() {
        String query = "SELECT count(*), sum(id) FROM (SELECT *, row_number() OVER (PARTITION BY k ORDER BY id DESC)"
                + " AS r FROM (SELECT id, id * 7919 % 150001 AS k FROM range(300000))) WHERE r = 1";
        assertEquals(
                rows(
                        "SELECT count(*), sum(id) FROM (SELECT max(id) AS id FROM range(300000) GROUP BY id * 7919 % 150001)"),
                rows(query));
        assertTrue(left(query) > 200_000);
    }

    @Test
    void partitionsThatFollowEachOtherAreForgottenAgain() {
        String query = "SELECT count(*), sum(id) FROM (SELECT *, row_number() OVER (PARTITION BY k ORDER BY id)"
                + " AS r FROM (SELECT id, id DIV 4 AS k FROM range(800000))) WHERE r = 1";
        assertEquals(rows("SELECT count(*), sum(id) * 4 FROM range(200000)"), rows(query));
        assertTrue(left(query) < 210_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void randomWindowsGiveTheSameWithoutTheLimit(int seed) {
        rows(15_000);
        compareRandomly(new Random(seed), 8);
    }

    @Test
    void theSameIfMemoryIsShort() {
        session.close();
        session = open("24m");
        session.sql(
                "CREATE OR REPLACE TEMP VIEW t AS SELECT *, repeat('.', 600) AS text FROM (SELECT id, id * 7919 % 10007"
                        + " AS n, id * 31 % 997 AS v, id % 5000 AS many, id % 5 AS few, concat('s', id % 100) AS s FROM range(30000))");
        for (String function : List.of("rank()", "dense_rank()", "row_number()")) {
            for (String over :
                    List.of("PARTITION BY many ORDER BY id DESC", "PARTITION BY few ORDER BY n", "ORDER BY n")) {
                same("id, v, r, length(text)", function + " OVER (" + over + ")", 3);
            }
        }
        same("id, r, length(text)", "rank() OVER (PARTITION BY many ORDER BY v)", 1_000);
        assertTrue(session.runtime().spill().bytesWritten() > 0);
    }

    private void compareRandomly(Random random, int times) {
        for (int i = 0; i < times; i++) {
            String function = List.of("rank()", "dense_rank()", "row_number()").get(random.nextInt(3));
            String partition = List.of("", "few", "many", "b", "d", "s", "few, b", "v", "id", "wide, few")
                    .get(random.nextInt(10));
            String order = key(random) + (random.nextBoolean() ? "" : ", " + key(random));
            int count = List.of(1, 2, 3, 10, 100, 1000).get(random.nextInt(6));
            same(
                    "id, r",
                    function + " OVER (" + (partition.isEmpty() ? "" : "PARTITION BY " + partition) + " ORDER BY "
                            + order + ")",
                    count);
        }
    }

    private static String key(Random random) {
        return KEYS.get(random.nextInt(KEYS.size()))
                + List.of("", " DESC").get(random.nextInt(2))
                + List.of("", " NULLS FIRST", " NULLS LAST").get(random.nextInt(3));
    }

    private void same(String columns, String function, int count) {
        String query = "SELECT " + columns + " FROM (SELECT *, " + function + " AS r FROM t) WHERE ";
        List<String> expected = rows(query + "r * 2 <= " + 2 * count + " ORDER BY id");
        assertFalse(expected.isEmpty());
        assertEquals(expected, rows(query + "r <= " + count + " ORDER BY id"), () -> function + " <= " + count);
    }
}
