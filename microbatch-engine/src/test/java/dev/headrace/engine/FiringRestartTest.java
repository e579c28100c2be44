package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.session_window;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.RelationalGroupedDataset;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.streaming.Emit;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A crash before and after each step of a batch, in each way to fire: what comes out, and when, is what comes without
/// crashes.
class FiringRestartTest {
    private static final StructType COLUMNS = StructType.fromDDL("key string, ts timestamp, amount bigint");
    private static final Instant START = Instant.parse("2026-01-31T10:00:00Z");
    private static final int MINUTES = 2 * Step.values().length;

    /// A way to fire groups of a kind.
    private record Way(String groups, UnaryOperator<DataFrame> query, Emit emit, String mode) {
        static Way of(String groups, Emit emit, String mode) {
            return new Way(
                    groups,
                    rows -> aggregated(grouped(groups, rows.withWatermark("ts", "0 seconds"))
                            .emit(emit)),
                    emit,
                    mode);
        }

        private static RelationalGroupedDataset grouped(String groups, DataFrame rows) {
            return switch (groups) {
                case "windows" -> rows.groupBy(window(col("ts"), "1 minute"), col("key"));
                case "sliding windows" -> rows.groupBy(window(col("ts"), "1 minute", "30 seconds"), col("key"));
                case "sessions" -> rows.groupBy(session_window(col("ts"), "20 seconds"), col("key"));
                case "keys" -> rows.groupBy(col("key"));
                default -> throw new IllegalArgumentException(groups);
            };
        }

        private static DataFrame aggregated(RelationalGroupedDataset groups) {
            return groups.agg(count(lit(1)).as("n"), sum("amount").as("sum"));
        }

        @Override
        public String toString() {
            return groups + " " + emit + " in " + mode;
        }
    }

    static Stream<Way> ways() {
        List<Way> ways = new ArrayList<>();
        for (Emit firing : List.of(
                Emit.atWatermark(),
                Emit.atWatermark().earlyEvery("10 seconds"),
                Emit.atWatermark().earlyEvery(3),
                Emit.atWatermark().lateWithin("1 minute"),
                Emit.atWatermark().earlyEvery("10 seconds").earlyEvery(4).lateWithin("1 minute"))) {
            ways.add(Way.of("windows", firing.accumulating(), "update"));
            ways.add(Way.of("windows", firing.accumulating(), "changelog"));
            ways.add(Way.of("windows", firing.discarding(), "append"));
            ways.add(Way.of("sliding windows", firing.retracting(), "changelog"));
            ways.add(Way.of("sessions", firing.retracting(), "changelog"));
        }
        for (Emit firing : List.of(Emit.every("10 seconds"), Emit.every(3))) {
            ways.add(Way.of("keys", firing.accumulating(), "update"));
            ways.add(Way.of("keys", firing.discarding(), "append"));
            ways.add(Way.of("keys", firing.retracting(), "changelog"));
        }
        return ways.stream();
    }

    /// The rows of a minute: some of this minute's windows, one that is late and within the lateness, and one that is
    /// too late. The last moves the watermark past the end of the windows of the minute before.
    private static List<Row> rows(int minute, Random random) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            rows.add(row("k" + random.nextInt(3), 60 * minute + 8 * i, random));
        }
        rows.add(row("k" + random.nextInt(3), 60 * (minute - 2) + 40, random));
        rows.add(row("k" + random.nextInt(3), 60 * (minute - 5), random));
        rows.add(row("last", 60 * minute + 50, random));
        return rows;
    }

    private static Row row(String key, int second, Random random) {
        return RowFactory.create(key, START.plusSeconds(second), 1L + random.nextInt(100));
    }

    /// Processes the rows of a minute.
    private interface Minute {
        void process(StreamTest test, int minute);
    }

    /// What comes out in each minute; the clock moves on by some seconds between them.
    private static List<List<String>> run(Way way, Minute each) {
        List<List<String>> given = new ArrayList<>();
        Random random = new Random(17);
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input(COLUMNS);
            test.query(way.query().apply(input.toDF()), way.mode());
            for (int minute = 0; minute < MINUTES; minute++) {
                input.add(rows(minute, random));
                each.process(test, minute);
                given.add(test.newRows().stream().map(Row::toString).sorted().toList());
                test.advanceClock(Duration.ofSeconds(1 + random.nextInt(10)));
            }
        }
        return given;
    }

    /// In each minute the batch of the rows, and the one without rows behind it, if the groups have an end that it
    /// could bring, crash at another point.
    private static void crash(Way way, StreamTest test, int minute) {
        Step step = Step.values()[minute / 2];
        boolean before = minute % 2 == 0;
        crash(test, step, before);
        boolean done = step == Step.MAINTAIN || step == Step.COMMIT && !before;
        if (!done) {
            test.crashAfter(Step.COMMIT);
        }
        if (!way.groups().equals("keys")) {
            crash(test, step, before);
        }
        test.process();
    }

    private static void crash(StreamTest test, Step step, boolean before) {
        if (before) {
            test.crashBefore(step);
        } else {
            test.crashAfter(step);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatComesOutIsTheSameWhereverItCrashes(Way way) {
        List<List<String>> whole = run(way, (test, _) -> test.process());
        assertTrue(whole.stream().filter(rows -> !rows.isEmpty()).count() > 2, whole::toString);
        assertEquals(whole, run(way, (test, minute) -> crash(way, test, minute)));
    }
}
