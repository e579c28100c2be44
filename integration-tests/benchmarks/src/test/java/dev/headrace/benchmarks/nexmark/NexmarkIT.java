package dev.headrace.benchmarks.nexmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.chunk.Slice;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.plan.NamedPlan;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.VerifyReport;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each query of Nexmark as a stream, in random batches, gives what it gives as a batch query over all events.
class NexmarkIT {
    private static final int EVENTS = 3_000;
    private static final int BATCHES = 5;

    @TempDir
    Path directory;

    private final List<List<Object>> people = new ArrayList<>();
    private final List<List<Object>> auctions = new ArrayList<>();
    private final List<List<Object>> bids = new ArrayList<>();
    private Session session;

    @BeforeEach
    void open() {
        session = Session.builder()
                .master("local[2]")
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate();
        NexmarkEvents events = new NexmarkEvents(100_000);
        for (long n = 0; n < EVENTS; n++) {
            switch (events.event(n)) {
                case NexmarkEvents.Person p ->
                    people.add(row(
                            p.id(),
                            p.name(),
                            p.emailAddress(),
                            p.creditCard(),
                            p.city(),
                            p.state(),
                            p.dateTime(),
                            p.extra()));
                case NexmarkEvents.Auction a ->
                    auctions.add(row(
                            a.id(),
                            a.itemName(),
                            a.description(),
                            a.initialBid(),
                            a.reserve(),
                            a.dateTime(),
                            a.expires(),
                            a.seller(),
                            a.category(),
                            a.extra()));
                case NexmarkEvents.Bid b ->
                    bids.add(row(b.auction(), b.bidder(), b.price(), b.channel(), b.url(), b.dateTime(), b.extra()));
            }
        }
    }

    private static List<Object> row(Object... cells) {
        return Stream.of(cells)
                .map(cell -> cell instanceof String text ? (Object) Slice.utf8(text) : cell)
                .toList();
    }

    @AfterEach
    void close() {
        session.close();
    }

    static Stream<String> queries() {
        return Nexmark.queries().stream();
    }

    /// Text by row, and how often it is there.
    private static Map<String, Integer> bag(List<Row> rows, int columns) {
        Map<String, Integer> bag = new TreeMap<>();
        rows.forEach(row -> bag.merge(text(row, columns), 1, Integer::sum));
        return bag;
    }

    private static String text(Row row, int columns) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            cells.add(cell(row.get(i)));
        }
        return String.join("|", cells);
    }

    private static String cell(@Nullable Object value) {
        return value instanceof Double number ? String.format("%.6f", number) : String.valueOf(value);
    }

    private DataFrame local(StructType schema, List<List<Object>> rows) {
        List<List<@Nullable Object>> copy = new ArrayList<>();
        rows.forEach(row -> copy.add(new ArrayList<>(row)));
        return Frames.of(session, new NamedPlan.LocalRelation(schema, copy));
    }

    /// What the query gives over all events at once.
    private List<Row> batch(String query) {
        Nexmark.define(
                session,
                local(NexmarkEvents.PERSON, people),
                local(NexmarkEvents.AUCTION, auctions),
                local(NexmarkEvents.BID, bids));
        return answer(query).collectAsList();
    }

    /// The times of q12's windows are those of the machine's clock: only the counts are compared.
    private DataFrame answer(String query) {
        DataFrame answer = session.sql(Nexmark.sql(query));
        return query.equals("q12")
                ? answer.groupBy("bidder")
                        .agg(dev.headrace.functions.sum("bid_count").as("bid_count"))
                : answer;
    }

    private record Streams(MemoryStream person, MemoryStream auction, MemoryStream bid) {}

    private Streams streams(boolean watermarks) {
        Streams streams = new Streams(
                new MemoryStream(NexmarkEvents.PERSON, 2),
                new MemoryStream(NexmarkEvents.AUCTION, 2),
                new MemoryStream(NexmarkEvents.BID, 2));
        Nexmark.define(
                session,
                frame(streams.person(), watermarks),
                frame(streams.auction(), watermarks),
                frame(streams.bid(), watermarks));
        return streams;
    }

    private DataFrame frame(MemoryStream stream, boolean watermark) {
        DataFrame rows = Frames.of(session, stream, "memory");
        return watermark ? rows.withWatermark("dateTime", "4 seconds") : rows;
    }

    /// Gives all events to the streams in parts, each as a batch.
    private void feed(Streams streams, StreamingQuery query, long seed) {
        Random random = new Random(seed);
        int[] at = new int[3];
        for (int batch = 1; batch <= BATCHES; batch++) {
            double part = batch == BATCHES ? 1 : (batch - 0.5 + random.nextDouble() * 0.5) / BATCHES;
            at[0] = feed(streams.person(), people, at[0], part);
            at[1] = feed(streams.auction(), auctions, at[1], part);
            at[2] = feed(streams.bid(), bids, at[2], part);
            query.processAllAvailable();
        }
    }

    private static int feed(MemoryStream stream, List<List<Object>> rows, int from, double part) {
        int to = Math.max(from, (int) (rows.size() * part));
        stream.add(rows.subList(from, to));
        return to;
    }

    @ParameterizedTest
    @MethodSource("queries")
    void theChangesOfAStreamAddUpToTheBatchResult(String query) throws Exception {
        List<Row> expected = batch(query);
        assertFalse(expected.isEmpty());
        Streams streams = streams(false);
        Map<String, Integer> result = new HashMap<>();
        StreamingQuery running = answer(query)
                .writeStream()
                .outputMode("changelog")
                .foreachBatch((rows, batchId) -> {
                    for (Row row : rows.collectAsList()) {
                        int columns = row.size() - 1;
                        int change = row.getString(columns).equals("insert") ? 1 : -1;
                        result.merge(text(row, columns), change, Integer::sum);
                    }
                })
                .option("checkpointLocation", directory.toString())
                .start();
        feed(streams, running, query.hashCode());
        running.stop();
        result.values().removeIf(count -> count == 0);
        assertEquals(bag(expected, expected.getFirst().size()), new TreeMap<>(result));
    }

    /// In append mode windows come out when the watermark passes them: what has come is part of the batch result, and
    /// the check finds no difference.
    @ParameterizedTest
    @ValueSource(strings = {"q0", "q1", "q2", "q5", "q8", "q10", "q11", "q14", "q21", "q22"})
    void finalRowsAreThoseOfTheBatchResult(String query) throws Exception {
        Map<String, Integer> expected =
                bag(batch(query), session.sql(Nexmark.sql(query)).columns().length);
        Streams streams = streams(true);
        List<String> given = new ArrayList<>();
        StreamingQuery running = answer(query)
                .writeStream()
                .outputMode("append")
                .foreachBatch((rows, batchId) -> rows.collectAsList().forEach(row -> given.add(text(row, row.size()))))
                .option("checkpointLocation", directory.toString())
                .start();
        feed(streams, running, query.hashCode());
        VerifyReport report = running.verify();
        running.stop();
        assertTrue(report.matches(), report.toString());
        assertTrue(given.size() > expected.size() / 2, given.size() + " of " + expected.size());
        Map<String, Integer> left = new HashMap<>(expected);
        given.forEach(row -> left.merge(row, -1, Integer::sum));
        assertTrue(left.values().stream().allMatch(count -> count >= 0), () -> "not of the batch result: " + left);
    }
}
