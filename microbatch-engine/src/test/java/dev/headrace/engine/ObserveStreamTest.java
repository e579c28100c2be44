package dev.headrace.engine;

import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.max;
import static dev.headrace.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Observation;
import dev.headrace.Row;
import dev.headrace.errors.QueryException;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Metrics of each batch's rows.
class ObserveStreamTest {
    private static Row seen(StreamTest test) {
        return test.running().lastProgress().observedMetrics().get("seen");
    }

    @Test
    void eachBatchHasItsOwn() {
        try (StreamTest test = StreamTest.create()) {
            TestInput sales = test.input("shop string, amount bigint");
            test.query(
                    sales.toDF()
                            .observe(
                                    "seen",
                                    count(lit(1)).as("rows"),
                                    max("amount").as("most"))
                            .where("amount > 1"),
                    "append");
            sales.add("north", 1L).add("north", 2L).add("west", 5L);
            test.process();
            assertEquals(3L, seen(test).<Long>getAs("rows"));
            assertEquals(5L, seen(test).<Long>getAs("most"));
            sales.add("north", 1L);
            test.process();
            assertEquals(1L, seen(test).<Long>getAs("rows"));
            assertEquals(1L, seen(test).<Long>getAs("most"));
            String json = test.running().lastProgress().json();
            assertTrue(json.contains("\"observedMetrics\":{\"seen\":{\"rows\":1,\"most\":1}}"), json);
        }
    }

    @Test
    void resultsAreObserved() {
        for (String mode : List.of("update", "complete")) {
            try (StreamTest test = StreamTest.create()) {
                TestInput sales = test.input("shop string, amount bigint");
                test.query(
                        sales.toDF()
                                .groupBy("shop")
                                .agg(sum("amount").as("total"))
                                .observe(
                                        "seen",
                                        count(lit(1)).as("shops"),
                                        sum("total").as("all")),
                        mode);
                sales.add("north", 1L).add("north", 2L).add("west", 5L);
                test.process();
                assertEquals(2L, seen(test).<Long>getAs("shops"));
                assertEquals(8L, seen(test).<Long>getAs("all"));
                assertEquals(2, test.running().lastProgress().rowBalance().out());
            }
        }
    }

    @Test
    void rowsThatGoAgainAndObjectsOfOneRunAreRefused() {
        try (StreamTest test = StreamTest.create()) {
            TestInput sales = test.input("shop string, amount bigint");
            test.query(
                    sales.toDF()
                            .groupBy("shop")
                            .count()
                            .observe("seen", count(lit(1)))
                            .groupBy("count")
                            .count(),
                    "changelog");
            String refused = assertThrows(AssertionError.class, test::process).getMessage();
            assertTrue(
                    refused.contains(
                            "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run observe(\"seen\", …) of rows that"
                                    + " can go again. A metric is computed over the rows that come"),
                    refused);
            assertEquals(
                    "[UNSUPPORTED_STREAMING_OPERATION] An Observation takes the metrics of one run, and a stream has them for each"
                            + " batch. Use observe(\"mine\", …) and look at the observedMetrics of its progress.",
                    assertThrows(
                                    QueryException.class,
                                    () -> sales.toDF().observe(new Observation("mine"), count(lit(1))))
                            .getMessage());
        }
    }
}
