package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.explode;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// DataFrames that use columns of another one around them: `exists`, `scalar` and `lateralJoin`.
class OuterColumnsTest {
    private final Session session = Session.builder().master("local[2]").create();
    private DataFrame orders;
    private DataFrame items;

    @BeforeEach
    void tables() {
        orders = session.sql("SELECT * FROM VALUES (1, 'ann', array(7, 8)), (2, 'bob', array()), (3, 'cid', NULL)"
                        + " AS t(id, name, tags)")
                .as("o");
        items = session.sql("SELECT * FROM VALUES (1, 10), (1, 20), (2, 5), (9, 1) AS t(order, price)")
                .as("i");
    }

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private static List<String> rows(DataFrame frame) {
        return frame.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    private DataFrame ofTheOrder() {
        return items.where(items.col("order").equalTo(orders.col("id").outer()));
    }

    @Test
    void existsIsAskedForEachRow() {
        assertEquals(
                List.of("[1]", "[2]"), rows(orders.where(ofTheOrder().exists()).select("id")));
        assertEquals(
                List.of("[3]"),
                rows(orders.where(functions.not(ofTheOrder().exists())).select("id")));
        assertEquals(
                List.of("[1]"),
                rows(orders.where(ofTheOrder().where(col("price").gt(10)).exists())
                        .select("id")));
    }

    @Test
    void theKeyOfOneSideOfUsingIsFound() {
        DataFrame keys = session.sql("SELECT * FROM VALUES (1), (9) AS t(id)").as("k");
        DataFrame both = orders.join(keys, new String[] {"id"}, "left");
        assertEquals(
                List.of("[1]"),
                rows(both.where(items.where(col("order").equalTo(col("k.id").outer()))
                                .exists())
                        .select("id")));
    }

    @Test
    void scalarIsAValueOfEachRow() {
        assertEquals(
                List.of("[1,30]", "[2,5]", "[3,null]"),
                rows(orders.select(
                        col("id"), ofTheOrder().agg(sum("price")).scalar().as("total"))));
        assertEquals(
                List.of("[1]"),
                rows(orders.where(ofTheOrder().agg(count("price")).scalar().gt(1))
                        .select("id")));
    }

    @Test
    void lateralJoinGivesTheRowsOfEachRow() {
        assertEquals(
                List.of("[1,10]", "[1,20]", "[2,5]"),
                rows(orders.lateralJoin(ofTheOrder()).select("id", "price")));
        assertEquals(
                List.of("[1,10]", "[1,20]", "[2,5]", "[3,null]"),
                rows(orders.lateralJoin(ofTheOrder(), "left").select("id", "price")));
        assertEquals(
                List.of("[1,20]"),
                rows(orders.lateralJoin(ofTheOrder(), col("price").gt(10)).select("id", "price")));
        assertEquals(
                List.of("[1,30,2]", "[2,5,1]", "[3,null,0]"),
                rows(orders.lateralJoin(ofTheOrder()
                                .agg(sum("price").as("total"), count("price").as("n")))
                        .select("id", "total", "n")));
        assertEquals(12, orders.lateralJoin(items).count());
    }

    @Test
    void tableFunctionsTakeColumnsAroundThem() {
        assertEquals(
                List.of("[1,7]", "[1,8]"),
                rows(orders.lateralJoin(
                                session.tvf().explode(col("o.tags").outer()).toDF("tag"))
                        .select("id", "tag")));
        assertEquals(
                List.of("[1,7]", "[1,8]"),
                rows(orders.lateralJoin(session.range(1)
                                .select(explode(col("o.tags").outer()).as("tag")))
                        .select("o.id", "tag")));
        assertEquals(
                List.of("[1,7]", "[1,8]", "[2,null]", "[3,null]"),
                rows(orders.lateralJoin(
                                session.tvf().explode(col("o.tags").outer()).toDF("tag"), "left")
                        .select("id", "tag")));
        assertEquals(
                List.of("[1,2]", "[2,4]", "[3,6]"),
                rows(orders.lateralJoin(session.range(1)
                                .select(col("o.id").outer().multiply(lit(2)).as("twice")))
                        .select("o.id", "twice")));
    }

    @Test
    void aloneItHasNoRows() {
        String message =
                "[UNRESOLVED_OUTER_COLUMN] 'id' is marked with outer(), but no query around this one has it. Use this"
                        + " DataFrame in exists(), scalar() or lateralJoin(…) of a query with this column.";
        DataFrame open = ofTheOrder();
        assertFails(message, open::count);
        assertFails(message, open::schema);
        assertFails(message, () -> items.where(open.exists()).count());
        assertFails(
                "[UNSUPPORTED_JOIN_TYPE] lateralJoin(…) is inner, cross or left, not RIGHT_OUTER.",
                () -> orders.lateralJoin(open, "right"));
    }

    @Test
    void keysOfBothSidesOfAJoinAreFound() {
        DataFrame left = session.range(1, 4);
        DataFrame right = session.range(2, 5);
        DataFrame joined = left.join(right, "id", "left");
        assertEquals(List.of("id"), List.of(joined.columns()));
        assertEquals(
                List.of("[1,1,null]", "[2,2,2]", "[3,3,3]"),
                rows(joined.select(col("id"), left.col("id"), right.col("id"))));
        assertEquals(
                List.of("[1]"), rows(joined.filter(right.col("id").isNull()).select(left.col("id"))));
        assertEquals(
                List.of("[2,1]", "[3,1]", "[null,1]"),
                rows(joined.groupBy(right.col("id")).agg(count(lit(1)))));
        assertEquals(
                List.of("[1,true]", "[2,false]", "[3,false]"),
                rows(joined.withColumn("alone", right.col("id").isNull())));
        assertEquals(
                List.of("[2,2]", "[3,3]", "[4,null]"),
                rows(left.join(right, "id", "right").select(right.col("id"), left.col("id"))));
    }

    @Test
    void emptySidesGiveNothing() {
        assertEquals(List.of(), rows(orders.where("false").lateralJoin(ofTheOrder())));
        assertEquals(List.of(), rows(orders.lateralJoin(ofTheOrder().where("false"))));
        assertEquals(
                List.of("[1,null]", "[2,null]", "[3,null]"),
                rows(orders.lateralJoin(ofTheOrder().where("false"), "left").select("id", "price")));
    }

    // ---- json_tuple

    @Test
    void jsonTupleGivesAColumnPerField() {
        DataFrame texts =
                session.sql("SELECT * FROM VALUES (1, '{\"a\":1,\"b\":\"x\",\"c\":{\"d\":[1]}}'), (2, '{\"a\":null}'),"
                        + " (3, 'no json'), (4, NULL), (5, '[]') AS t(id, j)");
        List<String> expected = List.of(
                "[1,1,x,{\"d\":[1]}]",
                "[2,null,null,null]",
                "[3,null,null,null]",
                "[4,null,null,null]",
                "[5,null,null,null]");
        assertEquals(expected, rows(texts.select(col("id"), functions.json_tuple(col("j"), "a", "b", "c"))));
        texts.createOrReplaceTempView("texts");
        assertEquals(
                expected,
                rows(session.sql("SELECT id, t.* FROM texts LATERAL VIEW json_tuple(j, 'a', 'b', 'c') t AS a, b, c")));
        assertEquals(
                "struct<id:int,c0:string,c1:string>",
                session.sql("SELECT id, json_tuple(j, 'a', 'b') FROM texts")
                        .schema()
                        .simpleString());
        assertEquals(List.of("[1]"), rows(session.tvf().json_tuple(lit("{\"a.b\":1}"), "a.b")));
        assertEquals(List.of("[1]"), rows(session.tvf().json_tuple(lit("{\"a'b\":1}"), "a'b")));
        assertEquals(List.of("[1,null,1]"), rows(session.tvf().json_tuple(lit("{\"\":1}"), "", "x", "")));
        assertFails(
                "[WRONG_NUM_ARGS] json_tuple(json, name, …) takes a JSON text and the names of its fields.",
                () -> texts.select(functions.json_tuple(col("j"))));
        assertFails(
                "[DATATYPE_MISMATCH] Argument 2 of 'json_tuple' is 'id' of type int: expected a constant string.",
                () -> texts.selectExpr("json_tuple(j, id)"));
    }

    // ---- make_interval

    @Test
    void madeIntervalsMoveDatesAndTimestamps() {
        session.conf().set("spark.sql.session.timeZone", "Europe/Berlin");
        assertEquals(
                List.of("[2027-03-21,2024-12-29,2025-12-28 13:57:30.5,2026-01-31]"),
                rows(session.sql("SELECT d + make_interval(1, 1, 2, 7), d - make_interval(1, 1, 0, 2),"
                        + " string(ts - make_interval(0, 1, 0, 2, 10, 2, 29.5)), make_interval() + d"
                        + " FROM VALUES (DATE'2026-01-31', TIMESTAMP'2026-01-31 00:00:00') AS t(d, ts)")));
        // a day is one of the calendar, an hour one of the clock
        assertEquals(
                List.of("[2026-03-29 12:00:00,2026-03-29 13:00:00]"),
                rows(session.sql(
                        "SELECT string(ts + make_interval(0, 0, 0, 1)), string(ts + make_interval(0, 0, 0, 0, 24))"
                                + " FROM VALUES (TIMESTAMP'2026-03-28 12:00:00') AS t(ts)")));
        assertEquals(
                List.of("[1,2026-02-28]", "[2,null]"),
                rows(session.sql("SELECT * FROM VALUES (1, 1), (2, NULL) AS t(id, months)")
                        .select(
                                col("id"),
                                functions
                                        .to_date(lit("2026-01-31"))
                                        .plus(functions.make_interval(lit(0), col("months"))))));
        assertEquals(
                List.of("[null]"),
                rows(
                        session.sql(
                                "SELECT TIMESTAMP'2026-01-01 00:00:00' + try_make_interval(y) FROM VALUES (2147483647) AS t(y)")));
        assertEquals(
                "ARITHMETIC_OVERFLOW",
                org.junit.jupiter.api.Assertions.assertThrows(
                                dev.headrace.errors.HeadraceException.class,
                                () -> session.sql(
                                                "SELECT TIMESTAMP'2026-01-01 00:00:00' + make_interval(y) FROM VALUES (2147483647) AS t(y)")
                                        .collect())
                        .code());
    }

    @Test
    void madeIntervalsAreNoValues() {
        assertFails(
                "[UNSUPPORTED_INTERVAL] 'make_interval(1)' has months beside days and times: it can only be added to or"
                        + " subtracted from a date or a timestamp. For a value of its own use make_ym_interval(…) or"
                        + " make_dt_interval(…).",
                () -> session.range(1).select(functions.make_interval(lit(1))));
        assertFails(
                "[UNSUPPORTED_INTERVAL] 'make_interval(0, 0, 0, 0, 5)' has hours, minutes or seconds, which can't be added to"
                        + " the date 'd'. Cast the date to a timestamp, or leave them out.",
                () -> session.sql("SELECT DATE'2026-01-01' AS d")
                        .select(col("d").plus(functions.make_interval(lit(0), lit(0), lit(0), lit(0), lit(5)))));
    }
}
