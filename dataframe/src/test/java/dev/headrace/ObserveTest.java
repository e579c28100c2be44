package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static dev.headrace.functions.avg;
import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.countDistinct;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.max;
import static dev.headrace.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.api.java.UDF1;
import dev.headrace.errors.DataException;
import dev.headrace.types.DataTypes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Metrics of the rows that pass a place of a query. Closing the session asserts that nothing has leaked.
class ObserveTest {
    @AutoClose
    private final Session session = Session.builder().master("local[2]").create();

    private final Observation seen = new Observation("seen");

    private static Map<String, @Nullable Object> of(Object... namesAndValues) {
        Map<String, @Nullable Object> map = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    @Test
    void theFirstActionFillsIt() throws Exception {
        DataFrame rows = session.range(0, 100_000, 1, 8)
                .observe(
                        seen,
                        count(lit(1)).as("rows"),
                        max("id").as("most"),
                        avg("id").as("mean"));
        DataFrame above =
                rows.filter("id % 10 = 3").select(col("id").multiply(2).as("twice"));
        assertEquals(10_000, above.collectAsList().size());
        assertEquals(of("rows", 100_000L, "most", 99_999L, "mean", 49_999.5), seen.get());
        assertEquals(1, rows.filter("id = 7").count());
        assertEquals(100_000L, seen.getAsJava().get("rows"));
    }

    @Test
    void expressionsOverAggregatesOfExpressionsAreMetrics(@TempDir Path directory) throws Exception {
        session.range(10)
                .select(col("id"), col("id").cast("string").as("text"))
                .observe(
                        seen,
                        expr("sum(id * 2) / count(*) as mean"),
                        expr("count(*) filter (where id > 6) as large"),
                        expr("array_sort(collect_list(text))[9] as last"))
                .select("text")
                .write()
                .json(directory.resolve("out").toString());
        assertEquals(of("mean", 9.0, "large", 3L, "last", "9"), seen.get());
    }

    /// The first split ends last: it waits until the thread that reads the second has gone on to the third.
    @Test
    void whatIsSeenIsInTheOrderOfTheRowsWhateverSplitEndsFirst() throws Exception {
        CountDownLatch third = new CountDownLatch(1);
        UDF1<Long, Long> waiting = id -> {
            if (id == 0) {
                third.await();
            } else if (id == 2) {
                third.countDown();
            }
            return id;
        };
        session.range(0, 3, 1, 3)
                .select(functions
                        .udf(waiting, DataTypes.LongType)
                        .apply(col("id"))
                        .as("id"))
                .observe(seen, expr("collect_list(id) as ids"))
                .collectAsList();
        assertEquals(of("ids", List.of(0L, 1L, 2L)), seen.get());
    }

    @Test
    void withoutRowsAggregatesAreThoseOfNoRows() throws Exception {
        DataFrame none = session.range(0)
                .observe(seen, count(lit(1)).as("rows"), sum("id").as("total"));
        assertEquals(List.of(), none.collectAsList());
        assertEquals(of("rows", 0L, "total", null), seen.get());
    }

    @Test
    void aNumberOfRowsThatIsKnownIsCountedNevertheless() throws Exception {
        assertEquals(5, session.range(5).observe(seen, count(lit(1)).as("rows")).count());
        assertEquals(5L, seen.get().get("rows"));
    }

    /// The optimizer knows that an aggregate of all rows is one row.
    @Test
    void rowsThatNothingAboveNeedsAreObserved() throws Exception {
        DataFrame rows = session.range(5).observe(seen, count(lit(1)).as("rows"));
        assertEquals(1, rows.agg(sum("id")).count());
        assertEquals(5L, seen.get().get("rows"));
    }

    /// A join without rows on one side gives none, whatever the other side has.
    @Test
    void rowsWithoutPartnersAreObserved() throws Exception {
        DataFrame rows = session.range(1_000).observe(seen, count(lit(1)).as("rows"));
        DataFrame none = session.range(10).where("id > 20").select(col("id").as("other"));
        assertEquals(0, rows.join(none, col("id").equalTo(col("other"))).count());
        assertEquals(1_000L, seen.get().get("rows"));
    }

    @Test
    void whatIsWrittenIsObserved(@TempDir Path directory) throws Exception {
        Path out = directory.resolve("out");
        session.range(1000).observe(seen, count(lit(1)).as("rows")).write().parquet(out.toString());
        assertEquals(1000L, seen.get().get("rows"));
        assertEquals(1000, session.read().parquet(out.toString()).count());
    }

    @Test
    void rowsOfBothSidesOfASelfJoinAreThoseOfOneSide() throws Exception {
        DataFrame rows = session.range(100).observe(seen, count(lit(1)).as("rows"));
        assertEquals(
                100,
                rows.as("a")
                        .join(rows.as("b"), col("a.id").equalTo(col("b.id")))
                        .count());
        assertEquals(100L, seen.get().get("rows"));
    }

    @Test
    void aQueryThatFailsFillsNothing(@TempDir Path directory) throws Exception {
        DataFrame rows = session.range(10).observe(seen, count(lit(1)).as("rows"));
        assertThrows(
                DataException.class, () -> rows.select(lit(1).divide(col("id"))).collectAsList());
        CompletableFuture<Object> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return seen.get();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        });
        assertFalse(waiting.isDone());
        rows.collectAsList();
        assertEquals(of("rows", 10L), waiting.get());

