package dev.headrace.engine;

import static dev.headrace.functions.array_join;
import static dev.headrace.functions.col;
import static dev.headrace.functions.collect_list;
import static dev.headrace.functions.count;
import static dev.headrace.functions.first;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.functions;
import dev.headrace.streaming.AfterMatchSkipStrategy;
import dev.headrace.streaming.Pattern;
import dev.headrace.streaming.VerifyReport;
import dev.headrace.testing.StreamFuzz;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Patterns over streams give what they give over all rows.
class PatternStreamTest {
    private static final Instant TEN = Instant.parse("2026-01-31T10:00:00Z");
    private static final String COLUMNS = "card string, ts timestamp, kind string, amount int";

    private static Column is(String kind) {
        return col("kind").equalTo(kind);
    }

    private static final Pattern PROBES = Pattern.begin("small")
            .where(is("s"))
            .timesOrMore(2)
            .followedBy("large")
            .where(is("L"))
            .within("1 minute");

    @Test
    void aMatchComesWhenTheWatermarkHasPassedItsLastRow() {
        try (StreamTest test = StreamTest.create()) {
            TestInput payments = test.input(COLUMNS);
            test.query(
                    payments.toDF()
                            .withWatermark("ts", "10 seconds")
                            .groupBy("card")
                            .matchPattern(PROBES, col("ts"))
                            .select(
                                    count("small").as("probes"),
                                    col("large.amount").as("amount"))
                            .select("card", "probes", "amount"),
                    "append");
            payments.add("c", TEN.plusSeconds(2), "s", 1).add("c", TEN, "s", 1);
            test.process().expectNothing();
            payments.add("c", TEN.plusSeconds(5), "L", 900).add("d", TEN.plusSeconds(5), "L", 800);
            test.crashAfter(Step.STATE_COMMIT).process().expectNothing();
            payments.add("d", TEN.plusSeconds(15), "s", 1);
            test.process().expectNothing();
            payments.add("d", TEN.plusSeconds(16), "s", 1);
            test.process().expect(RowFactory.create("c", 2L, 900));
            VerifyReport report = test.running().verify();
            assertTrue(report.matches(), report.toString());
        }
    }

    @Test
    void aKeyIsForgottenWhenItsTimeIsOver() {
        try (StreamTest test = StreamTest.create()) {
            TestInput payments = test.input(COLUMNS);
            test.query(
                    payments.toDF()
                            .withWatermark("ts", "0 seconds")
                            .groupBy("card")
                            .matchPattern(PROBES, col("ts"))
                            .selectWithTimedOut(count("small").as("probes"))
                            .select("card", "timed_out", "probes"),
                    "append");
            payments.add("c", TEN, "s", 1);
            test.process().expectNothing();
            payments.add("d", TEN.plusSeconds(59), "x", 1);
            test.process().expectNothing();
            payments.add("d", TEN.plusSeconds(60), "x", 1);
            test.process().expect(RowFactory.create("c", true, 1L));
            // The last row of d waits, since another one of its time may come.
            assertEquals(1, test.running().lastProgress().stateOperators()[0].numRowsTotal());
        }
    }

    @Test
    void lateRowsAreLeftOutAndCounted() {
        try (StreamTest test = StreamTest.create()) {
            TestInput payments = test.input(COLUMNS);
            test.query(
                    payments.toDF()
                            .withWatermark("ts", "0 seconds")
                            .groupBy("card")
                            .matchPattern(Pattern.begin("a").next("b"), col("ts"))
                            .select()
                            .select("card"),
                    "append");
            payments.add("c", TEN.plusSeconds(100), "s", 1);
            test.process().expectNothing();
            payments.add("c", TEN, "s", 1);
            test.process().expectNothing();
            assertEquals(
                    1, test.running().recentProgress()[0].stateOperators()[0].numRowsDroppedByWatermark());
        }
    }

    @Test
    void aStreamWithoutWatermarkIsRefused() {
        try (StreamTest test = StreamTest.create()) {
            TestInput payments = test.input(COLUMNS);
            test.query(
                    payments.toDF()
                            .groupBy("card")
                            .matchPattern(PROBES, col("ts"))
                            .select(),
                    "append");
            test.expectError("UNSUPPORTED_STREAMING_OPERATION");
        }
    }

