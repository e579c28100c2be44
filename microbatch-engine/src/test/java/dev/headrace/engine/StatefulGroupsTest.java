package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Dataset;
import dev.headrace.Encoders;
import dev.headrace.Frames;
import dev.headrace.KeyValueGroupedDataset;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.Tuple2;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.SessionSettings;
import dev.headrace.connector.StreamStart;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.errors.HeadraceException;
import dev.headrace.exec.SessionRuntime;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.rules.Optimizer;
import dev.headrace.streaming.ExpiredTimerInfo;
import dev.headrace.streaming.GroupState;
import dev.headrace.streaming.GroupStateTimeout;
import dev.headrace.streaming.ListState;
import dev.headrace.streaming.MapState;
import dev.headrace.streaming.OutputMode;
import dev.headrace.streaming.StatefulProcessor;
import dev.headrace.streaming.StatefulProcessorWithInitialState;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.TTLConfig;
import dev.headrace.streaming.TimeMode;
import dev.headrace.streaming.TimerValues;
import dev.headrace.streaming.Trigger;
import dev.headrace.streaming.ValueState;
import dev.headrace.streaming.VerifyReport;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatefulGroupsTest {
    private static final StructType SCHEMA =
            new StructType().add("user", "string").add("amount", "bigint").add("ts", "timestamp");
    private static final long SECOND = 1_000_000L;

    record Event(String user, long amount, Instant ts) {}

    record Total(String user, long amount, long events) {}

    @TempDir
    Path directory;

    private Session session;
    private MemoryStream source;
    private final List<String> out = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() {
        session = Session.builder().master("local[2]").getOrCreate();
        source = new MemoryStream(SCHEMA, 1);
    }

    @AfterEach
    void close() {
        session.close();
    }

    private static List<Object> event(String user, long amount, long seconds) {
        return List.of(Slice.utf8(user), amount, (1_000_000 + seconds) * SECOND);
    }

    private Dataset<Event> stream() {
        return Frames.of(session, source, "memory").as(Encoders.record(Event.class));
    }

    private Dataset<Event> batch(List<List<Object>> rows) {
        dev.headrace.exec.RowTable table = new dev.headrace.exec.RowTable("events", SCHEMA);
        table.add(rows);
        return Frames.of(session, table, "memory").as(Encoders.record(Event.class));
    }

    private static KeyValueGroupedDataset<String, Event> byUser(Dataset<Event> events) {
        return events.groupByKey(Event::user, Encoders.STRING());
    }

    private StreamingQuery start(Dataset<?> result, String mode) throws Exception {
        return result.writeStream()
                .outputMode(mode)
                .option("checkpointLocation", directory.toString())
                .foreachBatch((batch, id) -> batch.collectAsList().forEach(row -> out.add(row.mkString(","))))
                .start();
    }

    private static List<String> texts(Dataset<?> result) {
        return result.toDF().collectAsList().stream()
                .map(row -> row.mkString(","))
                .sorted()
                .toList();
    }

    private List<String> taken() {
        List<String> taken = out.stream().sorted().toList();
        out.clear();
        return taken;
    }

    @Test
    void functionsOverGroupsSeeAllRowsOfAKey() {
        KeyValueGroupedDataset<String, Event> users =
                byUser(batch(List.of(event("ann", 1, 0), event("bob", 2, 0), event("ann", 3, 1))));
        assertEquals(List.of("ann", "bob"), users.keys().collectAsList());
        assertEquals(
                List.of(new Total("ann", 4, 2), new Total("bob", 2, 1)),
                users.mapGroups(StatefulGroupsTest::total, Encoders.record(Total.class))
                        .collectAsList());
        assertEquals(
                List.of("ann 1", "ann 3", "bob 2"),
                users.flatMapGroups(
                                (user, events) -> {
                                    List<String> all = new ArrayList<>();
                                    events.forEachRemaining(e -> all.add(user + " " + e.amount()));
                                    return all.iterator();
                                },
                                Encoders.STRING())
                        .collectAsList());
        assertEquals(
                List.of(new Tuple2<>("ann", 2L), new Tuple2<>("bob", 1L)),
                users.count().collectAsList());
        assertEquals(
                List.of(new Tuple2<>("ann", 4L), new Tuple2<>("bob", 2L)),
                users.mapValues(Event::amount, Encoders.LONG())
                        .reduceGroups(Long::sum)
                        .collectAsList());
    }

    private static Total total(String user, Iterator<Event> events) {
        long amount = 0;
        long count = 0;
        while (events.hasNext()) {
            amount += events.next().amount();
            count++;
        }
        return new Total(user, amount, count);
    }

    @Test
    void cogroupSeesTheRowsOfBothSides() {
        KeyValueGroupedDataset<String, Event> left = byUser(batch(List.of(event("ann", 1, 0), event("bob", 2, 0))));
        KeyValueGroupedDataset<String, Event> right = byUser(batch(List.of(event("bob", 5, 0), event("eve", 6, 0))));
        assertEquals(
                List.of("ann 1 0", "bob 1 1", "eve 0 1"),
                left.cogroup(
                                right,
                                (user, l, r) -> Collections.singleton(user + " " + size(l) + " " + size(r))
                                        .iterator(),
                                Encoders.STRING())
                        .collectAsList());
    }

    private static int size(Iterator<?> all) {
        int size = 0;
        for (; all.hasNext(); all.next()) {
            size++;
        }
        return size;
    }

    @Test
    void overAStreamAKeysResultIsTakenBackWhenItChanges() throws Exception {
        StreamingQuery query =
                start(byUser(stream()).mapGroups(StatefulGroupsTest::total, Encoders.record(Total.class)), "changelog");
        source.add(List.of(event("ann", 1, 0), event("bob", 2, 0)));
        query.processAllAvailable();
        assertEquals(List.of("ann,1,1,insert", "bob,2,1,insert"), taken());
        source.add(List.of(event("ann", 3, 1)));
        query.processAllAvailable();
        assertEquals(List.of("ann,1,1,delete", "ann,4,2,insert"), taken());
        VerifyReport report = query.verify();
        query.stop();
        assertTrue(report.matches(), report.toString());
    }

    @Test
    void aFunctionThatWaitsDoesNotHoldUpTheEndOfItsQuery() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        Dataset<String> waiting = byUser(stream())
                .mapGroupsWithState(
                        (String user, Iterator<Event> events, GroupState<Long> state) -> {
                            called.countDown();
                            new CountDownLatch(1).await();
                            return user;
                        },
                        Encoders.LONG(),
                        Encoders.STRING());
        source.add(List.of(event("ann", 1, 0)));
        StreamingQuery query = start(waiting, "update");
        called.await();

        query.stop();

        assertEquals(Optional.empty(), query.exception());
        assertEquals(List.of(), out);
    }

    private static Dataset<Total> running(Dataset<Event> events) {
        return byUser(events)
                .mapGroupsWithState(
                        StatefulGroupsTest::add, Encoders.record(Total.class), Encoders.record(Total.class));
    }

    private static Total add(String user, Iterator<Event> events, GroupState<Total> state) {
        Total more = total(user, events);
        Total before = state.getOption().orElse(new Total(user, 0, 0));
        Total after = new Total(user, before.amount() + more.amount(), before.events() + more.events());
        state.update(after);
        return after;
    }

    @Test
    void aStateLivesFromBatchToBatchAndOverRestarts() throws Exception {
        Random random = new Random(1);
        List<List<Object>> all = new ArrayList<>();
        Map<String, String> last = new java.util.TreeMap<>();
        StreamingQuery query = start(running(stream()), "update");
        for (int batch = 0; batch < 8; batch++) {
            List<List<Object>> rows = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                rows.add(event("user" + random.nextInt(4), random.nextInt(100), batch));
            }
            source.add(rows);
            all.addAll(rows);
            if (batch % 3 == 2) {
                query.stop();
                query = start(running(stream()), "update");
            }
            query.processAllAvailable();
        }
        VerifyReport report = query.verify();
        query.stop();
        out.forEach(row -> last.put(row.split(",")[0], row));
        assertEquals(texts(running(batch(all))), new ArrayList<>(last.values()));
        assertEquals(List.of(), report.state());
    }

    private static Dataset<String> sessions(Dataset<Event> events) {
        return byUser(events.withWatermark("ts", "5 seconds"))
                .flatMapGroupsWithState(
                        (user, values, state) -> {
                            if (state.hasTimedOut()) {
                                String done = user + " " + state.get() + " until " + state.getCurrentWatermarkMs();
                                state.remove();
                                return List.of(done).iterator();
                            }
                            long last = 0;
                            long count = state.getOption().orElse(0L);
                            while (values.hasNext()) {
                                last = Math.max(last, values.next().ts().toEpochMilli());
                                count++;
                            }
                            state.update(count);
                            state.setTimeoutTimestamp(last, "10 seconds");
                            return Collections.emptyIterator();
                        },
                        OutputMode.Append(),
                        Encoders.LONG(),
                        Encoders.STRING(),
                        GroupStateTimeout.EventTimeTimeout());
    }

    @Test
    void aStateTimesOutWhenTheWatermarkHasPassed() throws Exception {
        StreamingQuery query = start(sessions(stream()), "append");
        source.add(List.of(event("ann", 1, 0), event("ann", 1, 3), event("bob", 1, 4)));
        query.processAllAvailable();
        assertEquals(List.of(), taken());
        query.stop();
        query = start(sessions(stream()), "append");
        source.add(List.of(event("eve", 1, 19)));
        query.processAllAvailable();
        assertEquals(List.of("ann 2 until 1000014000"), taken());
        source.add(List.of(event("ann", 1, 30)));
        query.processAllAvailable();
        assertEquals(List.of("bob 1 until 1000025000"), taken());
        query.stop();
    }

    /// Adds up, remembers the last amounts and how often each came, and tells all ten seconds after the first event.
    static final class Summary extends StatefulProcessor<String, Event, String> {
        private ValueState<Long> sum;
        private ListState<Long> amounts;
        private MapState<Long, Integer> counts;

        @Override
        public void init(OutputMode outputMode, TimeMode timeMode) {
            sum = getHandle().getValueState("sum", Encoders.LONG(), TTLConfig.NONE);
            amounts = getHandle().getListState("amounts", Encoders.LONG(), TTLConfig.NONE);
            counts = getHandle().getMapState("counts", Encoders.LONG(), Encoders.INT(), TTLConfig.NONE);
        }

        @Override
        public Iterator<String> handleInputRows(String user, Iterator<Event> events, TimerValues times) {
            while (events.hasNext()) {
                Event event = events.next();
                if (!sum.exists()) {
                    getHandle().registerTimer(event.ts().toEpochMilli() + 10_000);
                }
                Long before = sum.get();
                sum.update((before == null ? 0 : before) + event.amount());
                amounts.appendValue(event.amount());
                Integer count = counts.getValue(event.amount());
                counts.updateValue(event.amount(), count == null ? 1 : count + 1);
            }
            return Collections.emptyIterator();
        }

        @Override
        public Iterator<String> handleExpiredTimer(String user, TimerValues times, ExpiredTimerInfo timer) {
            List<Long> all = new ArrayList<>();
            amounts.get().forEachRemaining(all::add);
            List<String> often = new ArrayList<>();
            counts.iterator().forEachRemaining(entry -> often.add(entry.getKey() + "x" + entry.getValue()));
            String text = user + " " + sum.get() + " " + all + " " + often + " at " + timer.getExpiryTimeInMs();
            sum.clear();
            amounts.clear();
            counts.clear();
            return List.of(text).iterator();
        }
    }

    private static Dataset<String> summaries(Dataset<Event> events) {
        return byUser(events.withWatermark("ts", "2 seconds"))
                .transformWithState(new Summary(), TimeMode.EventTime(), OutputMode.Append(), Encoders.STRING());
    }

    @Test
    void timersGoOffByTheWatermarkAlsoAfterARestart() throws Exception {
        List<List<Object>> first = List.of(event("ann", 1, 0), event("ann", 2, 1), event("bob", 5, 3));
        List<List<Object>> second = List.of(event("ann", 1, 4));
        List<List<Object>> third = List.of(event("eve", 9, 14));
        StreamingQuery query = start(summaries(stream()), "append");
        source.add(first);
        query.processAllAvailable();
        query.stop();
        query = start(summaries(stream()), "append");
        source.add(second);
        query.processAllAvailable();
        assertEquals(List.of(), taken());
        source.add(third);
        query.processAllAvailable();
        assertEquals(List.of("ann 4 [1, 2, 1] [1x2, 2x1] at 1000010000"), taken());
        VerifyReport report = query.verify();
        query.stop();
        assertTrue(report.matches(), report.toString());
        List<List<Object>> all = new ArrayList<>(first);
        all.addAll(second);
        all.addAll(third);
        assertEquals(List.of("ann 4 [1, 2, 1] [1x2, 2x1] at 1000010000"), texts(summaries(batch(all))));
    }

    static final class Continued extends StatefulProcessorWithInitialState<String, Event, String, Total> {
        private ValueState<Total> total;

        @Override
        public void init(OutputMode outputMode, TimeMode timeMode) {
            total = getHandle().getValueState("total", Encoders.record(Total.class), TTLConfig.NONE);
        }

        @Override
        public void handleInitialState(String user, Total initial, TimerValues times) {
            total.update(initial);
        }

        @Override
        public Iterator<String> handleInputRows(String user, Iterator<Event> events, TimerValues times) {
            Total before = total.exists() ? total.get() : new Total(user, 0, 0);
            Total more = total(user, events);
            total.update(new Total(user, before.amount() + more.amount(), before.events() + more.events()));
            return List.of(total.get().toString()).iterator();
        }
    }

    @Test
    void aStateCanBeginWithATable() throws Exception {
        Dataset<Total> old = byUser(batch(List.of(event("ann", 100, 0))))
                .mapGroups(StatefulGroupsTest::total, Encoders.record(Total.class));
        StreamingQuery query = start(
                byUser(stream())
                        .transformWithState(
                                new Continued(),
                                TimeMode.None(),
                                OutputMode.Update(),
                                old.groupByKey(Total::user, Encoders.STRING()),
                                Encoders.STRING(),
                                Encoders.record(Total.class)),
                "update");
        source.add(List.of(event("ann", 1, 0), event("bob", 1, 0)));
        query.processAllAvailable();
        source.add(List.of(event("ann", 2, 0)));
        query.processAllAvailable();
        query.stop();
        assertEquals(
                List.of(
                        "Total[user=ann, amount=101, events=2]",
                        "Total[user=ann, amount=103, events=3]",
                        "Total[user=bob, amount=1, events=1]"),
                taken());
    }

    private static String added(String user, Iterator<Event> events, GroupState<Long> state) {
        long sum = state.exists() ? state.get() : 0;
        while (events.hasNext()) {
            sum += events.next().amount();
        }
        state.update(sum);
        return user + " " + sum;
    }

    private Dataset<String> addedTo(Dataset<Event> events, List<List<Object>> old) {
        KeyValueGroupedDataset<String, Long> states = byUser(batch(old)).mapValues(Event::amount, Encoders.LONG());
        return byUser(events)
                .mapGroupsWithState(
                        StatefulGroupsTest::added,
                        Encoders.LONG(),
                        Encoders.STRING(),
                        GroupStateTimeout.NoTimeout(),
                        states);
    }

    /// As in Spark the function is called in the first batch for all keys that begin with a state.
    @Test
    void theStateOfAGroupCanBeginWithATable() throws Exception {
        StreamingQuery query = start(addedTo(stream(), List.of(event("ann", 100, 0), event("cid", 7, 0))), "update");
        source.add(List.of(event("ann", 1, 0), event("bob", 1, 0)));
        query.processAllAvailable();
        assertEquals(List.of("ann 101", "bob 1", "cid 7"), taken());
        source.add(List.of(event("cid", 2, 0)));
        query.processAllAvailable();
        query.stop();
        assertEquals(List.of("cid 9"), taken());
        assertEquals(
                List.of("ann 3", "bob 4"),
                addedTo(batch(List.of(event("ann", 1, 0))), List.of(event("ann", 2, 0), event("bob", 4, 0)))
                        .collectAsList()
                        .stream()
                        .sorted()
                        .toList());
    }

    @Test
    void aKeyBeginsWithOneState() {
        Dataset<String> twice =
                addedTo(batch(List.of(event("ann", 1, 0))), List.of(event("ann", 2, 0), event("ann", 3, 0)));
        assertEquals(
                "[DUPLICATE_INITIAL_STATE] The initial state of mapGroupsWithState has several rows for the key ann; a"
                        + " key begins with one state. Aggregate it by key before.",
                assertThrows(HeadraceException.class, twice::collectAsList).getMessage());
    }

    /// A clock that a test sets.
    private static final class ManualClock extends Clock {
        private volatile Instant now = Instant.ofEpochSecond(1_000_000);

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /// Says when a user has been silent for a minute; forgets amounts after half a minute.
    static final class Silence extends StatefulProcessor<String, Event, String> {
        private ListState<Long> recent;
        private ValueState<Long> timer;

        @Override
        public void init(OutputMode outputMode, TimeMode timeMode) {
            recent = getHandle().getListState("recent", Encoders.LONG(), new TTLConfig(Duration.ofSeconds(30)));
            timer = getHandle().getValueState("timer", Encoders.LONG(), TTLConfig.NONE);
        }

        @Override
        public Iterator<String> handleInputRows(String user, Iterator<Event> events, TimerValues times) {
            Long before = timer.get();
            if (before != null) {
                getHandle().deleteTimer(before);
            }
            events.forEachRemaining(event -> recent.appendValue(event.amount()));
            timer.update(times.getCurrentProcessingTimeInMs() + 60_000);
            getHandle().registerTimer(times.getCurrentProcessingTimeInMs() + 60_000);
            return List.of(user + " " + size(recent.get()) + " "
                            + size(getHandle().listTimers()))
                    .iterator();
        }

        @Override
        public Iterator<String> handleExpiredTimer(String user, TimerValues times, ExpiredTimerInfo info) {
            timer.clear();
            return List.of(user + " is silent").iterator();
        }
    }

    @Test
    void timersGoOffByTheClockWithoutNewRowsAndValuesOutliveTheirTime() throws Exception {
        ManualClock clock = new ManualClock();
        Dataset<String> result = byUser(stream())
                .transformWithState(new Silence(), TimeMode.ProcessingTime(), OutputMode.Append(), Encoders.STRING());
        LogicalPlan plan = Optimizer.optimize(Frames.plan(result.toDF()), ZoneOffset.UTC);
        try (SessionRuntime runtime =
                new SessionRuntime(new SessionSettings(ZoneOffset.UTC, 2), Long.MAX_VALUE, clock, Map.of())) {
            Function<String, StreamingQuery> start = name -> new MicroBatchEngine()
                    .start(new StreamStart(
                            runtime,
                            Map.of(),
                            Optional.empty(),
                            plan,
                            plan,
                            new StreamStart.Target.ForeachBatch((rows, id) -> Frames.of(session, rows, "batch")
                                    .collectAsList()
                                    .forEach((Row row) -> out.add(row.mkString(",")))),
                            new Trigger.AsFastAsPossible(),
                            OutputMode.APPEND,
                            Optional.of(directory),
                            Optional.empty(),
                            Optional.empty(),
                            _ -> {}));
            StreamingQuery query = start.apply("first");
            source.add(List.of(event("ann", 1, 0)));
            query.processAllAvailable();
            clock.now = clock.now.plusSeconds(20);
            source.add(List.of(event("ann", 2, 0)));
            query.processAllAvailable();
            clock.now = clock.now.plusSeconds(20);
            source.add(List.of(event("ann", 3, 0)));
            query.processAllAvailable();
            assertEquals(List.of("ann 1 1", "ann 2 1", "ann 2 1"), taken());
            query.stop();
            query = start.apply("second");
            query.processAllAvailable();
            assertEquals(List.of(), taken());
            clock.now = clock.now.plusSeconds(60);
            query.processAllAvailable();
            assertEquals(List.of("ann is silent"), taken());
            query.stop();
            assertFalse(query.exception().isPresent());
            assertEquals(0, query.lastProgress().stateOperators()[0].numRowsTotal());
        }
    }

    private static void assertFails(String message, org.junit.jupiter.api.function.Executable call) {
        Throwable failure = assertThrows(RuntimeException.class, call);
        Throwable coded = failure instanceof HeadraceException ? failure : failure.getCause();
        assertEquals(message, coded.getMessage());
    }

    @Test
    void whatCantBeRunIsSaid() throws Exception {
        assertFails(
                "[UNSUPPORTED_OUTPUT_MODE] mapGroupsWithState in update mode replaces rows that it has given, so the query"
                        + " must be started with outputMode(\"update\"), with nothing but filters and projections above it.",
                () -> start(running(stream()), "append"));
        assertFails(
                "[UNSUPPORTED_OUTPUT_MODE] transformWithState(…) can't give its rows in complete mode: say"
                        + " OutputMode.Append() or OutputMode.Update().",
                () -> byUser(stream())
                        .transformWithState(
                                new Summary(), TimeMode.EventTime(), OutputMode.Complete(), Encoders.STRING()));
        assertFails(
                "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run transformWithState with event-time timers without a"
                        + " watermark. Call withWatermark(\"ts\", \"1 minute\") before groupByKey, and keep the column.",
                () -> start(
                        byUser(stream())
                                .transformWithState(
                                        new Summary(), TimeMode.EventTime(), OutputMode.Append(), Encoders.STRING()),
                        "append"));
        assertFails(
                "[INVALID_TTL] The state 'recent' is to live for PT30S: that needs a positive duration and"
                        + " TimeMode.ProcessingTime(), but the processor runs with None.",
                () -> byUser(stream())
                        .transformWithState(new Silence(), TimeMode.None(), OutputMode.Append(), Encoders.STRING()));
        assertFails(
                "[USER_FUNCTION_FAILED] The function given to mapGroups failed for the key 'ann':"
                        + " java.lang.ArithmeticException: / by zero.",
                () -> byUser(batch(List.of(event("ann", 0, 0))))
                        .mapGroups((user, events) -> 1 / events.next().amount(), Encoders.LONG())
                        .collectAsList());
        assertFails(
                "[TIMEOUT_NOT_ENABLED] setTimeoutDuration(5) needs GroupStateTimeout.ProcessingTimeTimeout(), but the"
                        + " function was given NoTimeout.",
                () -> byUser(batch(List.of(event("ann", 0, 0))))
                        .mapGroupsWithState(
                                (user, events, state) -> {
                                    state.setTimeoutDuration(5);
                                    return 1L;
                                },
                                Encoders.LONG(),
                                Encoders.LONG())
                        .collectAsList());
    }
}
