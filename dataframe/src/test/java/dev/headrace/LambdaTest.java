package dev.headrace;

import static dev.headrace.functions.aggregate;
import static dev.headrace.functions.array_sort;
import static dev.headrace.functions.col;
import static dev.headrace.functions.exists;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.filter;
import static dev.headrace.functions.forall;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.map_filter;
import static dev.headrace.functions.map_zip_with;
import static dev.headrace.functions.transform;
import static dev.headrace.functions.transform_keys;
import static dev.headrace.functions.transform_values;
import static dev.headrace.functions.when;
import static dev.headrace.functions.zip_with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.QueryException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Functions that take lambdas, from Java and over many rows, so that generated code runs them too.
class LambdaTest {
    private final Session session = Session.builder().master("local[2]").create();

    @AfterEach
    void close() {
        session.close();
    }

    private DataFrame arrays() {
        return session.sql("SELECT * FROM VALUES (1, array(3, 1, 2), map('a', 1, 'b', 2)) AS t(x, a, m)");
    }

    private Object only(Column column) {
        return arrays().select(column.cast("string")).collectAsList().getFirst().get(0);
    }

    @Test
    void javaLambdasAreCalledWithColumnsThatStandForElements() {
        assertEquals("[4, 2, 3]", only(transform(col("a"), e -> e.plus(1))));
        assertEquals("[3, 2, 4]", only(transform(col("a"), (e, i) -> e.plus(i))));
        assertEquals("[3, 2]", only(filter(col("a"), e -> e.gt(1))));
        assertEquals("[1, 2]", only(filter(col("a"), (e, i) -> i.gt(0))));
        assertEquals("true", only(exists(col("a"), e -> e.equalTo(2))));
        assertEquals("false", only(forall(col("a"), e -> e.equalTo(2))));
        assertEquals("6", only(aggregate(col("a"), lit(0), (sum, e) -> sum.plus(e))));
        assertEquals("60", only(aggregate(col("a"), lit(0), (sum, e) -> sum.plus(e), sum -> sum.multiply(10))));
        assertEquals("[9, 1, 4]", only(zip_with(col("a"), col("a"), (l, r) -> l.multiply(r))));
        assertEquals(
                "[3, 2, 1]",
                only(array_sort(
                        col("a"), (l, r) -> when(l.lt(r), 1).when(l.gt(r), -1).otherwise(0))));
        assertEquals("{b -> 2}", only(map_filter(col("m"), (k, v) -> v.gt(1))));
        assertEquals("{a! -> 1, b! -> 2}", only(transform_keys(col("m"), (k, v) -> functions.concat(k, lit("!")))));
        assertEquals("{a -> 2, b -> 4}", only(transform_values(col("m"), (k, v) -> v.multiply(2))));
        assertEquals("{a -> 2, b -> 4}", only(map_zip_with(col("m"), col("m"), (k, l, r) -> l.plus(r))));
    }

    @Test
    void parametersHideColumnsOnlyInSql() {
        assertEquals("[4, 2, 3]", only(transform(col("a"), e -> e.plus(col("x")))));
        assertEquals("[6, 2, 4]", only(expr("transform(a, x -> x + x)")));
        assertEquals("[4, 2, 3]", only(expr("transform(a, e -> e + x)")));
    }

    @Test
    void lambdasWithinLambdasSeeTheParametersAround() {
        assertEquals(
                "[[6, 4, 5], [4, 2, 3], [5, 3, 4]]",
                only(transform(col("a"), outer -> transform(col("a"), inner -> inner.plus(outer)))));
    }

    @Test
    void manyRowsGiveWhatFewRowsGive() {
        DataFrame rows = session.range(20_000)
                .selectExpr("id", "sequence(id, id + 3) AS a")
                .select(
                        col("id"),
                        transform(filter(col("a"), e -> e.mod(2).equalTo(0)), e -> e.plus(col("id")))
                                .as("b"))
                .selectExpr("sum(aggregate(b, 0L, (s, e) -> s + e)) AS total", "count(*)");
        long total = 0;
        for (long id = 0; id < 20_000; id++) {
            for (long e = id; e <= id + 3; e++) {
                total += e % 2 == 0 ? e + id : 0;
            }
        }
        assertEquals(List.of(RowFactory.create(total, 20_000L)), rows.collectAsList());
    }

    @Test
    void whatIsWrongWithALambdaIsSaid() {
        assertError(
                "[INVALID_LAMBDA] 'transform': the lambda has the parameters [x, y, z], which are 3. Expected: 1 or 2.",
                "transform(a, (x, y, z) -> x)");
        assertError("[INVALID_LAMBDA] 'upper' takes no lambda.", "upper('a', x -> x)");
        assertError(
                "[INVALID_LAMBDA] 'transform' was called without a lambda. Expected: transform(array array<T>, f"
                        + " lambda), such as x -> x + 1 for a lambda.",
                "transform(a, 1)");
        assertError(
                "[DATATYPE_MISMATCH] 'aggregate': the lambda gives bigint, but the start '0' is int. Cast one of them:"
                        + " both must be of one type.",
                "aggregate(a, 0, (s, e) -> s + CAST(e AS BIGINT))");
        assertError("[DATATYPE_MISMATCH] 'filter': the lambda gives int. It must give a boolean.", "filter(a, x -> x)");
    }

    private void assertError(String message, String expression) {
        QueryException error = assertThrows(QueryException.class, () -> arrays().select(expr(expression)));
        assertEquals(message, error.getMessage().lines().findFirst().orElseThrow());
    }
}
