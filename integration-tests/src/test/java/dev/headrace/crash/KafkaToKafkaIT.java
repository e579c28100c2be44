package dev.headrace.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.crash.HoldingProxy.Kind;
import dev.headrace.crash.HoldingProxy.Place;
import dev.headrace.demo.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/// From Kafka to Kafka, killed at each step: who reads what is committed sees each row once and each window once.
class KafkaToKafkaIT {
    private static final int PARTITIONS = 2;
    private static final int WINDOW = 10;
    private static final int WATERMARK_DELAY = 20;
    private static final int ROWS_PER_BATCH = 20;

    private static KafkaBroker broker;
    private static ClassCache classes;

    @TempDir
    Path directory;

    private String input;
    private String rows;
    private String windows;
    private long sent;

    @BeforeAll
    static void startTheBroker() throws Exception {
        classes = ClassCache.shared();
        broker = KafkaBroker.start();
    }

    @AfterAll
    static void stopTheBroker() {
        broker.close();
    }

    @BeforeEach
    void createTheTopics(TestInfo test) {
        String name = test.getTestMethod().orElseThrow().getName();
        input = name + "-in";
        rows = name + "-rows";
        windows = name + "-windows";
        broker.createTopics(Map.of(input, PARTITIONS, rows, PARTITIONS, windows, PARTITIONS));
    }

    /// Each run goes on from what the one before has left, and is killed two batches later.
    @Test
    void eachRowIsThereOnceWhicheverStepOfTheLogTheProcessIsKilledAt() throws Exception {
        try (Sending _ = new Sending()) {
            for (String place : List.of("after:plan", "after:state_commit", "after:sink_commit", "after:commit")) {
                Path paused = directory.resolve(place.replace(':', '-'));
                try (QueryProcess query = start(
                        broker.bootstrapServers(),
                        checkpoint(),
                        ROWS_PER_BATCH,
                        place + ":" + (lastPlanned() + 2),
                        paused)) {
                    query.awaitFile(paused);
                }
            }
        }
        runToTheEnd(checkpoint());
        assertEachRowOnce();
    }

    /// In its third transaction the process has not heard that its rows are there, or the batch's number; its commit
    /// has not come to the broker, or it has and the process does not know.
    @Test
    void eachRowIsThereOnceWhicheverMessageToTheBrokerTheProcessIsKilledAt() throws Exception {
        try (Sending _ = new Sending()) {
            for (Place place : List.of(
                    new Place(Kind.PRODUCE, true, 2),
                    new Place(Kind.TXN_OFFSET_COMMIT, true, 2),
                    new Place(Kind.END_TXN, false, 2),
                    new Place(Kind.END_TXN, true, 2))) {
                try (HoldingProxy proxy = new HoldingProxy(broker.bootstrapServers(), place);
                        QueryProcess query = start(
                                proxy.bootstrapServers(),
                                checkpoint(),
                                ROWS_PER_BATCH,
                                "never",
                                directory.resolve("unused"))) {
                    query.await(proxy.held());
                }
            }
        }
        runToTheEnd(checkpoint());
        assertEachRowOnce();
    }

    /// It is thought dead, and goes on while another run has taken its place: what it has written so far is never seen,
    /// and it can't commit.
    @Test
    void aProcessThatWasFrozenInItsCommitIsFencedWhenItGoesOn() throws Exception {
        try (KafkaProducer<String, String> producer = producer()) {
            send(producer, 10 * ROWS_PER_BATCH);
        }
        Path copy = directory.resolve("copy");
        try (HoldingProxy proxy = new HoldingProxy(broker.bootstrapServers(), new Place(Kind.END_TXN, false, 2));
                QueryProcess zombie = start(
                        proxy.bootstrapServers(), checkpoint(), ROWS_PER_BATCH, "never", directory.resolve("unused"))) {
            zombie.await(proxy.held());
            zombie.freeze();

            // On the same machine the second one is refused: the first one is alive.
            QueryProcess second =
                    start(broker.bootstrapServers(), checkpoint(), "all", "never", directory.resolve("unused"));
            assertNotEquals(0, second.awaitEnd());
            assertTrue(second.text().contains("CHECKPOINT_IN_USE"), second::text);

            // Another machine can't see that.
            copyCheckpoint(copy);
            runToTheEnd(copy);
            assertEachRowOnce();

            zombie.thaw();
            proxy.release();
            assertNotEquals(0, zombie.awaitEnd());
            assertTrue(zombie.text().contains("[FENCED]"), zombie::text);
        }
        assertEachRowOnce();
    }

