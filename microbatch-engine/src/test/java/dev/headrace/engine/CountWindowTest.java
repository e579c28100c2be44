package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.collect_list;
import static dev.headrace.functions.count;
import static dev.headrace.functions.count_window;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.upper;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.Emit;
import dev.headrace.testing.StreamFuzz;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Windows of so many rows, as they come or in the order of their time.
class CountWindowTest {
    private static final StructType COLUMNS = StructType.fromDDL("key string, ts timestamp, amount bigint");
    private static final Instant START = Instant.parse("2026-01-31T10:00:00Z");

    private StreamTest test;
    private TestInput input;

    @BeforeEach
    void open() {
        test = StreamTest.create();
        input = test.input(COLUMNS);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private void add(String key, long second, long amount) {
        input.add(key, START.plusSeconds(second), amount);
    }

    private static DataFrame sums(DataFrame rows, Column window) {
        return rows.groupBy(col("key"), window).agg(sum("amount").as("sum"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"append", "update"})
    void aWindowComesOutWhenItIsFull(String mode) {
        test.query(sums(input.toDF(), count_window(2)), mode);
        add("a", 1, 1);
        add("b", 1, 100);
        test.process().expectNothing();
        add("a", 2, 2);
        add("a", 3, 4);
        test.process().expect(RowFactory.create("a", 0L, 3L));
        add("a", 4, 8);
        add("b", 4, 200);
        test.process().expect(RowFactory.create("a", 1L, 12L), RowFactory.create("b", 0L, 300L));
    }

    @Test
    void windowsThatSlideShareRows() {
        test.query(sums(input.toDF(), count_window(3, 1)), "append");
        add("a", 1, 1);
        add("a", 2, 2);
        add("a", 3, 4);
        test.process().expect(RowFactory.create("a", 0L, 7L));
        add("a", 4, 8);
        add("a", 5, 16);
        test.process().expect(RowFactory.create("a", 1L, 14L), RowFactory.create("a", 2L, 28L));
    }

    @Test
    void rowsWaitForTheWatermarkThatTheirOrderGoesBy() {
        DataFrame rows = input.toDF().withWatermark("ts", "10 seconds");
        test.query(
                rows.groupBy(count_window(col("ts"), 2))
                        .agg(collect_list("amount").as("all")),
                "append");
        add("a", 5, 5);
        add("b", 3, 3);
        test.process().expectNothing();
        add("c", 4, 4);
        add("c", 20, 20);
        test.process().expect(RowFactory.create(0L, List.of(3L, 4L)));
        add("c", 1, 1);
        test.process().expectNothing();
        assertEquals(1, test.running().lastProgress().stateOperators()[0].numRowsDroppedByWatermark());
    }

    /// Forty groups are final at once, and the state that gives them is another one after the crash.
    @ParameterizedTest
    @EnumSource(Step.class)
    void rowsOfAnAggregationHaveTheSameOrderWhenABatchRunsAgain(Step crash) {
        test.query(
                input.toDF()
                        .withWatermark("ts", "0 seconds")
                        .groupBy(window(col("ts"), "1 minute"), col("key"))
                        .agg(sum("amount").as("sum"))
                        .groupBy(count_window(3))
                        .agg(collect_list("key").as("keys")),
                "append");
        for (int n = 0; n < 40; n++) {
            add("k" + n * 7 % 40, n, n);
            if (n % 5 == 0) {
                test.process().expectNothing();
            }
        }
        add("end", 60, 0);
        test.crashAfter(crash).process();
        assertEquals(13, test.newRows().size());
    }

    @Test
    void rowsThatAJoinGivesLaterAreInTheOrderOfTimeToo() {
        TestInput right = test.input(COLUMNS);
        DataFrame pairs = input.toDF()
                .withWatermark("ts", "0 seconds")
                .select(col("key").as("lkey"), col("ts").as("lts"))
                .join(
                        right.toDF()
                                .withWatermark("ts", "0 seconds")
                                .select(col("key").as("rkey"), col("ts").as("rts")),
                        expr("lkey = rkey AND lts >= rts AND lts <= rts + INTERVAL 10 MINUTES"));
        test.query(
                pairs.groupBy(count_window(col("rts"), 2))
                        .agg(collect_list("rkey").as("all")),
                "append");
        right.add("first", START, 0L);
        right.add("second", START.plusSeconds(100), 0L);
        right.add("x", START.plusSeconds(200), 0L);
        add("second", 110, 0);
        add("y", 250, 0);
        test.process().expectNothing();
        add("first", 300, 0);
        test.process().expectNothing();
        right.add("z", START.plusSeconds(2_000), 0L);
        add("z", 2_000, 0);
        test.process().expect(RowFactory.create(0L, List.of("first", "second")));
    }

    @Test
    void windowsThatWaitForTheWatermarkAreNotMissed() {
        test.query(sums(input.toDF().withWatermark("ts", "0 seconds"), count_window(col("ts"), 2)), "update");
        for (int second = 1; second <= 4; second++) {
            add("a", second, second);
        }
        test.process().expect(RowFactory.create("a", 0L, 3L));
        assertTrue(test.running().verify().matches(), test.running().verify().toString());
    }

    @Test
    void completeModeGivesAllFullWindows() {
        test.query(sums(input.toDF(), count_window(2)), "complete");
        add("a", 1, 1);
        add("a", 2, 2);
        test.process().expect(RowFactory.create("a", 0L, 3L));
        add("a", 3, 4);
        add("a", 4, 8);
        test.process().expect(RowFactory.create("a", 0L, 3L), RowFactory.create("a", 1L, 12L));
    }

    private static List<Row> rows() {
        Random random = new Random(3);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rows.add(RowFactory.create("k" + random.nextInt(3), START.plusSeconds(i * 5L), (long) random.nextInt(100)));
        }
        rows.add(RowFactory.create("last", START.plusSeconds(3_000), 0L));
        return rows;
    }

    @Test
    void inTheOrderOfArrivalTheStreamGivesWhatTheBatchGives() {
        StreamFuzz.over(COLUMNS, rows()).seeds(1, 2).check(rows -> sums(rows, count_window(4, 3)));
    }

    @Test
    void inTheOrderOfTimeTheStreamGivesWhatTheBatchGives() {
        StreamFuzz.over(COLUMNS, rows())
                .arrivingUpTo(Duration.ofSeconds(30), "ts")
                .seeds(1, 2)
                .check(rows -> rows.withWatermark("ts", "30 seconds")
                        .groupBy(
                                count_window(col("ts"), 5, 2), upper(col("key")).as("name"))
                        .agg(collect_list("amount").as("all"), count(lit(1)).as("n"))
                        .groupBy("n")
                        .agg(count(lit(1)).as("windows")));
    }

    @Test
    void sqlHasThemToo() {
        test.session().createDataFrame(rows(), COLUMNS).createOrReplaceTempView("rows");
        assertEquals(
                6,
                test.session()
                        .sql("SELECT count_window(10) AS w, count(*) AS n FROM rows GROUP BY count_window(10)")
                        .count());
    }

    private String refused(Column... keys) {
        return String.valueOf(assertThrows(
                        QueryException.class,
                        () -> input.toDF().groupBy(keys).count().schema())
                .getMessage());
    }

    @Test
    void windowsThatCannotBeAreRefused() {
        assertEquals(
                "[INVALID_COUNT_WINDOW] 'count_window(0)': the number of rows must be a constant whole number from 1 to"
                        + " 2147483647.",
                refused(count_window(0)));
        assertEquals(
                "[INVALID_COUNT_WINDOW] 'count_window(2, 3)': the slide must not be more than the number of rows, or rows"
                        + " would be in no window.",
                refused(count_window(2, 3)));
        assertEquals(
                "[MULTI_TIME_WINDOW_EXPRESSIONS] One select(…) or groupBy(…) can have one sliding, session or count"
                        + " window. Put one of them into a select(…) of its own.",
                refused(count_window(2), window(col("ts"), "2 minutes", "1 minute")));
        String misplaced =
                "[MISPLACED_WINDOW] count_window(…) must be one of the columns of groupBy(…), as it is, not a"
                        + " part of one.";
        assertEquals(misplaced, refused(count_window(2).plus(lit(1))));
        assertEquals(
                misplaced,
                String.valueOf(assertThrows(
                                QueryException.class,
                                () -> input.toDF().select(count_window(2)).schema())
                        .getMessage()));
    }

    @Test
    void aStreamNeedsAWatermarkForTheOrderOfTime() {
        test.query(sums(input.toDF(), count_window(col("ts"), 2)), "append");
        assertEquals(
                "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run count_window over a stream without a watermark. Call"
                        + " withWatermark(\"ts\", \"1 minute\") before groupBy, and order the rows by that column.",
                test.expectError("UNSUPPORTED_STREAMING_OPERATION"));
        test.query(input.toDF().groupBy(count_window(2)).emit(Emit.every(1)).agg(sum("amount")), "append");
        assertEquals(
                "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run emit(…) of count windows. They come out when they"
                        + " are full. Leave it out.",
                test.expectError("UNSUPPORTED_STREAMING_OPERATION"));
    }
}
