package dev.headrace.testing;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.countDistinct;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.engine.Step;
import dev.headrace.streaming.StateOperatorProgress;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a user's test sees, and that the tools find what is wrong.
class StreamTestTest {
    private static final Instant TEN = Instant.parse("2026-01-31T10:00:00Z");

    private static Row row(Object... values) {
        return RowFactory.create(values);
    }

    private static DataFrame perMinute(TestInput clicks) {
        return clicks.toDF()
                .withWatermark("ts", "10 seconds")
                .groupBy(window(col("ts"), "1 minute"))
                .agg(count(lit(1)).as("n"))
                .select("n");
    }

    @Test
    void rowsComeStepByStep() {
        try (StreamTest test = StreamTest.create()) {
            TestInput clicks = test.input("user string, ts timestamp");
            test.query(perMinute(clicks), "append");
            clicks.add("ann", TEN).add("bob", TEN.plusSeconds(30));
            test.process().expectNothing().expectWatermark(TEN.plusSeconds(20));
            clicks.add("ann", TEN.plusSeconds(70));
            test.process().expect(row(2L)).expectNothing();
            AssertionError other = assertThrows(AssertionError.class, () -> test.expect(row(1L)));
            assertEquals("expected [[1]]\n but came []", other.getMessage());
        }
    }

    @Test
    void aCrashBehindABatchLosesNothingAndDoublesNothing() {
        try (StreamTest test = StreamTest.create()) {
            TestInput clicks = test.input("user string, ts timestamp");
            test.query(clicks.toDF().groupBy("user").count(), "update");
            clicks.add("ann", TEN);
            test.crashBefore(Step.MAINTAIN);
            clicks.add("ann", TEN);
            test.crashAfter(Step.MAINTAIN);
            clicks.add("ann", TEN);
            test.process();
            assertEquals(
                    List.of("[ann,1]", "[ann,2]", "[ann,3]"),
                    test.newRows().stream().map(Row::toString).sorted().toList());
        }
    }

    @ParameterizedTest
    @EnumSource(names = "MAINTAIN", mode = EnumSource.Mode.EXCLUDE)
    void aCrashLosesNothingAndDoublesNothing(Step step) {
        try (StreamTest test = StreamTest.create()) {
            TestInput clicks = test.input("user string, ts timestamp");
            test.query(clicks.toDF().groupBy("user").count(), "update");
            clicks.add("ann", TEN);
            test.process().expect(row("ann", 1L));
            clicks.add("ann", TEN).add("bob", TEN);
            test.crashBefore(step).crashAfter(step).process();
            assertEquals(
                    List.of("[ann,2]", "[bob,1]"),
                    test.newRows().stream().map(Row::toString).sorted().toList());
        }
    }

    @Test
    void aBatchThatGivesOtherRowsWhenItRunsAgainIsFound() {
        try (StreamTest test = StreamTest.create()) {
            TestInput clicks = test.input("user string, ts timestamp");
            Random chance = new Random(1);
            test.query(
                    clicks.toDF()
                            .select(dev.headrace
                                    .functions
                                    .udf(
                                            (String user) -> user + chance.nextInt(),
                                            dev.headrace.types.DataTypes.StringType)
                                    .apply(col("user"))
                                    .as("user")),
                    "append");
            clicks.add("ann", TEN);
            test.crashAfter(Step.SINK_COMMIT);
            AssertionError failed = assertThrows(AssertionError.class, test::process);
            assertTrue(failed.toString().contains("Batch 0 ran again and gave other rows"), failed.toString());
        }
    }

    @Test
    void anErrorIsExpectedByItsCode() {
        try (StreamTest test = StreamTest.create()) {
            TestInput clicks = test.input("user string");
            test.query(clicks.toDF().select(col("user").cast("int")), "append");
            clicks.add("ann");
            assertTrue(test.expectError("CAST_INVALID_INPUT").contains("'ann'"));
            clicks.add("1");
            AssertionError failed = assertThrows(AssertionError.class, test::process);
            assertTrue(failed.getMessage().startsWith("The query failed: [CAST_INVALID_INPUT]"), failed.getMessage());
        }
    }

