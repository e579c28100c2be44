package dev.headrace;

import static dev.headrace.functions.udaf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.expressions.Aggregator;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Frames at the ends of what types can hold, and functions that depend on the order of a frame's rows.
class FrameEdgesTest {
    private final Session session = Session.builder()
            .master("local[2]")
            .config("headrace.memory.limit", "64m")
            .config("spark.sql.session.timeZone", "UTC")
            .create();

    @AfterEach
    void close() {
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
        session.close();
    }

    private List<String> rows(String sql) {
        return session.sql(sql).collectAsList().stream().map(Row::toString).toList();
    }

    @Test
    void numbersOfDifferentPartitionsAreNotAddedUp() {
        assertEquals(
                List.of("[3000,0]"),
                rows("SELECT count(*), count_if(s <> v) FROM (SELECT v, sum(v) OVER (PARTITION BY id ORDER BY id) AS s"
                        + " FROM (SELECT id, 9000000000000000000 + id AS v FROM range(0, 3000, 1, 2)))"));
        assertEquals(
                List.of("[3000,0]"),
                rows("SELECT count(*), count_if(s <> v) FROM (SELECT v, sum(v) OVER (PARTITION BY id ORDER BY id) AS s"
                        + " FROM (SELECT id, CAST('90000000000000000000000000000000000000' AS decimal(38, 0)) + id AS v"
                        + " FROM range(0, 3000, 1, 2)))"));
    }

    /// The first and the last row of each partition are large.
    @Test
    void numbersThatNoFrameHasTogetherAreNotAddedUp() {
        assertEquals(
                List.of("[0,1845]", "[9000000000000000000,160]"),
                rows("SELECT s, count(*) FROM (SELECT sum(v) OVER (PARTITION BY id DIV 401 ORDER BY id"
                        + " ROWS BETWEEN 30 PRECEDING AND CURRENT ROW) AS s FROM (SELECT id,"
                        + " if(id % 401 IN (0, 400), 9000000000000000000, 0) AS v FROM range(0, 2005, 1, 2)))"
                        + " GROUP BY s ORDER BY s"));
    }

    @Test
    void onlySumsFromTheBeginningCount() {
        String sums = "SELECT id, sum(CASE WHEN id = 0 THEN -9000000000000000000 WHEN id IN (8, 9) THEN"
                + " 9000000000000000000 ELSE 1 END) OVER (ORDER BY id) AS s FROM range(0, 1000, 1, 2)";
        assertEquals(
                List.of(
                        "[0,-9000000000000000000]",
                        "[8,7]",
                        "[9,9000000000000000007]",
                        "[600,9000000000000000598]",
                        "[999,9000000000000000997]"),
                rows("SELECT * FROM (" + sums + ") WHERE id IN (0, 8, 9, 600, 999) ORDER BY id"));
        DataException overflow = assertThrows(DataException.class, () -> rows(sums.replace("(8, 9)", "(8, 9, 700)")));
        assertEquals("ARITHMETIC_OVERFLOW", overflow.code());
    }

    @Test
    void distancesBeyondTheNumbersOfAType() {
        assertEquals(
                List.of(
                        "[-2147483648,1,0,0]",
                        "[-2147483647,0,1,1]",
                        "[0,0,0,0]",
                        "[2147483646,1,0,0]",
                        "[2147483647,0,1,1]"),
                rows("SELECT v, count(*) OVER (ORDER BY v RANGE BETWEEN 1 FOLLOWING AND 5 FOLLOWING) AS a,"
                        + " count(*) OVER (ORDER BY v RANGE BETWEEN 5 PRECEDING AND 1 PRECEDING) AS b,"
                        + " count(*) OVER (ORDER BY v DESC RANGE BETWEEN 1 FOLLOWING AND 5 FOLLOWING) AS c"
                        + " FROM (SELECT CAST(x AS int) AS v FROM VALUES (-2147483648L), (-2147483647L), (0L),"
                        + " (2147483646L), (2147483647L) AS t(x)) ORDER BY v"));
    }

    @Test
    void distancesOfAWiderType() {
        assertEquals(
                List.of("[-99.99,1]", "[-99.50,2]", "[0.00,1]", "[0.50,2]", "[1.25,2]", "[99.99,1]"),
                rows("SELECT d, count(*) OVER (ORDER BY d RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS n"
                        + " FROM (SELECT CAST(x AS decimal(4, 2)) AS d"
                        + " FROM VALUES (-99.99), (-99.5), (0), (0.5), (1.25), (99.99) AS t(x)) ORDER BY d"));
        assertEquals(
                List.of("[-128,2]", "[-127,1]", "[5,2]", "[127,1]"),
                rows("SELECT v, count(*) OVER (ORDER BY v RANGE BETWEEN CURRENT ROW AND 122 FOLLOWING) AS n"
                        + " FROM (SELECT CAST(x AS tinyint) AS v FROM VALUES (-128), (-127), (5), (127) AS t(x))"
                        + " ORDER BY v"));
    }

