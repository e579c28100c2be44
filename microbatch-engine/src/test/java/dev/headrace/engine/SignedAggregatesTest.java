package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.countDistinct;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.min;
import static dev.headrace.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.streaming.StateOperatorProgress;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Aggregations over rows that go again, kept up to date by what changes.
class SignedAggregatesTest {
    private static Row change(Object value, String type) {
        return RowFactory.create(value, type);
    }

    @Test
    void aSumMayBeTooLargeBeforeAllThatGoesIsTakenAway() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("key string, amount bigint");
            test.query(
                    input.toDF().groupBy("key").agg(min("amount").as("least")).agg(sum("least")), "changelog");
            input.add("a", Long.MAX_VALUE);
            test.process().expect(change(Long.MAX_VALUE, "insert"));
            input.add("a", -10L).add("b", Long.MAX_VALUE);
            test.process().expect(change(Long.MAX_VALUE, "delete"), change(Long.MAX_VALUE - 10, "insert"));
        }
    }

    @Test
    void aSumThatIsTooLargeIsAnError() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("key string, amount bigint");
            test.query(
                    input.toDF().groupBy("key").agg(sum("amount").as("total")).agg(sum("total")), "changelog");
            input.add("a", Long.MAX_VALUE).add("b", 1L);
            String message = test.expectError("CAST_OVERFLOW");
            assertTrue(message.contains("bigint"), message);
        }
    }

    @Test
    void ofAThousandRowsWithFewValuesOnlyTheValuesAreTouched() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("key bigint");
            test.query(
                    input.toDF()
                            .groupBy("key")
                            .count()
                            .agg(countDistinct(col("count")).as("counts")),
                    "changelog");
            input.add(test.session()
                    .range(1_000)
                    .select(col("id").as("key"))
                    .union(test.session().range(10).select(lit(5L)))
                    .collectAsList());
            test.process().expect(change(2L, "insert"));
            List<Long> rows = Stream.of(test.running().lastProgress().stateOperators())
                    .map(StateOperatorProgress::numRowsTotal)
                    .toList();
            assertEquals(List.of(1_000L, 2L, 1L), rows);
            input.add(3L);
            test.process().expect(change(2L, "delete"), change(3L, "insert"));
            long updated = Arrays.stream(test.running().lastProgress().stateOperators())
                    .mapToLong(StateOperatorProgress::numRowsUpdated)
                    .sum();
            assertTrue(updated <= 4, "updated " + updated);
        }
    }
}
