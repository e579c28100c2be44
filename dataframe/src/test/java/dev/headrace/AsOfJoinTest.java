package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// As-of joins in SQL and by `joinAsOf`. Closing the session asserts that nothing has leaked.
class AsOfJoinTest {
    @AutoClose
    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "UTC")
            .create();

    private final DataFrame trades = table(
            "symbol string, t int, amount int",
            row("a", 10, 1),
            row("a", 20, 2),
            row("b", 15, 3),
            row("c", 15, 4),
            row(null, 15, 5),
            row("a", null, 6));

    private final DataFrame quotes = table(
            "symbol string, t int, price int",
            row("a", 10, 100),
            row("a", 14, 140),
            row("a", 20, 200),
            row("b", 16, 160),
            row(null, 10, 0),
            row("a", null, 1));

    /// 200 MB, more than fits into memory in two chunks.
    @Test
    void oneLongValueIsTheNearestOfManyRows() {
        try (Session small = Session.builder()
                .master("local[2]")
                .config("headrace.memory.limit", "32m")
                .create()) {
            small.sql("CREATE TEMP VIEW a AS SELECT id, id * 0 AS t FROM range(0, 9999, 1, 1)");
            small.sql(
                    "CREATE TEMP VIEW b AS SELECT id AS t, if(id = 0, repeat('x', 20000), 'x') AS d FROM range(2000)");
            for (String join : List.of("ASOF JOIN", "ASOF LEFT JOIN")) {
                assertEquals(
                        RowFactory.create(9999L, 9999L * 20_001),
                        small.sql("SELECT count(*), sum(length(concat(d, a.id % 10))) FROM a " + join
                                        + " b ON a.t >= b.t")
                                .head(),
                        join);
            }
        }
    }

    private DataFrame table(String ddl, Row... rows) {
        return session.createDataFrame(List.of(rows), StructType.fromDDL(ddl));
    }

    private static Row row(@Nullable Object... values) {
        return RowFactory.create(values);
    }

    private static List<String> rows(DataFrame result) {
        return result.collectAsList().stream()
                .map(row -> row.toString().replaceAll("[\\[\\]]", ""))
                .sorted()
                .toList();
    }

    private List<String> sql(String query) {
        trades.createOrReplaceTempView("trades");
        quotes.createOrReplaceTempView("quotes");
        return rows(session.sql(query));
    }

    @Test
    void eachRowFindsTheLastOneThatIsNotLater() {
        assertEquals(
                List.of("1,100", "2,200"),
                sql("SELECT amount, price FROM trades x ASOF JOIN quotes q ON x.symbol = q.symbol AND x.t >= q.t"));
        assertEquals(
                List.of("2,140"),
                sql("SELECT amount, price FROM trades x ASOF JOIN quotes q ON x.symbol = q.symbol AND q.t < x.t"));
    }

    @Test
    void aComparisonTheOtherWayLooksForward() {
        assertEquals(
                List.of("1,100", "2,200", "3,160"),
                sql(
                        "SELECT amount, price FROM trades x asof inner join quotes q ON x.symbol = q.symbol AND x.t <= q.t"));
        assertEquals(
                List.of("1,140", "3,160"),
                sql("SELECT amount, price FROM trades x ASOF JOIN quotes q ON x.t < q.t AND x.symbol = q.symbol"));
    }

    @Test
    void aLeftJoinKeepsRowsWithoutPartnerOfWhichNullsHaveNone() {
        assertEquals(
                List.of("1,100", "2,200", "3,null", "4,null", "5,null", "6,null"),
                sql("SELECT amount, price FROM trades x ASOF LEFT JOIN quotes q"
                        + " ON x.symbol = q.symbol AND x.t >= q.t"));
        assertEquals(
                6,
                session.table("trades")
                        .joinAsOf(quotes, trades.col("t"), quotes.col("t"), new String[] {"symbol"}, "left")
                        .count());
    }

    @Test
    void usingComparesTheLastColumn() {
        assertEquals(
                List.of("a,10,1,100", "a,20,2,200"), sql("SELECT * FROM trades ASOF JOIN quotes USING (symbol, t)"));
    }

    @Test
    void conditionsOnTheRightSideComeFirst() {
        assertEquals(
                List.of("1,null", "2,140", "3,null", "4,null", "5,null", "6,null"),
                sql("SELECT amount, price FROM trades x ASOF LEFT JOIN quotes q"
                        + " ON x.symbol = q.symbol AND x.t >= q.t AND q.price BETWEEN 101 AND 199"));
    }

    @Test
    void filtersAboveApplyToTheResult() {
        assertEquals(
                List.of("2,200"),
                sql("SELECT amount, price FROM trades x ASOF JOIN quotes q ON x.symbol = q.symbol AND x.t >= q.t"
                        + " WHERE amount > 1 AND price <> 140"));
        assertEquals(
                List.of("3"),
                sql("SELECT amount FROM trades x ASOF LEFT JOIN quotes q ON x.symbol = q.symbol AND x.t >= q.t"
                        + " WHERE price IS NULL AND x.symbol = 'b'"));
        assertEquals(
                List.of("6"),
                sql("SELECT count(*) FROM trades x ASOF LEFT JOIN quotes q ON x.symbol = q.symbol AND x.t >= q.t"));
    }

    @Test
    void withoutKeysAllRightRowsAreOneSeries() {
        assertEquals(
                List.of("1,100", "2,200", "3,140", "4,140", "5,140"),
                sql("SELECT amount, price FROM trades x ASOF JOIN quotes q ON x.t >= q.t AND q.symbol IS NOT NULL"));
    }

    @Test
    void asOfIsAnAliasBehindAsAndATablesNameBehindFrom() {
        trades.limit(1).createOrReplaceTempView("asof");
        assertEquals(
                List.of("1,1,100"),
                sql("SELECT asof.amount, y.amount, q.price FROM asof JOIN trades AS asof2 ON asof.amount = asof2.amount"
                        + " JOIN trades y ON y.amount = asof.amount ASOF JOIN quotes q"
                        + " ON y.symbol = q.symbol AND y.t >= q.t"));
        assertEquals(
                List.of("1"),
                sql(
                        "SELECT asof.amount FROM trades AS asof JOIN quotes q ON asof.amount * 100 = q.price AND q.t = 10"));
    }

    @Test
    void ofRightRowsOfTheSameTimeTheGreatestIsTakenWhateverTheirOrder() {
        DataFrame first = table("t int, a int, b int", row(5, 1, 9), row(5, 2, null), row(5, 2, 3), row(7, 0, 0));
        DataFrame second = table("t int, a int, b int", row(7, 0, 0), row(5, 2, 3), row(5, 2, null), row(5, 1, 9));
        for (DataFrame right : List.of(first, second)) {
            DataFrame left = table("s int", row(6));
            for (String direction : List.of("backward", "nearest")) {
                assertEquals(
                        List.of("6,5,2,3"),
                        rows(left.joinAsOf(right, col("s"), col("t"), (Column) null, "inner", null, true, direction)));
            }
            assertEquals(
                    List.of("4,5,2,3"),
                    rows(table("s int", row(4))
                            .joinAsOf(right, col("s"), col("t"), (Column) null, "inner", null, true, "forward")));
        }
    }

    @Test
    void whichOfSeveralRowsOfATimeIsTakenDoesNotDependOnTheColumnsThatAreAskedFor() {
        table("t int, a int, b int, c int", row(5, 1, 9, 0), row(5, 2, 3, 1), row(5, 2, 3, 7), row(5, 2, null, 8))
                .createOrReplaceTempView("r");
        table("s int", row(6)).createOrReplaceTempView("l");
        assertEquals(List.of("2,3,7"), sql("SELECT a, b, c FROM l ASOF JOIN r ON s >= t"));
        assertEquals(List.of("3"), sql("SELECT b FROM l ASOF JOIN r ON s >= t"));
        assertEquals(List.of("7"), sql("SELECT c FROM l ASOF JOIN r ON s >= t"));
        assertEquals(List.of("6"), sql("SELECT s FROM l ASOF JOIN r ON s >= t"));
    }

    @Test
    void anEqualityWithWhatTurnsOutToBeAConstantHolds() {
        table("s int, late boolean, k int", row(6, false, 1), row(7, true, 1)).createOrReplaceTempView("l");
        session.sql("SELECT id AS t, id > 4 AS big FROM range(6)").createOrReplaceTempView("r");
        assertEquals(List.of("6,5"), sql("SELECT s, t FROM l ASOF JOIN r ON s >= t AND late = (t IS NULL)"));
        assertEquals(
                List.of("6,4", "7,4"),
                sql("SELECT s, t FROM (SELECT s, 1 AS one FROM l) x ASOF JOIN r ON s >= t AND (one IS NULL) = big"));
        assertEquals(List.of(), sql("SELECT s, t FROM l ASOF JOIN r ON s >= t AND k = t + CAST(NULL AS INT)"));
    }

    @Test
    void theNearerRowWinsAndTheEarlierOfEquallyNearOnes() {
        DataFrame right = table("t bigint, v string", row(0L, "zero"), row(10L, "ten"), row(Long.MAX_VALUE, "end"));
        DataFrame left = table("s bigint", row(4L), row(5L), row(6L), row(Long.MIN_VALUE), row(10L));
        assertEquals(
                List.of("-9223372036854775808,zero", "10,ten", "4,zero", "5,zero", "6,ten"),
                rows(left.joinAsOf(right, col("s"), col("t"), (Column) null, "inner", null, true, "nearest")
                        .select("s", "v")));
        assertEquals(
                List.of("10,zero"),
                rows(left.filter("s = 10")
                        .joinAsOf(right, col("s"), col("t"), (Column) null, "inner", null, false, "nearest")
                        .select("s", "v")));
    }

    @Test
    void aToleranceBoundsTheDistance() {
        DataFrame right = table("t double, v int", row(1.0, 1), row(2.0, 2), row(Double.NaN, 3));
        DataFrame left = table("s float", row(2.5f), row(0.25f), row(9f), row(Float.NaN));
        for (String direction : List.of("backward", "nearest")) {
            assertEquals(
                    direction.equals("backward") ? List.of("2.5,2", "NaN,3") : List.of("0.25,1", "2.5,2", "NaN,3"),
                    rows(left.joinAsOf(right, col("s"), col("t"), (Column) null, "inner", lit(0.75), true, direction)
                            .select("s", "v")));
        }
        assertEquals(
                List.of("0.25,1", "NaN,3"),
                rows(left.joinAsOf(right, col("s"), col("t"), (Column) null, "inner", lit(0.75), true, "forward")
                        .select("s", "v")));
    }

    @Test
    void timestampsAndDatesTakeIntervals() {
        DataFrame right = session.sql("SELECT timestamp'2026-01-31 10:00:00' AS t, date'2026-01-31' AS d, 1 AS v");
        DataFrame left = session.sql("SELECT * FROM VALUES (timestamp'2026-01-31 10:04:00', date'2026-02-02', 'near'),"
                + " (timestamp'2026-01-31 10:06:00', date'2026-02-03', 'far') AS x(s, e, name)");
        assertEquals(
                List.of("near"),
                rows(left.joinAsOf(
                                right,
                                left.col("s"),
                                right.col("t"),
                                (Column) null,
                                "inner",
                                expr("INTERVAL 5 MINUTES"),
                                true,
                                "backward")
                        .select("name")));
        assertEquals(
                List.of("near"),
                rows(left.joinAsOf(
                                right,
                                left.col("e"),
                                right.col("d"),
                                (Column) null,
                                "inner",
                                expr("INTERVAL 2 DAYS"),
                                true,
                                "backward")
                        .select("name")));
    }

    @Test
    void keysCanBeExpressionsAndNullSafe() {
        assertEquals(
                List.of("1,100", "2,200", "5,0"),
                rows(trades.as("x")
                        .joinAsOf(
                                quotes.as("q"),
                                col("x.t"),
                                col("q.t"),
                                expr("upper(x.symbol) <=> upper(q.symbol)"),
                                "inner")
                        .select("amount", "price")));
    }

    @Test
    void explainShowsTheJoin() {
        trades.createOrReplaceTempView("trades");
        quotes.createOrReplaceTempView("quotes");
        String plan = session.sql(
                        "SELECT amount, price FROM trades x ASOF LEFT JOIN quotes q ON x.symbol = q.symbol AND x.t > q.t")
                .explainString("simple");
        assertTrue(
                plan.contains("AsOfJoin LEFT_OUTER on [symbol] = [symbol], t backward, not equal to, t"), () -> plan);
    }

    @Test
    void emptySidesAreNoError() {
        assertEquals(
                List.of(),
                rows(trades.limit(0)
                        .joinAsOf(quotes, trades.col("t"), quotes.col("t"), new String[] {"symbol"}, "left")));
        assertEquals(
                List.of(),
                rows(trades.joinAsOf(
                        quotes.limit(0), trades.col("t"), quotes.col("t"), new String[] {"symbol"}, "inner")));
        assertEquals(
                6,
                rows(trades.joinAsOf(
                                quotes.limit(0), trades.col("t"), quotes.col("t"), new String[] {"symbol"}, "left"))
                        .size());
    }

    /// Rows of one time differ in no column, so that it does not matter which DuckDB takes.
    @Test
    void randomRowsGiveWhatDuckDbGives() throws SQLException {
        Random random = new Random(42);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement duckdb = connection.createStatement()) {
            for (int round = 0; round < 6; round++) {
                int times = round < 3 ? 12 : 3000;
                String type = List.of("bigint", "double", "timestamp_ntz").get(round % 3);
                view(duckdb, "l", values(random, times, 4), type);
                view(duckdb, "r", values(random, times, 4), type);
                for (String kind : List.of("", "LEFT ")) {
                    for (String comparison : List.of(">=", ">", "<=", "<")) {
                        String keyed = "SELECT l.k, l.k2, l.t, l.v, r.t AS rt, r.v AS rv FROM l ASOF " + kind
                                + "JOIN r ON l.k = r.k AND l.k2 = r.k2 AND l.t " + comparison + " r.t";
                        assertEquals(of(duckdb, keyed), rowsOf(session.sql(keyed)), type + ": " + keyed);
                    }
                }
            }
        }
    }

    private void view(Statement duckdb, String name, List<Row> rows, String type) throws SQLException {
        boolean timestamps = type.equals("timestamp_ntz");
        String ours = timestamps ? "CAST(timestamp_seconds(t) AS timestamp_ntz)" : "CAST(t AS " + type + ")";
        String theirs = timestamps ? "CAST(to_timestamp(t) AT TIME ZONE 'UTC' AS timestamp)" : ours;
        session.createDataFrame(rows, StructType.fromDDL("k int, k2 string, t int"))
                .selectExpr("k", "k2", ours + " AS t", "k * 10000 + t AS v")
                .createOrReplaceTempView(name);
        String values = rows.stream()
                .map(row -> "(" + row.get(0) + ", '" + row.get(1) + "', " + row.get(2) + ")")
                .collect(Collectors.joining(", "));
        duckdb.execute("CREATE OR REPLACE TABLE " + name + " AS SELECT k, k2, " + theirs
                + " AS t, k * 10000 + t AS v FROM (VALUES " + values + ") AS x(k, k2, t)");
    }

    private static List<Row> values(Random random, int times, int keys) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Integer key = random.nextInt(10) == 0 ? null : random.nextInt(keys);
            Integer time = random.nextInt(15) == 0 ? null : random.nextInt(times);
            rows.add(row(key, random.nextBoolean() ? "x" : "y", time));
        }
        return rows;
    }

    private static List<String> of(Statement duckdb, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (ResultSet result = duckdb.executeQuery(query)) {
            while (result.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    cells.add(text(result.getObject(i)));
                }
                rows.add(String.join(",", cells));
            }
        }
        return rows.stream().sorted().toList();
    }

    private static List<String> rowsOf(DataFrame result) {
        List<String> rows = new ArrayList<>();
        for (Row row : result.collectAsList()) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < row.length(); i++) {
                cells.add(text(row.get(i)));
            }
            rows.add(String.join(",", cells));
        }
        return rows.stream().sorted().toList();
    }

    private static String text(@Nullable Object value) {
        return value instanceof java.sql.Timestamp timestamp
                ? timestamp.toLocalDateTime().toString()
                : Objects.toString(value);
    }

    private void assertSqlFails(String message, String sql) {
        QueryException failed = assertThrows(QueryException.class, () -> session.sql(sql));
        assertEquals(
                message, String.valueOf(failed.getMessage()).lines().findFirst().orElseThrow());
    }

    @Test
    void errorsPointAtTheJoin() {
        quotes.createOrReplaceTempView("quotes");
        assertFails("""
                [AS_OF_JOIN_TIME] 'symbol' is string: the times of an as-of join are timestamps, dates or numbers \
                (decimals of at most 18 digits).
                == SQL, line 1, column 27 ==
                SELECT * FROM quotes ASOF JOIN quotes q USING (symbol)
                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^""", () -> session.sql("SELECT * FROM quotes ASOF JOIN quotes q USING (symbol)"));
    }

    @Test
    void whatAnAsOfJoinCantDoIsSaid() {
        String rule = "[AS_OF_JOIN_CONDITION] The condition of an as-of join is one comparison of times (>=, >, <=, <)"
                + " between the sides, and any number of equalities, joined by AND. ";
        trades.createOrReplaceTempView("trades");
        quotes.createOrReplaceTempView("quotes");
        String from = "SELECT * FROM trades x ASOF JOIN quotes q ";
        assertSqlFails(rule + "There is no comparison of times.", from + "ON x.symbol = q.symbol");
        assertSqlFails(rule + "There is no comparison of times.", from);
        assertSqlFails(
                rule + "There are several: (t >= t), (amount > price).", from + "ON x.t >= q.t AND x.amount > q.price");
        assertSqlFails(
                rule + "'(amount > 1)' is neither of the two, nor a condition on the right side alone.",
                from + "ON x.t >= q.t AND x.amount > 1");
        assertSqlFails(
                rule + "'NOT (amount = price)' is neither of the two, nor a condition on the right side alone.",
                from + "ON x.t >= q.t AND x.amount <> q.price");
        assertFails(
                rule + "'(amount > price)' is an inequality; the times to compare are given beside it.",
                () -> trades.joinAsOf(
                        quotes,
                        trades.col("t"),
                        quotes.col("t"),
                        trades.col("amount").gt(quotes.col("price")),
                        "inner"));
        assertSqlFails(
                "[AS_OF_JOIN_TYPE] An as-of join can't be FULL_OUTER: it is inner or left, because it looks for one right"
                        + " row for each left row.",
                "SELECT * FROM trades x ASOF FULL JOIN quotes q ON x.t >= q.t");
        assertSqlFails(
                "[AS_OF_JOIN_TIME] 'symbol' is string: the times of an as-of join are timestamps, dates or numbers"
                        + " (decimals of at most 18 digits).",
                from + "ON x.symbol >= q.symbol");
        assertFails(
                "[AS_OF_JOIN_DIRECTION] 'backwards' is not a direction of an as-of join. Did you mean 'backward'?"
                        + " Directions: backward, forward, nearest.",
                () -> trades.joinAsOf(
                        quotes, trades.col("t"), quotes.col("t"), (Column) null, "inner", null, true, "backwards"));
        assertFails(
                "[AS_OF_JOIN_TOLERANCE] The tolerance '0.5' does not go with times of type int: 'x.t' - the tolerance is"
                        + " double. Expected an interval for timestamps, days for dates, a number for numbers that has no"
                        + " more digits behind the point than they have.",
                () -> trades.as("x")
                        .joinAsOf(
                                quotes.as("q"),
                                col("x.t"),
                                col("q.t"),
                                (Column) null,
                                "inner",
                                lit(0.5),
                                true,
                                "backward"));
        DataFrame dates = table("d date");
        assertFails(
                "[AS_OF_JOIN_TOLERANCE] The tolerance 'INTERVAL '01' HOUR' does not go with times of type date: 'a.d' - the"
                        + " tolerance is timestamp. Expected an interval for timestamps, days for dates, a number for"
                        + " numbers that has no more digits behind the point than they have.",
                () -> dates.as("a")
                        .joinAsOf(
                                dates.as("b"),
                                col("a.d"),
                                col("b.d"),
                                (Column) null,
                                "inner",
                                expr("INTERVAL 1 HOUR"),
                                true,
                                "backward"));
    }
}
