package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static dev.headrace.functions.avg;
import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.countDistinct;
import static dev.headrace.functions.explode;
import static dev.headrace.functions.explode_outer;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.max;
import static dev.headrace.functions.posexplode;
import static dev.headrace.functions.session_window;
import static dev.headrace.functions.struct;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.when;
import static dev.headrace.functions.window;
import static dev.headrace.functions.window_time;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Closing the session asserts that nothing has leaked.
class DataFrameTest {
    @AutoClose
    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "UTC")
            .create();

    private final DataFrame orders = frame(
            "id bigint, customer string, amount double",
            row(1L, "ann", 10.0),
            row(2L, "bob", 20.0),
            row(3L, "ann", null),
            row(4L, null, 5.0));
    private final DataFrame customers =
            frame("customer string, city string", row("ann", "Rome"), row("bob", "Oslo"), row("eve", "Bonn"));

    private DataFrame frame(String ddl, Row... rows) {
        return session.createDataFrame(List.of(rows), StructType.fromDDL(ddl));
    }

    private static Row row(Object... values) {
        return RowFactory.create(values);
    }

    private static void assertRows(DataFrame frame, Row... expected) {
        assertEquals(List.of(expected), frame.collectAsList());
    }

    private static void assertRowsInAnyOrder(DataFrame frame, Row... expected) {
        List<Row> rows = new ArrayList<>(frame.collectAsList());
        Arrays.stream(expected).forEach(row -> assertTrue(rows.remove(row), row + " is not in " + rows));
        assertEquals(List.of(), rows);
    }

    @Test
    void namesHaveNoLetterCaseAndKeepTheirSpelling() {
        DataFrame selected = orders.select("ID", "Customer");
        assertArrayEquals(new String[] {"ID", "Customer"}, selected.columns());
        assertEquals(4, selected.count());
    }

    @Test
    void columnsAreCalledAsSparkCallsThem() {
        DataFrame named = orders.select(
                col("id").plus(1),
                col("amount").cast("int"),
                col("customer").as("who"),
                when(col("id").gt(1), "x").otherwise("y"),
                col("id").isin(1, 2),
                col("customer").isNotNull(),
                col("id").notEqual(3));
        assertArrayEquals(
                new String[] {
                    "(id + 1)",
                    "amount",
                    "who",
                    "CASE WHEN (id > 1) THEN x ELSE y END",
                    "(id IN (1, 2))",
                    "(customer IS NOT NULL)",
                    "(NOT (id = 3))"
                },
                named.columns());
    }

    @Test
    void filterKeepsRowsForWhichTheConditionIsTrueNotNull() {
        assertRows(orders.filter(col("amount").gt(5)).select("id"), row(1L), row(2L));
        assertRows(orders.where(functions.not(col("amount").gt(5))).select("id"), row(4L));
    }

    @Test
    void withColumnAddsOrReplacesInPlace() {
        DataFrame changed =
                orders.withColumn("AMOUNT", col("amount").multiply(2)).withColumn("one", lit(1));
        assertArrayEquals(new String[] {"id", "customer", "AMOUNT", "one"}, changed.columns());
        assertEquals(row(1L, "ann", 20.0, 1), changed.first());
    }

    @Test
    void columnsAreRenamedAndDropped() {
        assertArrayEquals(
                new String[] {"id", "who", "amount"},
                orders.withColumnRenamed("customer", "who")
                        .withColumnRenamed("no such", "x")
                        .columns());
        assertArrayEquals(
                new String[] {"a", "b", "c"}, orders.toDF("a", "b", "c").columns());
        assertArrayEquals(
                new String[] {"id"},
                orders.drop("AMOUNT", "customer", "nothing").columns());
        assertArrayEquals(
                new String[] {"id", "customer"}, orders.drop(col("amount")).columns());
    }

    @Test
    void starsStandForColumnsAndFields() {
        DataFrame nested = orders.select(struct("id", "amount").as("s"), col("customer"));
        assertArrayEquals(new String[] {"id", "amount"}, nested.select("s.*").columns());
        assertArrayEquals(
                new String[] {"customer", "id", "customer", "amount"},
                orders.as("o").select(col("customer"), col("o.*")).columns());
        assertRows(nested.select("s.amount").limit(1), row(10.0));
    }

    @Test
    void groupsHaveTheirKeysFirst() {
        DataFrame totals = orders.groupBy("customer").agg(sum("amount").as("total"), count("*"), avg("amount"));
        assertArrayEquals(new String[] {"customer", "total", "count(1)", "avg(amount)"}, totals.columns());
        assertRowsInAnyOrder(totals, row("ann", 10.0, 2L, 10.0), row("bob", 20.0, 1L, 20.0), row(null, 5.0, 1L, 5.0));
    }

    @Test
    void aggregatesMayStandWithinExpressions() {
        DataFrame computed = orders.groupBy("customer")
                .agg(sum("amount").divide(count("*")).plus(1).as("x"), functions.concat(col("customer"), lit("!")));
        assertRowsInAnyOrder(computed, row("ann", 6.0, "ann!"), row("bob", 21.0, "bob!"), row(null, 6.0, null));
    }

    @Test
    void groupingExpressionsAreFoundAgainInResults() {
        Column parity = col("id").mod(2);
        assertRowsInAnyOrder(
                orders.groupBy(parity.as("parity"))
                        .agg(count("*").as("n"), parity.plus(100).as("p")),
                row(0L, 2L, 100L),
                row(1L, 2L, 101L));
    }

    @Test
    void aggregatesWithoutGroupsGiveOneRow() {
        assertRows(orders.agg(max("id"), countDistinct("customer")), row(4L, 2L));
        assertRows(orders.select(sum("amount")), row(35.0));
        assertRows(orders.filter(lit(false)).agg(count("*"), sum("amount")), row(0L, null));
        assertRows(orders.agg(Map.of("amount", "max")), row(20.0));
    }

    @Test
    void groupedMethodsTakeAllNumbersIfNoneIsNamed() {
        DataFrame summed = orders.groupBy("customer").sum();
        assertArrayEquals(new String[] {"customer", "sum(id)", "sum(amount)"}, summed.columns());
        assertArrayEquals(
                new String[] {"id", "avg(id)", "avg(amount)"},
                orders.groupBy("id").avg().columns());
        assertRowsInAnyOrder(orders.groupBy("customer").count(), row("ann", 2L), row("bob", 1L), row(null, 1L));
    }

    @Test
    void sortMayUseColumnsThatWereNotSelected() {
        DataFrame sorted = orders.select("id").orderBy(col("amount").desc(), col("id"));
        assertArrayEquals(new String[] {"id"}, sorted.columns());
        assertRows(sorted, row(2L), row(1L), row(4L), row(3L));
    }

    @Test
    void filtersMayUseColumnsThatWereNotSelected() {
        DataFrame dear = orders.select("id").filter("amount > 5");
        assertArrayEquals(new String[] {"id"}, dear.columns());
        assertRowsInAnyOrder(dear, row(1L), row(2L));
        assertRowsInAnyOrder(orders.select("id").filter(orders.col("amount").gt(5)), row(1L), row(2L));
        assertRowsInAnyOrder(orders.as("o").select("o.id").filter("o.amount > 5"), row(1L), row(2L));
        assertRowsInAnyOrder(session.range(3).toDF("n").filter("id = 2"), row(2L));
        DataFrame replaced = orders.withColumn("amount", lit(0));
        assertRowsInAnyOrder(
                replaced.filter(orders.col("amount").gt(5)).select("id", "amount"), row(1L, 0), row(2L, 0));
    }

    @Test
    void droppedColumnsAreFoundThroughSeveralSteps() {
        DataFrame ids = orders.drop("customer", "amount")
                .withColumn("twice", col("id").multiply(2))
                .select("id");
        assertRows(
                ids.limit(3)
                        .filter("amount > 5")
                        .filter("twice < 6 and customer is not null")
                        .sort(col("amount").desc()),
                row(2L),
                row(1L));
        DataFrame some =
                orders.select("id").filter("amount > 5").sort(col("customer").desc());
        assertArrayEquals(new String[] {"id"}, some.columns());
        assertEquals(2, some.filter("customer in ('ann', 'bob')").count());
    }

    @Test
    void ofGroupsOnlyWhatTheyAreGroupedByIsFound() {
        orders.createOrReplaceTempView("grouped");
        DataFrame counts = session.sql("SELECT count(*) AS n FROM grouped GROUP BY customer");
        assertRows(counts.filter("customer = 'ann'"), row(2L));
        assertFails(
                "[UNRESOLVED_COLUMN] 'amount' is not a column of (n).",
                () -> counts.filter(col("amount").gt(5)));
    }

    @Test
    void droppedColumnsAreNotFoundBehindNamesAndUnions() {
        DataFrame ids = orders.select("id");
        assertFails(
                "[UNRESOLVED_COLUMN] 'amount' is not a column of i(id).",
                () -> ids.as("i").filter(col("amount").gt(5)));
        assertFails(
                "[UNRESOLVED_COLUMN] 'amount' is not a column of (id).",
                () -> ids.union(ids).filter(col("amount").gt(5)));
        ids.createOrReplaceTempView("ids");
        assertEquals(
                "UNRESOLVED_COLUMN",
                assertThrows(QueryException.class, () -> session.sql("SELECT * FROM ids WHERE amount > 5"))
                        .code());
        orders.createOrReplaceTempView("all_orders");
        assertEquals(
                "UNRESOLVED_COLUMN",
                assertThrows(
                                QueryException.class,
                                () -> session.sql("FROM all_orders |> SELECT id |> WHERE amount > 5"))
                        .code());
    }

    @Test
    void sortPutsNullsFirstAscendingAndLastDescending() {
        assertRows(orders.orderBy("amount").select("id"), row(3L), row(4L), row(1L), row(2L));
        assertRows(orders.orderBy(col("amount").asc_nulls_last()).select("id"), row(4L), row(1L), row(2L), row(3L));
    }

    @Test
    void joinsByACommonColumnGiveItOnce() {
        DataFrame joined = orders.join(customers, "customer");
        assertArrayEquals(new String[] {"customer", "id", "amount", "city"}, joined.columns());
        assertRowsInAnyOrder(
                joined, row("ann", 1L, 10.0, "Rome"), row("ann", 3L, null, "Rome"), row("bob", 2L, 20.0, "Oslo"));
    }

    @Test
    void outerJoinsByACommonColumnGiveTheKeyOfTheSideThatHasIt() {
        assertRowsInAnyOrder(
                orders.select("id", "customer").join(customers, "customer", "right"),
                row("ann", 1L, "Rome"),
                row("ann", 3L, "Rome"),
                row("bob", 2L, "Oslo"),
                row("eve", null, "Bonn"));
        assertRowsInAnyOrder(
                orders.select("id", "customer").join(customers, "customer", "full"),
                row("ann", 1L, "Rome"),
                row("ann", 3L, "Rome"),
                row("bob", 2L, "Oslo"),
                row(null, 4L, null),
                row("eve", null, "Bonn"));
    }

    @Test
    void semiAndAntiJoinsGiveTheLeftSideOnly() {
        assertRowsInAnyOrder(orders.join(customers, "customer", "semi").select("id"), row(1L), row(2L), row(3L));
        assertRowsInAnyOrder(orders.join(customers, "customer", "left_anti").select("id"), row(4L));
    }

    @Test
    void joinsByConditionTellTheSidesApartByTheirDataFrames() {
        DataFrame joined =
                orders.join(customers, orders.col("customer").equalTo(customers.col("customer")), "left_outer");
        assertArrayEquals(new String[] {"id", "customer", "amount", "customer", "city"}, joined.columns());
        assertRowsInAnyOrder(
                joined.drop(customers.col("customer")).select("id", "customer", "city"),
                row(1L, "ann", "Rome"),
                row(2L, "bob", "Oslo"),
                row(3L, "ann", "Rome"),
                row(4L, null, null));
    }

    @Test
    void aDataFrameJoinsItselfByAliasesOrByItsColumns() {
        assertEquals(
                4,
                orders.as("a")
                        .join(orders.as("b"), col("a.id").equalTo(col("b.id")))
                        .count());
        assertEquals(
                4,
                orders.join(orders, orders.col("id").equalTo(orders.col("id"))).count());
    }

    @Test
    void aColumnOfADataFrameIsNotTakenForThatOfOneDerivedFromIt() {
        DataFrame big = orders.filter(col("amount").geq(10));
        DataFrame joined =
                orders.join(big, orders.col("id").equalTo(big.col("id").plus(1)));
        assertRowsInAnyOrder(joined.select(orders.col("id"), big.col("id")), row(2L, 1L), row(3L, 2L));
    }

    @Test
    void crossJoinsGiveEveryPair() {
        assertEquals(12, orders.crossJoin(customers).count());
        assertEquals(12, orders.join(customers).count());
    }

    @Test
    void unionsWidenTypesAndMatchByPositionOrName() {
        DataFrame ints = frame("a int, b string", row(1, "x"));
        DataFrame doubles = frame("b string, a double", row("y", 2.5));
        assertRows(ints.unionByName(doubles), row(1.0, "x"), row(2.5, "y"));
        assertRows(ints.select("a").union(doubles.select("a")), row(1.0), row(2.5));
        assertRows(ints.select("a").unionByName(doubles.select("b"), true), row(1, null), row(null, "y"));
    }

    @Test
    void unionsOfManyUnionsAreOne() {
        DataFrame all = orders.select("id");
        for (int i = 0; i < 60; i++) {
            all = all.union(orders.select("id")).withColumn("id", col("id").plus(0));
        }
        assertEquals(244, all.count());
    }

    @Test
    void duplicatesAreDropped() {
        DataFrame doubled = orders.union(orders);
        assertEquals(4, doubled.distinct().count());
        assertEquals(3, doubled.dropDuplicates("customer").count());
        assertEquals(8, doubled.count());
    }

    @Test
    void limitAndOffsetCutRows() {
        DataFrame sorted = orders.orderBy("id").select("id");
        assertRows(sorted.limit(2), row(1L), row(2L));
        assertRows(sorted.offset(3), row(4L));
        assertRows(sorted.offset(1).limit(2), row(2L), row(3L));
        assertRows(sorted.limit(0));
    }

    @Test
    void explodeGivesARowPerElement() {
        DataFrame tagged =
                frame("id int, tags array<string>", row(1, List.of("a", "b")), row(2, List.of()), row(3, null));
        assertRows(tagged.select(col("id"), explode(col("tags"))), row(1, "a"), row(1, "b"));
        assertArrayEquals(
                new String[] {"id", "col"},
                tagged.select(col("id"), explode(col("tags"))).columns());
        assertRows(
                tagged.select(col("id"), explode_outer(col("tags")).as("id")),
                row(1, "a"),
                row(1, "b"),
                row(2, null),
                row(3, null));
        assertRows(tagged.select(posexplode(col("tags"))), row(0, "a"), row(1, "b"));
        assertRows(tagged.withColumn("tags", explode(col("tags"))), row(1, "a"), row(1, "b"));
    }

    @Test
    void explodeOfAMapGivesKeysAndValues() {
        DataFrame maps = frame("m map<string,int>", row(Map.of("a", 1)));
        assertArrayEquals(
                new String[] {"key", "value"}, maps.select(explode(col("m"))).columns());
        assertRows(maps.select(explode(col("m"))), row("a", 1));
    }

    @Test
    void windowsPutTimesTogether() {
        DataFrame events = frame(
                "ts timestamp, n int",
                row(Instant.parse("2026-01-31T10:00:59.999999Z"), 1),
                row(Instant.parse("2026-01-31T10:01:00Z"), 2),
                row(Instant.parse("1969-12-31T23:59:59Z"), 4),
                row(null, 8));
        DataFrame counted = events.groupBy(window(col("ts"), "1 minute"))
                .agg(sum("n").as("n"))
                .select(col("window.start"), col("window.end"), col("n"))
                .orderBy("start");
        session.conf().set("spark.sql.datetime.java8API.enabled", true);
        assertRows(
                counted,
                row(Instant.parse("1969-12-31T23:59:00Z"), Instant.parse("1970-01-01T00:00:00Z"), 4L),
                row(Instant.parse("2026-01-31T10:00:00Z"), Instant.parse("2026-01-31T10:01:00Z"), 1L),
                row(Instant.parse("2026-01-31T10:01:00Z"), Instant.parse("2026-01-31T10:02:00Z"), 2L));
    }

    @Test
    void slidingWindowsCountEachRowInAllOfTheirWindows() {
        DataFrame events = frame(
                "ts timestamp, n int",
                row(Instant.parse("2026-01-31T10:00:00Z"), 1),
                row(Instant.parse("2026-01-31T10:00:45Z"), 2),
                row(null, 8));
        DataFrame counted = events.groupBy(window(col("ts"), "1 minute", "30 seconds"))
                .agg(sum("n").as("n"))
                .select(
                        col("window.start"),
                        col("n"),
                        window_time(col("window")).as("last"))
                .orderBy("start");
        session.conf().set("spark.sql.datetime.java8API.enabled", true);
        assertRows(
                counted,
                row(Instant.parse("2026-01-31T09:59:30Z"), 1L, Instant.parse("2026-01-31T10:00:29.999999Z")),
                row(Instant.parse("2026-01-31T10:00:00Z"), 3L, Instant.parse("2026-01-31T10:00:59.999999Z")),
                row(Instant.parse("2026-01-31T10:00:30Z"), 2L, Instant.parse("2026-01-31T10:01:29.999999Z")));
    }

    @Test
    void sessionsPutTimesTogetherThatAreNotFartherApartThanTheGap() {
        DataFrame events = frame(
                "user string, ts timestamp, gap string",
                row("a", Instant.parse("2026-01-31T10:00:00Z"), "1 minute"),
                row("a", Instant.parse("2026-01-31T10:01:00Z"), "1 minute"),
                row("a", Instant.parse("2026-01-31T10:02:00.000001Z"), "5 minutes"),
                row("a", Instant.parse("2026-01-31T10:06:00Z"), null),
                row("b", Instant.parse("2026-01-31T10:00:30Z"), "0 seconds"));
        session.conf().set("spark.sql.datetime.java8API.enabled", true);
        assertRows(
                events.groupBy(session_window(col("ts"), "1 minute"), col("user"))
                        .count()
                        .select(col("user"), col("session_window.start"), col("session_window.end"), col("count"))
                        .orderBy("user", "start"),
                row("a", Instant.parse("2026-01-31T10:00:00Z"), Instant.parse("2026-01-31T10:02:00Z"), 2L),
                row(
                        "a",
                        Instant.parse("2026-01-31T10:02:00.000001Z"),
                        Instant.parse("2026-01-31T10:03:00.000001Z"),
                        1L),
                row("a", Instant.parse("2026-01-31T10:06:00Z"), Instant.parse("2026-01-31T10:07:00Z"), 1L),
                row("b", Instant.parse("2026-01-31T10:00:30Z"), Instant.parse("2026-01-31T10:01:30Z"), 1L));
        assertRows(
                events.groupBy(session_window(col("ts"), col("gap")))
                        .count()
                        .select(col("session_window.start"), col("session_window.end"), col("count"))
                        .orderBy("start"),
                row(Instant.parse("2026-01-31T10:00:00Z"), Instant.parse("2026-01-31T10:02:00Z"), 2L),
                row(Instant.parse("2026-01-31T10:02:00.000001Z"), Instant.parse("2026-01-31T10:07:00.000001Z"), 1L));
    }

    @Test
    void rowsComeByMethodsOfManyNames() {
        DataFrame sorted = orders.orderBy("id").select("id");
        assertEquals(row(1L), sorted.first());
        assertArrayEquals(new Row[] {row(1L), row(2L)}, sorted.take(2));
        assertArrayEquals(new Row[] {row(3L), row(4L)}, sorted.tail(2));
        assertFalse(sorted.isEmpty());
        assertTrue(sorted.filter(lit(false)).isEmpty());
        assertThrows(
                NoSuchElementException.class, () -> sorted.filter(lit(false)).head());
    }

    @Test
    void rowsComeOneByOne() throws Exception {
        List<Long> ids = new ArrayList<>();
        orders.foreach(row -> ids.add(row.getLong(0)));
        assertEquals(List.of(1L, 2L, 3L, 4L), ids);
        Iterator<Row> rows = session.range(100_000).toLocalIterator();
        long sum = 0;
        while (rows.hasNext()) {
            sum += rows.next().getLong(0);
        }
        assertEquals(4_999_950_000L, sum);
    }

    @Test
    void anIteratorThatIsGivenUpIsFreedWithItsSession() {
        Iterator<Row> rows = session.range(100_000).toLocalIterator();
        assertEquals(row(0L), rows.next());
    }

    @Test
    void rangesHaveAStep() {
        assertRows(session.range(3), row(0L), row(1L), row(2L));
        assertRows(session.range(5, 0, -2), row(5L), row(3L), row(1L));
        assertEquals(1_000_000, session.range(0, 1_000_000, 1, 7).count());
        assertEquals(1_000_000, new HashSet<>(session.range(0, 1_000_000, 1, 7).collectAsList()).size());
    }

    @Test
    void toDFWithoutNamesKeepsTheColumns() {
        assertEquals(session.range(3).schema(), session.range(3).toDF().schema());
        assertRows(session.range(3).toDF(), row(0L), row(1L), row(2L));
        assertRows(
                orders.as(Encoders.row(orders.schema())).toDF().filter("id = 1").select("id"), row(1L));
    }

    @Test
    void nullsAreDroppedAndFilled() {
        assertEquals(2, orders.na().drop().count());
        assertEquals(3, orders.na().drop(new String[] {"amount"}).count());
        assertEquals(4, orders.na().drop("all").count());
        assertRows(
                orders.na().fill(0).na().fill("nobody").orderBy("id").offset(2),
                row(3L, "ann", 0.0),
                row(4L, "nobody", 5.0));
        assertRows(orders.na().fill(Map.of("amount", 7)).filter(col("id").equalTo(3)), row(3L, "ann", 7.0));
    }

    @Test
    void nothingIsOneOfNoValues() {
        assertEquals(0, orders.filter(col("id").isin()).count());
        assertEquals(
                4,
                orders.filter(functions.not(col("id").isInCollection(List.of())))
                        .count());
    }

    @Test
    void aggregatesThatPassOverNullsAreCalledAsTheOthers() {
        assertEquals(
                List.of("first(id)", "last(customer)", "any_value(id)"),
                List.of(orders.agg(
                                functions.first("id", true),
                                functions.last("customer", true),
                                functions.expr("any_value(id) IGNORE NULLS"))
                        .columns()));
    }

    @Test
    void describeLeavesOutWhatIsNeitherNumberNorText() {
        DataFrame days = orders.selectExpr("id", "DATE '2026-01-31' AS day");

        assertEquals(
                List.of("summary", "id"), List.of(days.describe("day", "id").columns()));
    }

    @Test
    void describeTellsAboutNumbersAndTexts() {
        assertRows(
                orders.describe("id", "customer"),
                row("count", "4", "3"),
                row("mean", "2.5", null),
                row("stddev", "1.2909944487358056", null),
                row("min", "1", "ann"),
                row("max", "4", "bob"));
        assertRows(orders.summary("max", "min").select("summary", "amount"), row("max", "20.0"), row("min", "5.0"));
        assertEquals(
                List.of("count", "mean", "stddev", "min", "25%", "50%", "75%", "max"),
                orders.summary().collectAsList().stream()
                        .map(row -> row.getString(0))
                        .toList());
        assertRows(
                orders.summary("50%", "75%", "count_distinct", "approx_count_distinct")
                        .select("summary", "id", "customer"),
                row("50%", "2", null),
                row("75%", "3", null),
                row("count_distinct", "4", "2"),
                row("approx_count_distinct", "4", "2"));
    }

    @Test
    void aLongChainOfStepsIsAnalyzedStepByStep() {
        DataFrame frame = session.range(10).toDF("c0");
        for (int i = 1; i <= 300; i++) {
            frame = frame.withColumn("c" + i, col("c" + (i - 1)).plus(1));
        }
        assertRows(frame.filter(col("c0").equalTo(5)).select("c300"), row(305L));
    }
}
