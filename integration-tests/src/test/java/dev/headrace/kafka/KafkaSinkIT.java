package dev.headrace.kafka;

import static dev.headrace.functions.col;
import static dev.headrace.functions.concat;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.crash.HoldingProxy;
import dev.headrace.crash.HoldingProxy.Kind;
import dev.headrace.crash.HoldingProxy.Place;
import dev.headrace.demo.KafkaBroker;
import dev.headrace.errors.FencedException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// From a topic to a topic with a real broker: who reads what is committed sees each row once.
class KafkaSinkIT {
    /// So that each one has topics of its own.
    private static final AtomicInteger TESTS = new AtomicInteger();

    private static KafkaBroker broker;

    @TempDir
    Path directory;

    private Session session;
    private Topic in;
    private Topic out;

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
        String name = test.getTestMethod().orElseThrow().getName() + "-" + TESTS.incrementAndGet();
        in = Topic.create(broker, name + "-in", 2);
        out = Topic.create(broker, name + "-out", 2);
    }

    @AfterEach
    void close() {
        session.stop();
    }

    private DataFrame rows() {
        return session.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", broker.bootstrapServers())
                .option("subscribe", in.name())
                .option("startingOffsets", "earliest")
                .load()
                .select(
                        col("key"),
                        concat(lit("seen "), col("value").cast("string")).as("value"));
    }

    private DataStreamWriter writer(DataFrame rows, Path checkpoint) {
        return rows.writeStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", broker.bootstrapServers())
                .option("topic", out.name())
                .option("checkpointLocation", checkpoint.toString());
    }

    /// What a reader of committed records sees, in order of the values.
    private List<String> committed() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                StringDeserializer.class);
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings)) {
            List<TopicPartition> partitions =
                    List.of(new TopicPartition(out.name(), 0), new TopicPartition(out.name(), 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.key() + "=" + record.value());
                }
            }
        }
        values.sort(null);
        return values;
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "n" + i).toList();
    }

    private static List<String> expected(int batches) {
        return IntStream.range(0, batches * 10)
                .mapToObj(i -> "k" + i % 10 + "=seen n" + i)
                .sorted()
                .toList();
    }

    @Test
    void twoOutputsOfAQueryMayGoToOneCluster() throws Exception {
        in.send(numbers(0, 10));
        for (int run = 0; run < 2; run++) {
            DataFrame rows = rows();
            StreamingQuery query = writer(rows.where("value < 'seen n5'"), directory.resolve("c"))
                    .alsoTo(rows.where("value >= 'seen n5'")
                            .writeStream()
                            .format("kafka")
                            .option("kafka.bootstrap.servers", broker.bootstrapServers())
                            .option("topic", out.name()))
                    .start();
            query.processAllAvailable();
            query.stop();
            assertEquals(expected(1), committed());
            Files.delete(last(directory.resolve("c/commits")));
        }
    }

    @Test
    void eachRowIsThereOnceAlsoWhenABatchRunsAgain() throws Exception {
        for (int round = 0; round < 3; round++) {
            in.send(numbers(10 * round, 10 * round + 10));
            StreamingQuery query = writer(rows(), directory.resolve("c")).start();
            query.processAllAvailable();
            query.stop();
            // As if the process had ended after the sink's commit: the batch is planned, and its rows are in the topic.
            Files.delete(last(directory.resolve("c/commits")));
        }
        StreamingQuery query = writer(rows(), directory.resolve("c")).start();
        query.processAllAvailable();
        query.stop();
        assertEquals(expected(3), committed());
    }

    private static Path last(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("\\d+"))
                    .max((a, b) -> Long.compare(
                            Long.parseLong(a.getFileName().toString()),
                            Long.parseLong(b.getFileName().toString())))
                    .orElseThrow();
        }
    }

    @Test
    void aBatchThatFailsLeavesNothingToSee() throws Exception {
        in.send(numbers(0, 10));
        DataFrame failing = rows().select(
                        col("key"), col("value"), col("key").cast("string").as("topic"));
        StreamingQuery query = failing.withColumn(
                        "topic", dev.headrace.functions.when(col("topic").notEqual(lit("k7")), lit(out.name())))
                .writeStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", broker.bootstrapServers())
                .option("checkpointLocation", directory.resolve("c").toString())
                .start();
        StreamingQueryException failure = assertThrows(StreamingQueryException.class, query::processAllAvailable);
        assertEquals(
                "[KAFKA_TOPIC_IS_NULL] A row for format(\"kafka\") has a null in the column 'topic', which says where it"
                        + " goes. Filter such rows out, or give the option 'topic'.",
                failure.getCause().getMessage());
        assertEquals(List.of(), committed());
        StreamingQuery repaired = writer(rows(), directory.resolve("c")).start();
        repaired.processAllAvailable();
        repaired.stop();
        assertEquals(expected(1), committed());
    }

    @Test
    void aRunThatHasBeenReplacedCantWriteAnyMore() throws Exception {
        in.send(numbers(0, 10));
        StreamingQuery zombie = writer(rows(), directory.resolve("c")).start();
        zombie.processAllAvailable();
        copy(directory.resolve("c"), directory.resolve("other"));
        StreamingQuery successor = writer(rows(), directory.resolve("other")).start();
        assertEquals(zombie.id(), successor.id());
        successor.processAllAvailable();
        in.send(numbers(10, 20));
        successor.processAllAvailable();
        StreamingQueryException fenced = assertThrows(StreamingQueryException.class, () -> {
            zombie.processAllAvailable();
        });
        assertTrue(fenced.getCause() instanceof FencedException, String.valueOf(fenced.getCause()));
        successor.stop();
        assertEquals(expected(2), committed());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (!file.endsWith("driver.lock")) {
                    Files.copy(file, target);
                }
            }
        }
    }

    @Test
    void atLeastOnceWritesWithoutTransactions() throws Exception {
        in.send(numbers(0, 10));
        StreamingQuery query = writer(rows(), directory.resolve("c"))
                .option("delivery", "at-least-once")
                .start();
        query.processAllAvailable();
        query.stop();
        assertEquals(expected(1), committed());
    }

    static Stream<Place> waits() {
        return Stream.of(
                new Place(Kind.PRODUCE, false, 0),
                new Place(Kind.TXN_OFFSET_COMMIT, true, 0),
                new Place(Kind.END_TXN, false, 0),
                new Place(Kind.END_TXN, true, 0));
    }

    @ParameterizedTest
    @MethodSource("waits")
    void aQueryThatIsToStopDoesNotWaitForABrokerThatIsAway(Place place) throws Exception {
        in.send(numbers(0, 10));
        try (HoldingProxy proxy = new HoldingProxy(broker.bootstrapServers(), place)) {
            StreamingQuery query = writer(rows(), directory.resolve("c"))
                    .option("kafka.bootstrap.servers", proxy.bootstrapServers())
                    .option("kafka.request.timeout.ms", 200_000)
                    .option("kafka.delivery.timeout.ms", 300_000)
                    .option("kafka.max.block.ms", 300_000)
                    .start();
            proxy.held().get(1, TimeUnit.MINUTES);
            assertTimeout(Duration.ofSeconds(30), query::stop);
            assertFalse(query.isActive());
            assertTrue(query.exception().isEmpty(), query.exception().toString());
        }
        StreamingQuery again = writer(rows(), directory.resolve("c")).start();
        again.processAllAvailable();
        again.stop();
        assertEquals(expected(1), committed());
    }

    @Test
    void rowsThatAreNoRecordsAreRefused() {
        HeadraceException refused = assertThrows(
                HeadraceException.class,
                () -> writer(rows().withColumn("name", lit(1)), directory.resolve("c"))
                        .start());
        assertEquals(
                "[INVALID_KAFKA_ROWS] format(\"kafka\") can't write these rows: the column 'name' has no meaning for a"
                        + " record. Select the columns 'value' and, if wanted, 'key' (each string or binary), 'topic'"
                        + " (string), 'partition' (int) and 'headers' (array<struct<key:string,value:binary>>), as in"
                        + " select(to_json(struct(col(\"*\"))).as(\"value\")).",
                refused.getMessage());
    }
}
