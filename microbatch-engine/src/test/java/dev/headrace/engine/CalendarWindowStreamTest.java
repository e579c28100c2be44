package dev.headrace.engine;

import static dev.headrace.functions.calendar_window;
import static dev.headrace.functions.col;
import static dev.headrace.functions.cumulate_window;
import static dev.headrace.functions.sum;

import dev.headrace.Column;
import dev.headrace.Row;
import dev.headrace.RowFactory;
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

/// Windows of the calendar and growing ones over streams.
class CalendarWindowStreamTest {
    private static final StructType COLUMNS = StructType.fromDDL("key string, ts timestamp, amount bigint");

    private static void check(Column window) {
        Random random = new Random(5);
        List<Row> rows = new ArrayList<>();
        Instant at = Instant.parse("2026-03-25T00:00:00Z");
        for (int i = 0; i < 80; i++) {
            at = at.plusSeconds(random.nextInt(14_400));
            rows.add(RowFactory.create("k" + random.nextInt(2), at, random.nextLong(100)));
        }
        StreamFuzz.over(COLUMNS, rows)
                .arrivingUpTo(Duration.ofHours(5), "ts")
                .seeds(1, 4)
                .check(stream -> stream.withWatermark("ts", "5 hours")
                        .groupBy(window, col("key"))
                        .agg(sum("amount")));
    }

    @Test
    void theStreamGivesWhatTheBatchGives() {
        check(calendar_window(col("ts"), "day", "Europe/Berlin"));
        check(calendar_window(col("ts"), "week"));
        check(cumulate_window(col("ts"), "6 hours", "1 day"));
    }

    @Test
    void aDayComesOutAtItsMidnight() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input(COLUMNS);
            test.query(
                    input.toDF()
                            .withWatermark("ts", "0 seconds")
                            .groupBy(calendar_window(col("ts"), "day", "Europe/Berlin"))
                            .agg(sum("amount").as("sum"))
                            .select("sum"),
                    "append");
            input.add("k", Instant.parse("2026-03-28T23:00:00Z"), 1L);
            test.process().expectNothing();
            // The day when clocks are set forward ends an hour earlier.
            input.add("k", Instant.parse("2026-03-29T21:59:59Z"), 2L);
            test.process().expectNothing();
            input.add("k", Instant.parse("2026-03-29T22:00:00Z"), 4L);
            test.process().expect(RowFactory.create(3L));
        }
    }

    @Test
    void aTotalSoFarComesOutAtEachStep() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input(COLUMNS);
            test.query(
                    input.toDF()
                            .withWatermark("ts", "0 seconds")
                            .groupBy(cumulate_window(col("ts"), "1 hour", "3 hours"))
                            .agg(sum("amount").as("sum"))
                            .select("sum"),
                    "append");
            input.add("k", Instant.parse("2026-01-31T00:30:00Z"), 1L)
                    .add("k", Instant.parse("2026-01-31T01:30:00Z"), 2L);
            test.process().expect(RowFactory.create(1L));
            input.add("k", Instant.parse("2026-01-31T03:30:00Z"), 4L);
            test.process().expect(RowFactory.create(3L), RowFactory.create(3L));
        }
    }
}
