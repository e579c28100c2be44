package dev.headrace.kafka;

import static dev.headrace.functions.col;
import static dev.headrace.functions.from_json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.demo.KafkaBroker;
import dev.headrace.errors.HeadraceException;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.StreamingQueryProgress;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/// Kafka topics as streams, with a real broker that goes away, and topics that lose what has not been read.
class KafkaStreamIT {
    private static final StructType EVENT = new StructType().add("n", "bigint").add("name", "string");

    private static KafkaBroker broker;

    @TempDir
    Path checkpoint;

    private Session session;
    private Topic topic;

    @BeforeAll
    static void startBroker() {
        broker = KafkaBroker.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void open(TestInfo test) {
        session = Session.builder().appName("test").getOrCreate();
        topic = Topic.create(broker, test.getTestMethod().orElseThrow().getName(), 3);
    }

    @AfterEach
    void close() {
        session.stop();
    }

    private DataFrame stream(Map<String, String> options) {
        return session.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", broker.bootstrapServers())
                .option("subscribe", topic.name())
                .option("startingOffsets", "earliest")
                .options(options)
                .load();
    }

    private static DataFrame events(DataFrame kafka) {
        return kafka.select(from_json(col("value").cast("string"), EVENT).as("event"))
                .select("event.*");
    }

    private StreamingQuery start(DataFrame frame) throws TimeoutException {
        return frame.writeStream()
                .format("memory")
                .queryName("events")
                .option("checkpointLocation", checkpoint.toString())
                .start();
    }

    private List<Long> numbers() {
        List<Long> numbers = new ArrayList<>();
        for (Row row : session.table("events").collectAsList()) {
            numbers.add(row.getLong(0));
        }
        numbers.sort(null);
        return numbers;
    }

    private static List<String> json(int from, int end) {
        return IntStream.range(from, end)
                .mapToObj(n -> "{\"n\":" + n + ",\"name\":\"name " + n + "\"}")
                .toList();
    }

    private static List<Long> range(long from, long end) {
        return java.util.stream.LongStream.range(from, end).boxed().toList();
    }

    @Test
    void givesEachRecordOnce() throws Exception {
        topic.send(json(0, 5_000));
        StreamingQuery query = start(events(stream(Map.of())));
        query.processAllAvailable();
        topic.send(json(5_000, 6_000));
        query.processAllAvailable();
        query.stop();

        assertEquals(range(0, 6_000), numbers());
        assertEquals(
                6_000,
                Stream.of(query.recentProgress())
                        .mapToLong(StreamingQueryProgress::numInputRows)
                        .sum());
    }

    @Test
    void goesOnAfterTheBrokerWasAway() throws Exception {
        topic.send(json(0, 100));
        StreamingQuery query = start(events(stream(Map.of("kafkaConsumer.pollTimeoutMs", "2000"))));
        query.processAllAvailable();
        broker.kill();
        long until = System.nanoTime() + Duration.ofSeconds(300).toNanos();
        while (System.nanoTime() < until) {
            query.awaitTermination(1_000);
        }
        broker.restart();
        topic.send(json(100, 200));
        query.processAllAvailable();
        query.stop();

        assertEquals(range(0, 200), numbers());
    }

    @Test
    void limitsBatches() throws Exception {
        topic.send(json(0, 1_000));
        StreamingQuery query = events(stream(Map.of("maxOffsetsPerTrigger", "300")))
                .writeStream()
                .format("memory")
                .queryName("events")
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", checkpoint.toString())
                .start();
        query.awaitTermination();

        assertEquals(range(0, 1_000), numbers());
        assertTrue(query.recentProgress().length >= 4, "batches: " + query.recentProgress().length);
    }

    /// An event each minute of an hour in one topic, each ten seconds in the other one, below one watermark.
    @Test
    void aTopicThatIsTooFarAheadWaitsForTheOther() throws Exception {
        Topic sparse = Topic.create(broker, "aTopicThatIsAhead", 2);
        sparse.send(eachSeconds(60));
        topic.send(eachSeconds(10));
        session.conf().set("headrace.watermark.maxDrift", "5 minutes");
        List<Long> ahead = new ArrayList<>();
        AtomicLong sparseEnd = new AtomicLong();
        AtomicLong denseEnd = new AtomicLong();
        AtomicLong rows = new AtomicLong();
        DataFrame both = stream(Map.of("maxOffsetsPerTrigger", "6"))
                .union(stream(Map.of("maxOffsetsPerTrigger", "6", "subscribe", sparse.name())));
        StreamingQuery query = both.select(
                        col("topic"),
                        from_json(col("value").cast("string"), EVENT).as("event"))
                .selectExpr("topic", "event.n AS n", "timestamp_seconds(event.n) AS ts")
                .withWatermark("ts", "0 seconds")
                .writeStream()
                .foreachBatch((batch, id) -> {
                    for (Row row : batch.collectAsList()) {
                        (row.getString(0).equals(sparse.name()) ? sparseEnd : denseEnd)
                                .accumulateAndGet(row.getLong(1), Math::max);
                        rows.incrementAndGet();
                    }
                    if (denseEnd.get() < 3_000) {
                        ahead.add(sparseEnd.get() - denseEnd.get());
                    }
                })
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", checkpoint.toString())
                .start();
        query.awaitTermination();

        assertEquals(60 + 360, rows.get());
        long most = ahead.stream().mapToLong(Long::longValue).max().orElseThrow();
        // A batch of the sparse topic is six minutes long, or a little longer where its partitions differ.
        assertTrue(most <= 300 + 8 * 60, "ahead by " + most + " s");
    }

    private static List<String> eachSeconds(int step) {
        return IntStream.iterate(step, second -> second <= 3_600, second -> second + step)
                .mapToObj(n -> "{\"n\":" + n + ",\"name\":\"name\"}")
                .toList();
    }

    /// Some of the records lie fetched while the query waits for more.
    @Test
    void waitsForRecordsUntilThereAreEnough() throws Exception {
        topic.send(json(0, 300));
        StreamingQuery query = start(events(stream(Map.of("minOffsetsPerTrigger", "100"))));
        query.processAllAvailable();
        topic.send(json(300, 330));
        query.awaitTermination(500);
        assertEquals(range(0, 300), numbers());
        topic.send(json(330, 430));
        query.processAllAvailable();
        query.stop();

        assertEquals(range(0, 430), numbers());
    }

    @Test
    void beginsWithWhatComesAfterItsStart() throws Exception {
        topic.send(json(0, 30));
        StreamingQuery query = start(events(stream(Map.of("startingOffsets", "latest"))));
        query.processAllAvailable();
        topic.send(json(30, 60));
        query.processAllAvailable();
        query.stop();

        assertEquals(range(30, 60), numbers());
    }

    @Test
    void readsABatchBetweenOffsets() {
        topic.send(json(0, 90));
        DataFrame batch = session.read()
                .format("kafka")
                .option("kafka.bootstrap.servers", broker.bootstrapServers())
                .option("subscribe", topic.name())
                .option("endingOffsets", "{\"" + topic.name() + "\":{\"0\":10,\"1\":-1,\"2\":0}}")
                .load();

        assertEquals(40, batch.count());
        assertEquals(
                new TreeSet<>(List.of(0, 1)),
                new TreeSet<>(batch.select("partition").distinct().collectAsList().stream()
                        .map(row -> row.getInt(0))
                        .toList()));
    }

    @Test
    void endsWithAnErrorWhenOffsetsHaveAgedOut() throws Exception {
        topic.send(json(0, 300));
        StreamingQuery query = start(events(stream(Map.of("maxOffsetsPerTrigger", "30"))));
        query.processAllAvailable();
        query.stop();
        topic.send(json(300, 600));
        topic.deleteBefore(1, 150);

        StreamingQuery again = start(events(stream(Map.of())));
        StreamingQueryException error =
                assertThrows(StreamingQueryException.class, () -> again.awaitTermination(60_000));
        assertEquals("KAFKA_DATA_LOSS", error.code().orElse(error.getMessage()));
        assertTrue(error.getMessage().contains("100 to 149"), error.getMessage());
        assertTrue(error.getMessage().contains("failOnDataLoss"), error.getMessage());
    }

    @Test
    void goesOnAndCountsTheLossWhenThatIsDeclared() throws Exception {
        topic.send(json(0, 300));
        StreamingQuery query = start(events(stream(Map.of())));
        query.processAllAvailable();
        query.stop();
        topic.send(json(300, 600));
        topic.deleteBefore(1, 150);

        Map<String, String> goingOn = Map.of("failOnDataLoss", "false");
        session.conf().set("headrace.stream.maxLostRows", "49");
        StreamingQuery refused = start(events(stream(goingOn)));
        StreamingQueryException ended = assertThrows(StreamingQueryException.class, refused::processAllAvailable);
        assertTrue(
                ended.getMessage().contains("TOO_MANY_LOST_ROWS")
                        && ended.getMessage()
                                .contains("The first that are gone: " + topic.name() + "-1: offsets 100 to 149."),
                ended.getMessage());
        session.conf().set("headrace.stream.maxLostRows", "50");
        StreamingQuery again = start(events(stream(goingOn)));
        again.processAllAvailable();
        topic.send(json(600, 700));
        again.processAllAvailable();
        again.stop();
        assertEquals(
                "[[1,GONE_AT_SOURCE," + topic.name() + "-1: offsets 100 to 149,50]]",
                session.read()
                        .format("losses")
                        .load(checkpoint.toString())
                        .select("batch_id", "reason", "detail", "lost_rows")
                        .collectAsList()
                        .toString());

        assertEquals(350, numbers().size());
        assertEquals("50", again.recentProgress()[0].sources()[0].metrics().get("lostOffsets"));
    }

    @Test
    void endsWithAnErrorWhenTheTopicWasRecreated() throws Exception {
        topic.send(json(0, 300));
        StreamingQuery query = start(events(stream(Map.of())));
        query.processAllAvailable();
        query.stop();
        topic.delete();
        recreate();
        topic.send(json(0, 900));

        StreamingQuery again = start(events(stream(Map.of())));
        StreamingQueryException error =
                assertThrows(StreamingQueryException.class, () -> again.awaitTermination(60_000));
        assertEquals("KAFKA_TOPIC_RECREATED", error.code().orElse(error.getMessage()));
    }

    @Test
    void aPlannedBatchIsNotReadFromATopicThatWasRecreated() throws Exception {
        topic.send(json(0, 300));
        runAndForgetTheCommit();
        topic.delete();
        recreate();
        topic.send(json(0, 900));

        StreamingQuery again = start(events(stream(Map.of())));
        StreamingQueryException error =
                assertThrows(StreamingQueryException.class, () -> again.awaitTermination(60_000));
        assertEquals("KAFKA_TOPIC_RECREATED", error.code().orElse(error.getMessage()));
        assertEquals(List.of(), numbers());
    }

    @Test
    void whereLossIsAcceptedAPlannedBatchOfARecreatedTopicIsLostAndTheTopicIsReadFromItsBeginning() throws Exception {
        topic.send(json(0, 300));
        runAndForgetTheCommit();
        topic.delete();
        recreate();
        topic.send(json(1000, 1030));

        StreamingQuery again = start(events(stream(Map.of("failOnDataLoss", "false"))));
        again.processAllAvailable();
        again.stop();
        assertEquals(range(1000, 1030), numbers());
        assertEquals(
                List.of(
                        "[0," + topic.name() + "-0: offsets 0 to 99,100]",
                        "[0," + topic.name() + "-1: offsets 0 to 99,100]",
                        "[0," + topic.name() + "-2: offsets 0 to 99,100]",
                        "[1," + topic.name() + "-0: offsets 100 to 100,1]",
                        "[1," + topic.name() + "-1: offsets 100 to 100,1]",
                        "[1," + topic.name() + "-2: offsets 100 to 100,1]"),
                losses());
    }

    @Test
    void whereLossIsAcceptedARecreatedTopicThatIsLongerIsReadFromItsBeginning() throws Exception {
        topic.send(json(0, 300));
        StreamingQuery query = start(events(stream(Map.of())));
        query.processAllAvailable();
        query.stop();
        topic.delete();
        recreate();
        topic.send(json(1000, 1900));

        StreamingQuery again = start(events(stream(Map.of("failOnDataLoss", "false"))));
        again.processAllAvailable();
        again.stop();
        StreamingQuery later = start(events(stream(Map.of())));
        topic.send(json(1900, 2000));
        later.processAllAvailable();
        later.stop();
        assertEquals(range(1900, 2000), numbers());
        assertEquals(3, losses().size());
        assertEquals(
                900,
                Stream.of(again.recentProgress())
                        .mapToLong(StreamingQueryProgress::numInputRows)
                        .sum());
    }

    @Test
    void aTopicOfAPatternThatIsDeletedIsALoss() throws Exception {
        Topic other = Topic.create(broker, topic.name() + "-other", 1);
        Map<String, String> pattern = Map.of("subscribePattern", topic.name() + ".*");
        topic.send(json(0, 300));
        other.send(json(300, 310));
        StreamingQuery query = start(events(matching(pattern)));
        query.processAllAvailable();
        query.stop();
        other.delete();
        topic.send(json(310, 340));

        StreamingQuery again = start(events(matching(pattern)));
        StreamingQueryException error =
                assertThrows(StreamingQueryException.class, () -> again.awaitTermination(60_000));
        assertEquals("KAFKA_DATA_LOSS", error.code().orElse(error.getMessage()));
        assertTrue(error.getMessage().contains("The offsets from 10 of " + other.name() + "-0"), error.getMessage());

        Map<String, String> goingOn = new HashMap<>(pattern);
        goingOn.put("failOnDataLoss", "false");
        StreamingQuery accepting = start(events(matching(goingOn)));
        accepting.processAllAvailable();
        accepting.stop();
        assertEquals(range(310, 340), numbers());
        assertEquals(List.of("[1," + other.name() + "-0: offsets 10 to 10,1]"), losses());
    }

    private DataFrame matching(Map<String, String> options) {
        return session.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", broker.bootstrapServers())
                .option("startingOffsets", "earliest")
                .options(options)
                .load();
    }

    /// As if the process had ended before the first batch was committed.
    private void runAndForgetTheCommit() throws Exception {
        StreamingQuery query = start(events(stream(Map.of())));
        query.processAllAvailable();
        query.stop();
        Files.delete(checkpoint.resolve("commits/0"));
    }

    private List<String> losses() {
        return session
                .read()
                .format("losses")
                .load(checkpoint.toString())
                .select("batch_id", "detail", "lost_rows")
                .collectAsList()
                .stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    /// A topic's name is free again some time after its deletion.
    private void recreate() {
        long deadline = System.nanoTime() + Duration.ofSeconds(300).toNanos();
        while (true) {
            try {
                topic.create();
                return;
            } catch (IllegalStateException stillThere) {
                if (System.nanoTime() > deadline) {
                    throw stillThere;
                }
            }
        }
    }

    @Test
    void refusesATopicThatDoesNotExist() {
        DataFrame missing = stream(Map.of("subscribe", topic.name().substring(1)));
        HeadraceException error = assertThrows(HeadraceException.class, () -> start(missing));
        assertEquals("UNKNOWN_TOPIC", error.code());
        assertTrue(error.getMessage().contains("Did you mean '" + topic.name() + "'"), error.getMessage());
    }

    @Test
    void saysThatTheBrokerCannotBeReached() {
        DataFrame unreachable =
                stream(Map.of("kafka.bootstrap.servers", "127.0.0.1:1", "kafkaConsumer.pollTimeoutMs", "1000"));
        HeadraceException error = assertThrows(HeadraceException.class, () -> start(unreachable));
        assertEquals("KAFKA_UNAVAILABLE", error.code());
        assertTrue(error.getMessage().contains("127.0.0.1:1"), error.getMessage());
    }

    @Test
    void refusesUnknownOptionsAndFixedSettings() {
        HeadraceException misspelt =
                assertThrows(HeadraceException.class, () -> stream(Map.of("startingOffset", "earliest")));
        assertEquals("UNKNOWN_OPTION", misspelt.code());
        assertTrue(misspelt.getMessage().contains("Did you mean 'startingOffsets'"), misspelt.getMessage());
        HeadraceException fixed = assertThrows(HeadraceException.class, () -> stream(Map.of("kafka.group.id", "g")));
        assertEquals("INVALID_OPTION", fixed.code());
    }
}
