package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Lookup;
import dev.headrace.RowFactory;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Streams whose rows are looked up elsewhere.
class LookupStreamTest {
    private static final Instant TEN = Instant.parse("2026-01-31T10:00:00Z");

    private final List<Integer> asked = Collections.synchronizedList(new ArrayList<>());
    private volatile String name = "first";

    private final Lookup names =
            Lookup.of("names", StructType.fromDDL("id int, name string"), new String[] {"id"}, keys -> {
                keys.forEach(key -> asked.add(key.getInt(0)));
                return keys.stream()
                        .map(key -> RowFactory.create(key.getInt(0), name))
                        .toList();
            });

    /// What a query that goes on gives for the key 1, at once, then after 50, 100 and 101 seconds, in which the answer
    /// changes.
    private List<String> namesOverTime(Lookup lookup, Path checkpoint) throws Exception {
        List<String> given = Collections.synchronizedList(new ArrayList<>());
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            StreamingQuery query = ids.toDF()
                    .joinLookup(lookup, "left")
                    .writeStream()
                    .foreachBatch((rows, batchId) -> rows.collectAsList().forEach(row -> given.add(row.getString(1))))
                    .option("checkpointLocation", checkpoint.toString())
                    .start();
            for (int seconds : new int[] {0, 50, 50, 1}) {
                test.advanceClock(Duration.ofSeconds(seconds));
                ids.add(1);
                query.processAllAvailable();
                name = "changed";
            }
            assertTrue(Objects.requireNonNull(query.lastProgress()).rowBalance().isEven());
            query.stop();
        }
        return given;
    }

    @Test
    void answersAreRememberedForAWhileByTheClockOfTheBatches(@TempDir Path checkpoint) throws Exception {
        assertEquals(
                List.of("first", "first", "changed", "changed"),
                namesOverTime(names.cache(100, Duration.ofMinutes(1)), checkpoint));
        assertEquals(List.of(1, 1), asked);
    }

    @Test
    void withoutThatEachBatchAsksAgain(@TempDir Path checkpoint) throws Exception {
        assertEquals(List.of("first", "changed", "changed", "changed"), namesOverTime(names, checkpoint));
        assertEquals(List.of(1, 1, 1, 1), asked);
    }

    @Test
    void theKeysThatWereAskedForLongestAgoAreForgottenFirst(@TempDir Path checkpoint) throws Exception {
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            StreamingQuery query = ids.toDF()
                    .joinLookup(names.cache(2, Duration.ofHours(1)), "left")
                    .writeStream()
                    .foreachBatch((rows, batchId) -> {})
                    .option("checkpointLocation", checkpoint.toString())
                    .start();
            for (int id : new int[] {1, 2, 1, 3, 1, 2}) {
                ids.add(id);
                query.processAllAvailable();
            }
            query.stop();
            assertEquals(List.of(1, 2, 3, 2), asked);
        }
    }

    @Test
    void aBatchThatIsRunAgainLooksUpAgainAndGivesEachRowOnce() {
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            test.query(ids.toDF().joinLookup(names, "inner"), "append");
            ids.add(1).add(2);
            test.crashBefore(Step.SINK_COMMIT).process();
            assertEquals(2, test.newRows().size());
            assertTrue(asked.size() > 2, () -> "asked for " + asked);
        }
    }

    @Test
    void eventTimesGoThroughALookup() {
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int, ts timestamp");
            test.query(
                    ids.toDF()
                            .withWatermark("ts", "0 seconds")
                            .joinLookup(names, "left")
                            .groupBy(window(col("ts"), "10 seconds"), col("name"))
                            .agg(count(lit(1)).as("n"))
                            .select("name", "n"),
                    "append");
            ids.add(1, TEN).add(2, TEN.plusSeconds(3)).add(3, TEN.plusSeconds(10));
            test.process().expect(RowFactory.create("first", 2L));
        }
    }

    @Test
    void rowsThatCanGoAgainAreRefused() {
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            AssertionError failed = assertThrows(
                    AssertionError.class,
                    () -> test.query(
                                    ids.toDF()
                                            .groupBy("id")
                                            .agg(count(lit(1)).as("n"))
                                            .joinLookup(names, "left"),
                                    "changelog")
                            .process());
            assertEquals(
                    "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run a lookup join of rows that can go again. When a row"
                            + " goes, its lookup may give something else than when it came: look up before aggregating, or"
                            + " in foreachBatch.",
                    Objects.requireNonNull(failed.getCause()).getMessage());
        }
    }
}