    @Test
    void aChangedQueryGoesOnWithTheState() {
        try (StreamTest test = StreamTest.create()) {
            TestInput sales = test.input("shop string, amount bigint");
            test.query(sales.toDF().groupBy("shop").agg(sum("amount").as("total")), "update");
            sales.add("north", 2L);
            test.process().expect(row("north", 2L));
            test.query(
                    sales.toDF()
                            .filter(col("amount").gt(lit(10L)))
                            .groupBy("shop")
                            .agg(sum("amount").as("total")),
                    "update");
            sales.add("north", 5L).add("north", 20L);
            test.process().expect(row("north", 22L));
        }
    }

    @Test
    void distinctCountsAreUpdatedByTheRowsThatAreNew() {
        try (StreamTest test = StreamTest.create()) {
            TestInput sales = test.input("shop string, customer bigint, amount bigint");
            test.query(
                    sales.toDF()
                            .groupBy("shop")
                            .agg(
                                    countDistinct("customer").as("customers"),
                                    expr("count(DISTINCT customer) FILTER (WHERE amount > 100)")
                                            .as("big"),
                                    expr("sum(DISTINCT amount)").as("amounts"),
                                    count(lit(1)).as("n")),
                    "update");
            sales.add("north", 1L, 10L)
                    .add("north", 1L, 200L)
                    .add("north", null, 10L)
                    .add("south", 1L, 5L);
            test.process().expect(row("north", 1L, 1L, 210L, 3L), row("south", 1L, 0L, 5L, 1L));
            for (long i = 2; i < 50; i++) {
                sales.add("north", i, 200L);
            }
            test.crashAfter(Step.STATE_COMMIT).process().expect(row("north", 49L, 49L, 210L, 51L));
            sales.add("north", 7L, 10L);
            test.process().expect(row("north", 49L, 49L, 210L, 52L));
            assertEquals(
                    0,
                    test.running().lastProgress().stateOperatorList().stream()
                            .filter(state -> state.operatorName().equals("distinctValues"))
                            .mapToLong(StateOperatorProgress::numRowsUpdated)
                            .sum());
        }
    }

    @Test
    void eachSideOfAJoinReadsItsOwnStream() {
        try (StreamTest test = StreamTest.create()) {
            TestInput shops = test.input("shop string, city string, open boolean");
            TestInput sales = test.input("shop string, amount bigint");
            DataFrame totals = sales.toDF().groupBy("shop").agg(sum("amount").as("total"));
            test.query(shops.toDF().filter(col("open")).join(totals, "shop"), "changelog");
            shops.add("north", "Oslo", true).add("south", "Rome", false);
            sales.add("north", 2L).add("south", 3L);
            test.process().expect(row("north", "Oslo", true, 2L, "insert"));
        }
    }

    private static List<Row> clicks(int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row("user" + i % 7, TEN.plusSeconds(i * 3L)));
        }
        return rows;
    }

    private static final StructType CLICKS = StructType.fromDDL("user string, ts timestamp");

    @Test
    void aRightQueryGivesTheSameHoweverItRuns() {
        StreamFuzz.over(CLICKS, clicks(100))
                .arrivingUpTo(Duration.ofSeconds(20), "ts")
                .seeds(1, 6)
                .check(rows -> rows.withWatermark("ts", "20 seconds")
                        .groupBy(window(col("ts"), "1 minute"), col("user"))
                        .agg(count(lit(1)).as("n")));
    }

    @Test
    void rowsThatAreDroppedForBeingLateAreFound() {
        AssertionError failed = assertThrows(
                AssertionError.class,
                () -> StreamFuzz.over(CLICKS, clicks(100))
                        .arrivingUpTo(Duration.ofSeconds(60), "ts")
                        .check(rows -> rows.withWatermark("ts", "1 second")
                                .groupBy(window(col("ts"), "10 seconds"))
                                .count()));
        assertTrue(
                failed.getMessage().matches("(?s)seed \\d+ \\(\\d+ rows, .*the batch gives and the stream does not.*"),
                failed.getMessage());
    }
}
