package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The watermark is what it was when a query is started again, wherever it ended: each step of these tests is a
/// restart.
class WatermarkRestartTest {
    private static final Instant START = Instant.parse("2026-01-31T10:00:00Z");
    private static final String COLUMNS = "key string, ts timestamp";

    private StreamTest test;
    private TestInput clicks;

    @BeforeEach
    void open() {
        test = StreamTest.create();
        clicks = test.input(COLUMNS);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private static DataFrame watermarked(TestInput input, String delay) {
        return input.toDF().withWatermark("ts", delay);
    }

    private static DataFrame perMinute(DataFrame rows) {
        return rows.groupBy(window(col("ts"), "1 minute"))
                .agg(count(lit(1)).as("n"))
                .select(col("window.start").cast("string"), col("n"));
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }

    private static Row minute(int minute, long rows) {
        return RowFactory.create("2026-01-31 10:0" + minute + ":00", rows);
    }

    private long late() {
        return Stream.of(test.running().recentProgress())
                .flatMap(batch -> batch.stateOperatorList().stream())
                .mapToLong(state -> state.numRowsDroppedByWatermark())
                .sum();
    }

    static Stream<Arguments> points() {
        return Stream.of(Step.values()).flatMap(step -> Stream.of(Arguments.of(step, true), Arguments.of(step, false)));
    }

    @ParameterizedTest
    @MethodSource("points")
    void aWindowComesOutOnceAndTakesNoMoreRowsWhereverTheBatchBeforeItCrashes(Step step, boolean before) {
        test.query(perMinute(watermarked(clicks, "10 seconds")), "append");
        clicks.add("a", at(5)).add("a", at(100));
        if (before) {
            test.crashBefore(step);
        } else {
            test.crashAfter(step);
        }
        // Behind the watermark, but the window has not come out.
        clicks.add("b", at(6));
        test.process().expect(minute(0, 2)).expectWatermark(at(90));
        assertEquals(0, late());
        clicks.add("c", at(7));
        test.process().expectNothing().expectWatermark(at(90));
        assertEquals(1, late());
    }

    @Test
    void rowsThatAreOlderDoNotMoveItBack() {
        test.query(perMinute(watermarked(clicks, "10 seconds")), "append");
        clicks.add("a", at(100));
        test.process().expectWatermark(at(90));
        test.process().expectWatermark(at(90));
        clicks.add("a", at(95));
        test.process().expectWatermark(at(90));
        clicks.add("a", at(5));
        test.process().expectWatermark(at(90)).expectNothing();
        assertEquals(1, late());
        clicks.add("a", at(130));
        test.process().expectWatermark(at(120)).expect(minute(1, 2));
    }

    @Test
    void anotherDelayCountsFromThenOnAndDoesNotMoveItBack() {
        test.query(perMinute(watermarked(clicks, "10 seconds")), "append");
        clicks.add("a", at(100));
        test.process().expectWatermark(at(90));
        test.query(perMinute(watermarked(clicks, "1 minute")), "append");
        clicks.add("a", at(110));
        test.process().expectWatermark(at(90));
        clicks.add("a", at(160));
        test.process().expectWatermark(at(100)).expectNothing();
        test.query(perMinute(watermarked(clicks, "0 seconds")), "append");
        clicks.add("a", at(161));
        test.process().expectWatermark(at(161)).expect(minute(1, 2));
    }

    @Test
    void anInputThatHasNothingNewStillHoldsIt() {
        TestInput views = test.input(COLUMNS);
        test.query(perMinute(watermarked(clicks, "0 seconds").union(watermarked(views, "10 seconds"))), "append");
        clicks.add("a", at(100));
        views.add("a", at(40));
        test.process().expectWatermark(at(30));
        clicks.add("a", at(200));
        test.process().expectWatermark(at(30));
        test.process().expectWatermark(at(30)).expectNothing();
        views.add("a", at(190));
        test.process().expectWatermark(at(180)).expect(minute(0, 1), minute(1, 1));
    }

    @Test
    void theTimeForWhichAnInputHasBeenIdleGoesOn() {
        test.session().conf().set("headrace.watermark.idleTimeout", "1 minute");
        TestInput views = test.input(COLUMNS);
        test.query(perMinute(watermarked(clicks, "0 seconds").union(watermarked(views, "0 seconds"))), "append");
        clicks.add("a", at(100));
        views.add("a", at(40));
        test.process().expectWatermark(at(40));
        clicks.add("a", at(130));
        test.advanceClock(Duration.ofSeconds(40)).process().expectWatermark(at(40));
        clicks.add("a", at(140));
        test.advanceClock(Duration.ofSeconds(19))
                .process()
                .expectWatermark(at(40))
                .expectNothing();
        clicks.add("a", at(150));
        test.advanceClock(Duration.ofSeconds(1))
                .process()
                .expectWatermark(at(150))
                .expect(minute(0, 1), minute(1, 1));
    }

    /// Its time begins with the query's first batch.
    @Test
    void anInputWithoutAFirstEventIsWaitedForUntilTheTimeout() {
        test.session().conf().set("headrace.watermark.idleTimeout", "1 minute");
        TestInput views = test.input(COLUMNS);
        test.query(perMinute(watermarked(clicks, "0 seconds").union(watermarked(views, "0 seconds"))), "append");
        clicks.add("a", at(100));
        test.process().expectNothing();
        clicks.add("a", at(130));
        test.advanceClock(Duration.ofSeconds(59)).process().expectNothing();
        views.add("a", at(40));
        test.process().expectWatermark(at(40));
        assertEquals(0, late());
    }

    @Test
    void anInputThatNeverHasAFirstEventIsNotWaitedForAfterTheTimeout() {
        test.session().conf().set("headrace.watermark.idleTimeout", "1 minute");
        TestInput views = test.input(COLUMNS);
        test.query(perMinute(watermarked(clicks, "0 seconds").union(watermarked(views, "0 seconds"))), "append");
        clicks.add("a", at(40)).add("a", at(100));
        test.process().expectNothing();
        clicks.add("a", at(101));
        test.advanceClock(Duration.ofSeconds(59)).process().expectNothing();
        test.advanceClock(Duration.ofSeconds(1))
                .process()
                .expectWatermark(at(101))
                .expect(minute(0, 1));
    }

    /// No row has to come for it.
    @Test
    void aTimeoutThatPassesWithoutRowsMovesItToo() {
        test.session().conf().set("headrace.watermark.idleTimeout", "1 minute");
        TestInput views = test.input(COLUMNS);
        test.query(perMinute(watermarked(clicks, "0 seconds").union(watermarked(views, "0 seconds"))), "append");
        clicks.add("a", at(100));
        views.add("a", at(40));
        test.process().expectWatermark(at(40));
        test.advanceClock(Duration.ofSeconds(59))
                .process()
                .expectWatermark(at(40))
                .expectNothing();
        test.advanceClock(Duration.ofSeconds(1))
                .process()
                .expectWatermark(at(100))
                .expect(minute(0, 1));
        clicks.add("a", at(30)).add("a", at(130));
        test.process().expect(minute(1, 1)).expectWatermark(at(130));
        assertEquals(1, late());
    }
}
