package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.current_timestamp;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.rand;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Expressions that may have another value in the batch in which a row goes than in the one in which it came. The clock
/// begins at 2026-01-01 00:00 and moves a minute with each batch.
class KeptResultsTest {
    private static DataFrame counts(TestInput ids) {
        return ids.toDF().groupBy("id").agg(count(lit(1)).as("n"));
    }

    private static StreamTest next(StreamTest test) {
        return test.advanceClock(Duration.ofMinutes(1)).process();
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"PLAN", "STATE_COMMIT", "SINK_COMMIT"})
    void aRowGoesWithTheTimeThatItCameWith(Step crash) {
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            test.query(counts(ids).withColumn("m", expr("minute(current_timestamp())")), "changelog");
            ids.add(1).add(2);
            next(test).expect(RowFactory.create(1, 1L, 1, "insert"), RowFactory.create(2, 1L, 1, "insert"));
            ids.add(1);
            test.advanceClock(Duration.ofMinutes(1)).crashAfter(crash);
            next(test).expect(RowFactory.create(1, 1L, 1, "delete"), RowFactory.create(1, 2L, 2, "insert"));
            ids.add(1).add(2);
            next(test)
                    .expect(
                            RowFactory.create(1, 2L, 2, "delete"), RowFactory.create(1, 3L, 4, "insert"),
                            RowFactory.create(2, 1L, 1, "delete"), RowFactory.create(2, 2L, 4, "insert"));
        }
    }

    @Test
    void whatHasPassedAFilterIsTakenBack() {
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            test.query(counts(ids).where(expr("minute(current_timestamp()) < 2")), "changelog");
            ids.add(1).add(2);
            next(test).expect(RowFactory.create(1, 1L, "insert"), RowFactory.create(2, 1L, "insert"));
            ids.add(1).add(3);
            next(test).expect(RowFactory.create(1, 1L, "delete"));
            ids.add(1).add(3);
            next(test).expectNothing();
        }
    }

    @Test
    void soAreTheElementsOfAnArray() {
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            test.query(
                    counts(ids).selectExpr("id", "n", "explode(sequence(1, minute(current_timestamp()))) AS e"),
                    "changelog");
            ids.add(1);
            next(test).expect(RowFactory.create(1, 1L, 1, "insert"));
            ids.add(1);
            next(test)
                    .expect(
                            RowFactory.create(1, 1L, 1, "delete"),
                            RowFactory.create(1, 2L, 1, "insert"),
                            RowFactory.create(1, 2L, 2, "insert"));
        }
    }

    /// Whatever comes out of `rand()`, the state above has no row left that nobody takes back.
    @Test
    void aTableOfRandomNumbersHasOneRowForEachRow() {
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            test.query(
                    counts(ids)
                            .withColumn("r", rand())
                            .withColumn("at", current_timestamp())
                            .orderBy(col("r"), col("at"))
                            .limit(100)
                            .groupBy("id")
                            .agg(count(lit(1)).as("rows")),
                    "changelog");
            for (int batch = 0; batch < 5; batch++) {
                ids.add(1).add(2).add(batch);
                next(test);
            }
            List<Row> all = test.newRows();
            for (Row row : all) {
                Assertions.assertEquals(1L, row.getLong(1), row::toString);
            }
        }
    }
}