    /// Rows whose last one is so late that it ends everything before.
    private static List<Row> random(long seed) {
        Random random = new Random(seed);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            rows.add(RowFactory.create(
                    "card" + random.nextInt(3),
                    TEN.plusSeconds(i / 2),
                    List.of("A", "B", "C").get(random.nextInt(3)),
                    random.nextInt(10)));
        }
        rows.add(RowFactory.create("end", TEN.plusSeconds(100_000), "Z", 0));
        return rows;
    }

    private static void check(Pattern pattern) {
        StreamFuzz.over(StructType.fromDDL(COLUMNS), random(pattern.stages().size()))
                .arrivingUpTo(Duration.ofSeconds(8), "ts")
                .seeds(1, 4)
                .check(rows -> {
                    Column all = functions.concat(pattern.stages().stream()
                            .filter(stage -> !stage.negated())
                            .map(stage -> collect_list(functions.concat(
                                    col(stage.name() + ".kind"),
                                    col(stage.name() + ".amount").cast("string"))))
                            .toArray(Column[]::new));
                    return rows.withWatermark("ts", "8 seconds")
                            .groupBy("card")
                            .matchPattern(pattern, col("ts"), col("amount").desc())
                            .selectWithTimedOut(array_join(all, " ").as("rows"));
                });
    }

    @Test
    void theStreamGivesWhatTheBatchGives() {
        check(Pattern.begin("a").where(is("A")).followedBy("b").where(is("B")).within("5 seconds"));
        check(Pattern.begin("a")
                .where(is("A"))
                .oneOrMore()
                .greedy()
                .followedByAny("b")
                .where(col("amount").gt(first("a.amount")))
                .optional()
                .next("c")
                .where(is("C").and(col("amount").gt(col("prev.amount"))))
                .within("6 seconds"));
        check(Pattern.begin("a", AfterMatchSkipStrategy.skipPastLastEvent())
                .where(is("A"))
                .notFollowedBy("no")
                .where(is("C"))
                .followedBy("b")
                .where(is("B"))
                .times(1, 3)
                .allowCombinations()
                .within("4 seconds"));
        check(Pattern.begin("a", AfterMatchSkipStrategy.skipToNext())
                .where(is("A"))
                .notNext("no")
                .where(is("A"))
                .followedBy("b")
                .where(is("B"))
                .oneOrMore()
                .until(is("C"))
                .notFollowedBy("end")
                .where(col("amount").gt(7))
                .within("4 seconds"));
    }

    @Test
    void matchesGoIntoWindows() {
        StreamFuzz.over(StructType.fromDDL(COLUMNS), random(7))
                .arrivingUpTo(Duration.ofSeconds(8), "ts")
                .seeds(1, 4)
                .check(rows -> {
                    DataFrame matches = rows.withWatermark("ts", "8 seconds")
                            .groupBy("card")
                            .matchPattern(
                                    Pattern.begin("a")
                                            .where(is("A"))
                                            .next("b")
                                            .where(is("B"))
                                            .within("5 seconds"),
                                    col("ts"))
                            .select();
                    return matches.groupBy(window(col("match_end"), "10 seconds"), col("card"))
                            .count();
                });
    }

    @Test
    void matchesGoIntoWindowsInAppendMode() {
        try (StreamTest test = StreamTest.create()) {
            TestInput payments = test.input(COLUMNS);
            test.query(
                    payments.toDF()
                            .withWatermark("ts", "0 seconds")
                            .groupBy("card")
                            .matchPattern(Pattern.begin("a").where(is("A")), col("ts"))
                            .select()
                            .groupBy(window(col("match_end"), "10 seconds"))
                            .count()
                            .select("count"),
                    "append");
            payments.add("c", TEN.plusSeconds(9), "A", 1).add("c", TEN, "A", 1);
            test.process().expectNothing();
            payments.add("c", TEN.plusSeconds(10), "A", 1);
            test.process().expect(RowFactory.create(2L));
        }
    }
}