        Path out = directory.resolve("out");
        DataFrame tooLarge =
                session.range(2).observe("largest", sum(lit(Long.MAX_VALUE)).as("total"));
        assertEquals(
                "ARITHMETIC_OVERFLOW",
                assertThrows(DataException.class, () -> tooLarge.write().parquet(out.toString()))
                        .code());
        assertFalse(Files.exists(out.resolve("_SUCCESS")));
    }

    @Test
    void whatIsNoMetricIsRefused() {
        DataFrame rows = session.range(10);
        assertEquals(
                "MISSING_AGGREGATION",
                assertThrows(dev.headrace.errors.QueryException.class, () -> rows.observe("m", col("id")))
                        .code());
        assertFails(
                "[INVALID_OBSERVED_METRICS] observe(\"m\", …): count(DISTINCT id) would need all its values at once. Use"
                        + " approx_count_distinct, or compute it with agg(…).",
                () -> rows.observe("m", countDistinct("id").as("ids")));
        assertFails(
                "[INVALID_OBSERVED_METRICS] observe(\"m\", …): Two metrics are called 'A'. Give each a name: as(…).",
                () -> rows.observe("m", max("id").as("a"), sum("id").as("A")));
        assertFails(
                "[INVALID_OBSERVED_METRICS] observe(\"m\", …): Window functions and subqueries can't be observed. Compute"
                        + " them with select(…) before.",
                () -> rows.observe("m", expr("sum(count(*)) over ()")));
        assertFails(
                "[DUPLICATED_METRICS_NAME] observe(\"m\", …): the rows are observed under this name already. Choose another"
                        + " one.",
                () -> rows.observe("m", max("id")).filter("id > 1").observe("m", sum("id")));
        DataFrame both = rows.observe("m", max("id")).union(session.range(3).observe("m", max("id")));
        assertFails(
                "[DUPLICATED_METRICS_NAME] observe(\"m\", …): other rows of the query are observed under this name, too."
                        + " Choose another one.",
                both::collectAsList);
        rows.observe(seen, max("id"));
        assertFails(
                "[OBSERVATION_USED] The observation 'seen' is of another DataFrame already. Make a new Observation for"
                        + " each.",
                () -> rows.observe(seen, max("id")));
        assertEquals(
                "The name of an observation must not be empty.",
                assertThrows(IllegalArgumentException.class, () -> new Observation(""))
                        .getMessage());
    }
}
