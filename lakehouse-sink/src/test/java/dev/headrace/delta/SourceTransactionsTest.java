package dev.headrace.delta;

import static dev.headrace.functions.expr;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.chunk.Slice;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.DebeziumTables;
import dev.headrace.streaming.SourceTransactions;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Changes that one transaction of the source made come to all tables in one batch.
class SourceTransactionsTest {
    private static final String ORDERS = "shop.public.orders";
    private static final String ITEMS = "shop.public.items";
    private static final String ENDS = "shop.transaction";

    /// A clock that the test sets.
    private static final class TestClock extends Clock {
        private Instant now = Instant.parse("2026-11-21T12:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @TempDir
    private Path directory;

    private final TestClock clock = new TestClock();
    private final Session session =
            Session.builder().master("local[2]").clock(clock).getOrCreate();
    private final MemoryStream stream = new MemoryStream(StructType.fromDDL("topic string, value string"));
    private SourceTransactions settings = SourceTransactions.toldBy(ENDS);

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    // ---- Messages

    private static String change(String transaction, int place, long id, long lsn) {
        return "{\"before\":null,\"after\":{\"id\":" + id + ",\"tx\":\"" + transaction + "\"},\"source\":{\"lsn\":"
                + lsn
                + "},\"transaction\":{\"id\":\"" + transaction + "\",\"total_order\":" + place
                + ",\"data_collection_order\":1},\"op\":\"c\"}";
    }

    private static String end(String transaction, int orders, int items) {
        return "{\"status\":\"END\",\"id\":\"" + transaction + "\",\"ts_ms\":1,\"event_count\":" + (orders + items + 1)
                + ",\"data_collections\":[{\"data_collection\":\"public.orders\",\"event_count\":" + orders
                + "},{\"data_collection\":\"public.items\",\"event_count\":" + items
                + "},{\"data_collection\":\"public.others\",\"event_count\":1}]}";
    }

    private static String begin(String transaction) {
        return "{\"status\":\"BEGIN\",\"id\":\"" + transaction
                + "\",\"ts_ms\":1,\"event_count\":null,\"data_collections\":null}";
    }

    private void add(String topic, @Nullable String value) {
        List<@Nullable Object> cells = new ArrayList<>();
        cells.add(Slice.utf8(topic));
        cells.add(value == null ? null : Slice.utf8(value));
        stream.add(List.of(cells));
    }

    // ---- The query

    private DebeziumTables tables() {
        return tables(writer -> writer);
    }

    private DebeziumTables tables(UnaryOperator<dev.headrace.streaming.DataStreamWriter> more) {
        return DebeziumTables.of(new FixedReader(Frames.of(session, stream, "messages")))
                .table(ORDERS, "id bigint, tx string", Changes.debezium("id"), at("orders"))
                .table(ITEMS, "id bigint, tx string", Changes.debezium("id"), at("items"))
                .writtenBy(writer -> more.apply(writer).trigger(Trigger.AvailableNow()))
                .keepingTransactions(settings);
    }

    private void run() throws Exception {
        for (StreamingQuery query : tables().start(at("checkpoints"))) {
            query.awaitTermination();
        }
    }

    private String at(String name) {
        return directory.resolve(name).toString();
    }

    private List<String> rows(String table) {
        if (!Files.exists(directory.resolve(table))) {
            return List.of();
        }
        return session.read().format("delta").load(at(table)).collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    // ---- Tests

    @Test
    void changesWaitUntilAllOfTheirTransactionHaveCome() throws Exception {
        add(ENDS, begin("7"));
        add(ORDERS, change("7", 1, 1, 10));
        add(ITEMS, change("7", 2, 1, 11));
        run();
        assertEquals(List.of(), rows("orders"));

        add(ENDS, end("7", 1, 2));
        run();
        assertEquals(List.of(), rows("items"));

        add(ITEMS, change("7", 3, 2, 12));
        run();
        assertEquals(List.of("[1,7,10]"), rows("orders"));
        assertEquals(List.of("[1,7,11]", "[2,7,12]"), rows("items"));
    }

    @Test
    void changesOfAllTablesWaitInOneState() throws Exception {
        add(ORDERS, change("7", 1, 1, 10));
        StreamingQuery query = tables().start(at("checkpoints")).getFirst();
        query.awaitTermination();
        assertEquals(
                List.of("transformWithState", "transformWithStateTimers"),
                Arrays.stream(query.lastProgress().stateOperators())
                        .map(dev.headrace.streaming.StateOperatorProgress::operatorName)
                        .toList());
    }

    @Test
    void whatBelongsToNoTransactionDoesNotWait() throws Exception {
        add(
                ORDERS,
                "{\"before\":null,\"after\":{\"id\":1,\"tx\":null},\"source\":{\"lsn\":1},\"transaction\":null,\"op\":\"r\"}");
        add(ORDERS, null);
        add(ENDS, end("8", 0, 0));
        run();
        assertEquals(List.of("[1,null,1]"), rows("orders"));
    }

    @Test
    void whatIsToldAgainGoesOnAtOnce() throws Exception {
        add(ORDERS, change("7", 1, 1, 10));
        add(ORDERS, change("7", 1, 1, 10));
        add(ORDERS, change("7", 2, 2, 11));
        add(ENDS, end("7", 2, 0));
        run();
        add(ORDERS, change("7", 2, 2, 11));
        add(ENDS, end("7", 2, 0));
        run();
        assertEquals(List.of("[1,7,10]", "[2,7,11]"), rows("orders"));
    }

    /// As the connector for PostgreSQL writes them; those of MySQL (`3e11fa47-71ca-11e1-9e33-c80aa9429562:23`) stay
    /// whole.
    @Test
    void theIdMayNameThePlaceOfEachChange() throws Exception {
        add(ENDS, begin("731:22280144"));
        add(ORDERS, change("731:22280280", 1, 1, 10));
        add(ITEMS, change("731:22280552", 2, 1, 11));
        run();
        assertEquals(List.of(), rows("orders"));
        add(ENDS, end("731:22280736", 1, 1));
        add(ORDERS, change("3e11fa47-71ca-11e1-9e33-c80aa9429562:23", 1, 5, 12));
        add(ENDS, end("3e11fa47-71ca-11e1-9e33-c80aa9429562:24", 1, 0));
        run();
        assertEquals(List.of("[1,731:22280280,10]"), rows("orders"));
    }

    @Test
    void messagesWithTheirSchemaMeanTheSame() throws Exception {
        add(ORDERS, "{\"schema\":{},\"payload\":" + change("7", 1, 1, 10) + "}");
        run();
        assertEquals(List.of(), rows("orders"));
        add(ENDS, "{\"schema\":{},\"payload\":" + end("7", 1, 0) + "}");
        run();
        assertEquals(List.of("[1,7,10]"), rows("orders"));
    }

    @Test
    void oneQueryReadsAllTopics() throws Exception {
        FixedReader reader = new FixedReader(Frames.of(session, stream, "messages"));
        StreamingQuery query = DebeziumTables.of(reader)
                .table(ORDERS, "id bigint", Changes.debezium("id"), at("orders"))
                .keepingTransactions(settings)
                .start(at("checkpoints"))
                .getFirst();
        query.stop();
        assertEquals(Map.of("subscribe", ORDERS + "," + ENDS), reader.options());
        assertEquals(ENDS, query.name());
        assertTrue(Files.isDirectory(directory.resolve("checkpoints").resolve(ENDS)));
    }

    // ---- Limits

    @Test
    void aTransactionThatStaysIncompleteEndsTheQuery() throws Exception {
        add(ORDERS, change("7", 1, 1, 10));
        add(ORDERS, change("7", 2, 2, 11));
        add(ENDS, end("7", 2, 1));
        run();
        clock.now = clock.now.plus(Duration.ofMinutes(10));
        assertEquals(
                "[CHANGES_TRANSACTION_INCOMPLETE] The source's transaction '7' is incomplete since 2026-11-21T12:00:00Z: 2 of"
                        + " its changes have come {shop.public.orders=2}, its end says 3. See whether the connector writes to"
                        + " these topics (provide.transaction.metadata=true, no filters behind it); wait longer with"
                        + " SourceTransactions.waitingAtMost(…), or let such transactions go on in parts with"
                        + " releasingIncomplete().",
                failure());

        // The batch that failed runs again, with other settings.
        settings = settings.waitingAtMost(Duration.ofHours(1));
        run();
        assertEquals(List.of(), rows("orders"));
        add(ITEMS, change("7", 3, 3, 12));
        run();
        assertEquals(List.of("[1,7,10]", "[2,7,11]"), rows("orders"));
    }

    @Test
    void aTransactionWithoutAnEndIsToldSo() throws Exception {
        add(ORDERS, change("7", 1, 1, 10));
        run();
        clock.now = clock.now.plus(Duration.ofMinutes(10));
        assertTrue(failure()
                .contains("1 of its changes have come {shop.public.orders=1}, its end has not come in the topic"
                        + " 'shop.transaction'. "));
    }

    @Test
    void timeInWhichTheQueryDoesNotRunDoesNotCount() throws Exception {
        add(ORDERS, change("7", 1, 1, 10));
        run();
        clock.now = clock.now.plus(Duration.ofHours(5));
        run();
        assertEquals(List.of(), rows("orders"));
        clock.now = clock.now.plus(Duration.ofMinutes(10));
        assertTrue(failure().startsWith("[CHANGES_TRANSACTION_INCOMPLETE]"));
    }

    /// Else batches that take longer than a transaction may wait would never tell of it.
    @Test
    void timersThatAreAlwaysLateGiveTimeOnlySoOften() throws Exception {
        add(ORDERS, change("7", 1, 1, 10));
        run();
        for (int i = 0; i < 3; i++) {
            clock.now = clock.now.plus(Duration.ofMinutes(15));
            run();
        }
        clock.now = clock.now.plus(Duration.ofMinutes(15));
        assertTrue(failure().startsWith("[CHANGES_TRANSACTION_INCOMPLETE]"));
    }

    /// Debezium puts an underscore for what no topic's name has.
    @Test
    void namesOfTablesMayHaveWhatTopicsHaveNot() throws Exception {
        String topic = "shop.public.order_lines";
        DebeziumTables tables = DebeziumTables.of(new FixedReader(Frames.of(session, stream, "messages")))
                .table(ORDERS, "id bigint, tx string", Changes.debezium("id"), at("orders"))
                .table(topic, "id bigint, tx string", Changes.debezium("id"), at("lines"))
                .writtenBy(writer -> writer.trigger(Trigger.AvailableNow()))
                .keepingTransactions(settings);
        add(ENDS, end("7", 1, 2).replace("public.items", "public.order lines"));
        add(ORDERS, change("7", 1, 1, 10));
        add(topic, change("7", 2, 1, 11));
        tables.start(at("checkpoints")).getFirst().awaitTermination();
        assertEquals(List.of(), rows("orders"));

        add(topic, change("7", 3, 2, 12));
        tables.start(at("checkpoints")).getFirst().awaitTermination();
        assertEquals(List.of("[1,7,10]"), rows("orders"));
        assertEquals(List.of("[1,7,11]", "[2,7,12]"), rows("lines"));
    }

    @Test
    void anIncompleteTransactionGoesOnIfThatIsAllowed() throws Exception {
        settings = settings.releasingIncomplete().ofAtMost(3);
        add(ORDERS, change("7", 1, 1, 10));
        run();
        clock.now = clock.now.plus(Duration.ofMinutes(10));
        run();
        assertEquals(List.of("[1,7,10]"), rows("orders"));
        add(ITEMS, change("7", 2, 2, 11));
        for (int i = 1; i <= 4; i++) {
            add(ORDERS, change("8", i, 10 + i, 20 + i));
        }
        run();
        assertEquals(List.of("[2,7,11]"), rows("items"));
        assertEquals(5, rows("orders").size());
    }

    @Test
    void aTransactionThatIsTooLargeEndsTheQuery() throws Exception {
        settings = settings.ofAtMost(2);
        for (int i = 1; i <= 3; i++) {
            add(ORDERS, change("7", i, i, i));
        }
        assertEquals(
                "[CHANGES_TRANSACTION_TOO_LARGE] The source's transaction '7' has 3 changes that wait for its end, more than 2."
                        + " Allow more with SourceTransactions.ofAtMost(…), which wait in the query's state, or let such"
                        + " transactions go on in parts with releasingIncomplete().",
                failure());
    }

    @Test
    void aChangeWithoutItsPlaceIsRefused() throws Exception {
        add(ORDERS, change("7", 1, 1, 1).replace("total_order", "order"));
        assertEquals(
                "[CHANGES_TRANSACTION_PLACE] A message of the topic 'shop.public.orders' belongs to the transaction '7', but has"
                        + " no total_order in it, which Debezium writes. See what wrote it.",
                failure());
    }

    private String failure() {
        return String.valueOf(assertThrows(StreamingQueryException.class, this::run)
                .getCause()
                .getMessage());
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        assertEquals(
                "[CHANGES_TRANSACTION_SETTING] SourceTransactions.waitingAtMost(PT0S): expected more than zero.",
                assertThrows(QueryException.class, () -> settings.waitingAtMost(Duration.ZERO))
                        .getMessage());
        assertEquals(
                "[CHANGES_TRANSACTION_SETTING] SourceTransactions.ofAtMost(0): expected more than zero.",
                assertThrows(QueryException.class, () -> settings.ofAtMost(0)).getMessage());
        assertEquals(
                "[CHANGES_WITHOUT_TABLE] DebeziumTables.start(…): there is no table. Name them with table(…) first.",
                assertThrows(
                                QueryException.class,
                                () -> DebeziumTables.of(new FixedReader(Frames.of(session, stream, "messages")))
                                        .keepingTransactions(settings)
                                        .start(at("checkpoints")))
                        .getMessage());
    }

    // ---- Any order, any restarts

    private record Event(String topic, String value) {}

    /// Topics keep their order and are mixed at random; the query runs in batches of a few messages, stops, and dies.
    /// After each batch every transaction is in both tables or in none.
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void everyTransactionIsThereWholeOrNotAtAll(long seed) throws Exception {
        Random random = new Random(seed);
        Map<String, String> expected = new TreeMap<>();
        List<Event> messages = mixed(random, expected);
        int at = 0;
        while (at < messages.size()) {
            int to = Math.min(messages.size(), at + 10 + random.nextInt(30));
            for (Event message : messages.subList(at, to)) {
                add(message.topic(), message.value());
            }
            at = to;
            stream.limitBatches(4 + random.nextInt(12));
            run();
            if (random.nextInt(3) == 0) {
                ChangeStream.forgetLastCommit(directory.resolve("checkpoints").resolve(ENDS));
            }
        }
        NavigableMap<Long, List<Row>> orders = changes("orders");
        NavigableMap<Long, List<Row>> items = changes("items");
        TreeSet<Long> batches = new TreeSet<>(orders.keySet());
        batches.addAll(items.keySet());
        Map<String, int[]> seen = new TreeMap<>();
        for (long batch : batches) {
            count(orders.getOrDefault(batch, List.of()), seen, 0);
            count(items.getOrDefault(batch, List.of()), seen, 1);
            seen.forEach((transaction, counts) -> assertEquals(
                    expected.get(transaction),
                    Arrays.toString(counts),
                    () -> "transaction " + transaction + " after batch " + batch + ", seed " + seed));
        }
        assertEquals(expected.keySet(), seen.keySet());
    }

    /// By batch, how many rows of each transaction came to the table with it, or went.
    private NavigableMap<Long, List<Row>> changes(String table) {
        NavigableMap<Long, List<Row>> changes = new TreeMap<>();
        DataFrame batches = DeltaTable.forPath(session, at(table))
                .history()
                .selectExpr("CAST(operationParameters['epochId'] AS BIGINT) AS batch", "version AS _commit_version");
        for (Row row : session.read()
                .format("delta")
                .option("readChangeFeed", true)
                .option("deriveChanges", true)
                .option("startingVersion", 0)
                .load(at(table))
                .join(batches, "_commit_version")
                .groupBy("batch", "tx")
                .agg(expr("sum(IF(_change_type = 'delete', -1, 1))"))
                .collectAsList()) {
            changes.computeIfAbsent(row.getLong(0), _ -> new ArrayList<>()).add(row);
        }
        return changes;
    }

    private static void count(List<Row> changes, Map<String, int[]> seen, int column) {
        for (Row row : changes) {
            seen.computeIfAbsent(row.getString(1), _ -> new int[2])[column] += (int) row.getLong(2);
        }
    }

    private static List<Event> mixed(Random random, Map<String, String> expected) {
        List<Event> orders = new ArrayList<>();
        List<Event> items = new ArrayList<>();
        List<Event> ends = new ArrayList<>();
        long id = 0;
        for (int i = 0; i < 12; i++) {
            String transaction = "t" + i;
            int[] counts = new int[2];
            int changes = 1 + random.nextInt(6);
            for (int place = 1; place <= changes; place++) {
                int table = random.nextInt(2);
                counts[table]++;
                id++;
                Event event = new Event(table == 0 ? ORDERS : ITEMS, change(transaction, place, id, id));
                List<Event> topic = table == 0 ? orders : items;
                topic.add(event);
                if (random.nextInt(5) == 0) {
                    topic.add(event);
                }
            }
            ends.add(new Event(ENDS, begin(transaction)));
            ends.add(new Event(ENDS, end(transaction, counts[0], counts[1])));
            expected.put(transaction, Arrays.toString(counts));
        }
        List<Integer> turns = new ArrayList<>();
        turns.addAll(Collections.nCopies(orders.size(), 0));
        turns.addAll(Collections.nCopies(items.size(), 1));
        turns.addAll(Collections.nCopies(ends.size(), 2));
        Collections.shuffle(turns, random);
        List<List<Event>> topics = List.of(orders, items, ends);
        return turns.stream().map(topic -> topics.get(topic).removeFirst()).toList();
    }
}