    @Test
    void aDistanceThatIsNotConstant() {
        QueryException refused = assertThrows(
                QueryException.class,
                () -> rows(
                        "SELECT count(*) OVER (ORDER BY id RANGE BETWEEN id PRECEDING AND CURRENT ROW) FROM range(9)"));
        assertEquals("UNSUPPORTED_WINDOW_FUNCTION", refused.code());
    }

    /// A row for each minute of 41 days.
    @Test
    void framesOfAMonthNeverGoBack() {
        LocalDateTime first = LocalDateTime.of(2023, 2, 20, 0, 0);
        List<String> expected = new ArrayList<>();
        int start = 0;
        for (int id = 0; id < 60_000; id++) {
            LocalDateTime limit = first.plusMinutes(id).minusMonths(1);
            start = Math.max(start, (int) Duration.between(first, limit).toMinutes());
            expected.add("[" + id + "," + (id - start + 1) + "," + start + "," + start + "]");
        }
        assertEquals(
                expected,
                rows("SELECT id, count(*) OVER w AS n, min(id) OVER w AS low, first_value(id) OVER w AS first"
                        + " FROM (SELECT id, timestamp_seconds(1676851200 + id * 60) AS t FROM range(0, 60000, 1, 3))"
                        + " WINDOW w AS (ORDER BY t RANGE BETWEEN INTERVAL '1' MONTH PRECEDING AND CURRENT ROW)"
                        + " ORDER BY id"));
    }

    /// Puts texts behind each other.
    static final class Joined extends Aggregator<String, String, String> {
        @Override
        public String zero() {
            return "";
        }

        @Override
        public String reduce(String buffer, @Nullable String value) {
            return buffer + value;
        }

        @Override
        public String merge(String a, String b) {
            return a + b;
        }

        @Override
        public String finish(String buffer) {
            return buffer;
        }

        @Override
        public Encoder<String> bufferEncoder() {
            return Encoders.STRING();
        }

        @Override
        public Encoder<String> outputEncoder() {
            return Encoders.STRING();
        }
    }

    @Test
    void rowsComeInTheirOrder() {
        session.udf().register("joined", udaf(new Joined(), Encoders.STRING()));
        assertEquals(
                List.of("[0,0;1;2;3,0123]", "[1,1;2;3,123]", "[2,2;3,23]", "[3,3,3]"),
                rows("SELECT id, listagg(text, ';') OVER w AS l, joined(text) OVER w AS j"
                        + " FROM (SELECT id, CAST(id AS string) AS text FROM range(4)) WINDOW w AS"
                        + " (ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) ORDER BY id"));
    }

    @Test
    void distancesBesideTheLongestDecimals() {
        assertEquals(
                List.of("[-9999999999999999999999999999.9999999999,1]", "[0E-10,1]", "[0.5000000000,2]"),
                rows("SELECT v, count(*) OVER (ORDER BY v RANGE BETWEEN 0.5 PRECEDING AND CURRENT ROW) AS n"
                        + " FROM (SELECT CAST(x AS decimal(38, 10)) AS v FROM VALUES"
                        + " ('-9999999999999999999999999999.9999999999'), ('0'), ('0.5') AS t(x)) ORDER BY v"));
    }

    @Test
    void wholeDistancesOfFloats() {
        assertEquals(
                List.of("[-Infinity,1]", "[-3.4028235E38,1]", "[0.5,1]", "[1.5,2]", "[NaN,1]"),
                rows("SELECT v, count(*) OVER (ORDER BY v RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS n"
                        + " FROM (SELECT CAST(x AS float) AS v FROM VALUES"
                        + " ('-Infinity'), ('-3.4028235E38'), ('0.5'), ('1.5'), ('NaN') AS t(x)) ORDER BY v"));
    }

    @Test
    void framesThatBeginBehindTheirEnd() {
        for (String frame : List.of("1 FOLLOWING AND 1 PRECEDING", "1 PRECEDING AND 2 PRECEDING")) {
            QueryException refused = assertThrows(
                    QueryException.class,
                    () -> rows("SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN " + frame + ") FROM range(3)"));
            assertEquals("UNSUPPORTED_WINDOW_FUNCTION", refused.code());
            assertTrue(refused.getMessage().contains(": the frame begins behind its end."), refused.getMessage());
        }
    }
}
