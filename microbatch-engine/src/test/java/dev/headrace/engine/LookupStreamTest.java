package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Lookup;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.ReplayReport;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    /// The program's function fails, with any exception, or gives what can't be a row of the lookup.
    @ParameterizedTest
    @CsvSource({"false, LOOKUP_FAILED, 3", "true, INVALID_ROW_VALUE, 1"})
    void aLookupThatFailsEndsTheQueryAndALaterStartGoesOnFromTheSameBatch(
            boolean answers, String code, int calls, @TempDir Path checkpoint) throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        AtomicInteger asked = new AtomicInteger();
        Lookup lookup = Lookup.of("names", StructType.fromDDL("id int, name string"), new String[] {"id"}, keys -> {
                    asked.incrementAndGet();
                    if (broken.get() && !answers) {
                        throw new IllegalStateException("down");
                    }
                    return List.of(RowFactory.create(1, broken.get() ? 5 : "ann"));
                })
                .retries(2, Duration.ofMillis(1));
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            List<String> given = Collections.synchronizedList(new ArrayList<>());
            DataStreamWriter writer = ids.toDF()
                    .joinLookup(lookup, "left")
                    .writeStream()
                    .foreachBatch((rows, batchId) -> given.add(batchId + " " + rows.collectAsList()))
                    .option("checkpointLocation", checkpoint.toString());
            ids.add(1);
            StreamingQuery query = writer.start();
            StreamingQueryException failed = assertThrows(StreamingQueryException.class, query::processAllAvailable);
            assertEquals(Optional.of(code), failed.code());
            assertTrue(query.exception().isPresent());
            assertFalse(query.isActive());
            assertEquals(calls, asked.get());
            broken.set(false);
            StreamingQuery again = writer.start();
            again.processAllAvailable();
            again.stop();
            assertEquals(List.of("0 [[1,ann]]"), given);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStreamThatIsStoppedWhileItLooksUpHasNoError(boolean nulls, @TempDir Path checkpoint) throws Exception {
        CountDownLatch asking = new CountDownLatch(1);
        Lookup slow = Lookup.of("slow", StructType.fromDDL("id int, name string"), new String[] {"id"}, keys -> {
            asking.countDown();
            new CountDownLatch(1).await();
            return List.of();
        });
        List<Long> written = Collections.synchronizedList(new ArrayList<>());
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            StreamingQuery query = ids.toDF()
                    .joinLookup(nulls ? slow.onFailure(Lookup.Failure.NULLS) : slow, "left")
                    .writeStream()
                    .foreachBatch((rows, batchId) -> written.add(batchId))
                    .option("checkpointLocation", checkpoint.toString())
                    .start();
            ids.add(1);
            assertTrue(asking.await(300, TimeUnit.SECONDS));
            query.stop();
            assertEquals(Optional.empty(), query.exception());
            assertEquals(List.of(), written);
        }
    }

    @Test
    void severalOutputsOfALookupAskOnce(@TempDir Path checkpoint) throws Exception {
        List<String> given = Collections.synchronizedList(new ArrayList<>());
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            DataFrame named = ids.toDF().joinLookup(names, "left");
            StreamingQuery query = named.writeStream()
                    .foreachBatch((rows, batchId) -> rows.collectAsList().forEach(row -> given.add("all " + row)))
                    .alsoTo(named.where("length(name) + id > 6")
                            .writeStream()
                            .outputMode("update")
                            .foreachBatch(
                                    (rows, batchId) -> rows.collectAsList().forEach(row -> given.add("some " + row))))
                    .option("checkpointLocation", checkpoint.toString())
                    .start();
            ids.add(1).add(2);
            query.processAllAvailable();
            query.stop();
        }
        assertEquals(
                List.of("all [1,first]", "all [2,first]", "some [2,first]"),
                given.stream().sorted().toList());
        assertEquals(List.of(1, 2), asked.stream().sorted().toList());
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
    void whatARowWasGivenIsTakenBackWithIt() {
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            test.query(counts(ids).joinLookup(names, "left"), "changelog");
            ids.add(1).add(2).add(2);
            test.process()
                    .expect(RowFactory.create(1, 1L, "first", "insert"), RowFactory.create(2, 2L, "first", "insert"));
            name = "second";
            ids.add(1);
            test.process()
                    .expect(RowFactory.create(1, 1L, "first", "delete"), RowFactory.create(1, 2L, "second", "insert"));
            name = "third";
            ids.add(1).add(2);
            test.process()
                    .expect(
                            RowFactory.create(1, 2L, "second", "delete"), RowFactory.create(1, 3L, "third", "insert"),
                            RowFactory.create(2, 2L, "first", "delete"), RowFactory.create(2, 3L, "third", "insert"));
        }
    }

    @Test
    void ofEqualRowsTheOneGoesFirstThatCameFirst() {
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            test.query(counts(ids).select("n").joinLookup(answers("n bigint"), "inner"), "changelog");
            ids.add(1);
            test.process()
                    .expect(RowFactory.create(1L, "first", 0, "insert"), RowFactory.create(1L, "first", 1, "insert"));
            name = "second";
            ids.add(2);
            test.process()
                    .expect(RowFactory.create(1L, "second", 0, "insert"), RowFactory.create(1L, "second", 1, "insert"));
            name = "third";
            ids.add(2);
            test.process()
                    .expect(
                            RowFactory.create(1L, "first", 0, "delete"), RowFactory.create(1L, "first", 1, "delete"),
                            RowFactory.create(2L, "third", 0, "insert"), RowFactory.create(2L, "third", 1, "insert"));
        }
    }

    /// Two rows for each key but odd ones of more than 4, which have none.
    private Lookup answers(String key) {
        StructType schema = StructType.fromDDL(key + ", name string, i int");
        return Lookup.of(
                "answers",
                schema,
                new String[] {schema.names().getFirst()},
                keys -> keys.stream()
                        .filter(found -> ((Number) Objects.requireNonNull(found.get(0))).intValue() < 5
                                || ((Number) Objects.requireNonNull(found.get(0))).intValue() % 2 == 0)
                        .flatMap(found -> IntStream.range(0, 2).mapToObj(i -> RowFactory.create(found.get(0), name, i)))
                        .toList());
    }

    private static DataFrame counts(TestInput ids) {
        return ids.toDF().groupBy("id").agg(count(lit(1)).as("n"));
    }

    /// Each answer is another one, and each batch is run twice, of which the second run is the one that goes on; so
    /// whatever takes back what the first one gave shows as a row too many or too few. [StreamTest] says if the two
    /// runs give other rows.
    @ParameterizedTest
    @MethodSource("crashes")
    void aBatchThatIsRunAgainGivesWhatItGaveBefore(Step step, boolean above) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Lookup changing = Lookup.of("changing", StructType.fromDDL("id int, answer int"), new String[] {"id"}, keys -> {
            int answer = calls.incrementAndGet();
            return keys.stream()
                    .filter(key -> key.getInt(0) != 7)
                    .map(key -> RowFactory.create(key.getInt(0), answer))
                    .toList();
        });
        Map<String, Integer> there = new TreeMap<>();
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            DataFrame rows = above
                    ? counts(ids).joinLookup(changing, "left")
                    : ids.toDF()
                            .joinLookup(changing, "left")
                            .groupBy("id", "answer")
                            .count();
            test.query(rows, "changelog");
            for (int batch = 0; batch < 6; batch++) {
                ids.add(batch % 3).add(batch % 2).add(7);
                test.crashAfter(step);
                test.process();
                for (Row row : test.newRows()) {
                    boolean comes = "insert".equals(row.getString(3));
                    int left = there.merge(
                            List.of(row.get(0), String.valueOf(row.get(1)), String.valueOf(row.get(2)))
                                    .toString(),
                            comes ? 1 : -1,
                            Integer::sum);
                    assertTrue(left == 0 || left == 1, () -> row + " was not there when it went");
                }
                ReplayReport again = test.running().replay(batch);
                assertTrue(again.matches(), again::toString);
            }
        }
        there.values().removeIf(count -> count == 0);
        if (above) {
            assertEquals(4, there.size(), there::toString);
        }
    }

    static Stream<Arguments> crashes() {
        return Stream.of(Step.PLAN, Step.STATE_COMMIT, Step.SINK_COMMIT)
                .flatMap(step -> Stream.of(Arguments.of(step, true), Arguments.of(step, false)));
    }
}