    private Path checkpoint() {
        return directory.resolve("checkpoint");
    }

    /// @return the newest batch in the log; -1 if there is none
    private long lastPlanned() throws IOException {
        Path offsets = checkpoint().resolve("offsets");
        if (!Files.exists(offsets)) {
            return -1;
        }
        try (Stream<Path> entries = Files.list(offsets)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("\\d+"))
                    .mapToLong(Long::parseLong)
                    .max()
                    .orElse(-1);
        }
    }

    /// All files but the lock, as a disk would be given to another machine.
    private void copyCheckpoint(Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(checkpoint())) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(checkpoint().relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (!file.endsWith("driver.lock")) {
                    Files.copy(file, target);
                }
            }
        }
    }

    private QueryProcess start(String brokers, Path checkpoint, Object rowsPerBatch, String place, Path paused)
            throws IOException {
        return classes.start(
                KafkaToKafka.class,
                directory.resolve("output.txt"),
                brokers,
                input,
                rows,
                windows,
                checkpoint,
                rowsPerBatch,
                place,
                paused);
    }

    private void runToTheEnd(Path checkpoint) throws Exception {
        start(broker.bootstrapServers(), checkpoint, "all", "never", directory.resolve("unused"))
                .awaitSuccess();
    }

    private void assertEachRowOnce() {
        List<Long> ids = read(rows).stream()
                .map(record -> Long.valueOf(record.value()))
                .sorted()
                .toList();
        assertEquals(LongStream.range(0, sent).boxed().toList(), ids);

        Map<String, String> found = new TreeMap<>();
        for (ConsumerRecord<String, String> record : read(windows)) {
            assertNull(found.put(record.key(), record.value()), () -> "twice: " + record);
        }
        Map<String, String> expected = new TreeMap<>();
        for (long from = 0; from + WINDOW <= sent - 1 - WATERMARK_DELAY; from += WINDOW) {
            long total = LongStream.range(from, from + WINDOW).sum();
            expected.put(Long.toString(from), WINDOW + " " + total);
        }
        assertEquals(expected, found);
    }

    /// The committed records of a topic.
    private static List<ConsumerRecord<String, String>> read(String topic) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                StringDeserializer.class);
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings)) {
            List<TopicPartition> partitions = Stream.iterate(0, partition -> partition + 1)
                    .limit(PARTITIONS)
                    .map(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    private static KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                // What sets the pace of who waits for answers.
                "linger.ms",
                20,
                "key.serializer",
                StringSerializer.class,
                "value.serializer",
                StringSerializer.class));
    }

    /// Sends the next rows, and waits until the broker has them.
    private void send(KafkaProducer<String, String> producer, int count) {
        List<Future<RecordMetadata>> records = new ArrayList<>();
        for (long id = sent; id < sent + count; id++) {
            String json = "{\"id\":" + id + ",\"ts\":\"" + Instant.ofEpochSecond(id) + "\"}";
            records.add(producer.send(new ProducerRecord<>(input, (int) (id % PARTITIONS), null, json)));
        }
        for (Future<RecordMetadata> record : records) {
            try {
                record.get();
            } catch (InterruptedException | ExecutionException failed) {
                throw new IllegalStateException(failed);
            }
        }
        sent += count;
    }

    /// Sends a few rows after the other, until it is closed.
    private final class Sending implements AutoCloseable {
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final CompletableFuture<Void> running = CompletableFuture.runAsync(
                this::send, task -> Thread.ofPlatform().name("sending").start(task));

        private void send() {
            try (KafkaProducer<String, String> producer = producer()) {
                while (!stopped.get()) {
                    KafkaToKafkaIT.this.send(producer, 10);
                }
            }
        }

        @Override
        public void close() {
            stopped.set(true);
            running.join();
        }
    }
}
