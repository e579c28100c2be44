package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.demo.LedgerEntry.ClickSent;
import dev.headrace.demo.LedgerEntry.OrderChangeSent;
import dev.headrace.errors.DataException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopGeneratorIT {
    private static final Traffic TRAFFIC = Traffic.ofRate(5_000);

    @TempDir
    Path directory;

    @Test
    void theLedgerNamesEveryEventAtItsPlaceAlsoWhenTheBrokerIsKilledMeanwhile() {
        try (KafkaBroker broker = KafkaBroker.start()) {
            ShopGenerator.createTopics(broker);
            Path file = directory.resolve("ledger");
            try (ShopGenerator generator = ShopGenerator.start(broker.bootstrapServers(), TRAFFIC, file)) {
                awaitClicks(generator, 5_000);
                broker.kill();
                broker.restart();
                awaitClicks(generator, generator.clicks() + 5_000);
                generator.finish();
            }
            compare(Ledger.open(file), broker.bootstrapServers());
        }
    }

    @Test
    void aGeneratorThatIsClosedInTheMiddleLeavesNoUsableLedger() {
        try (KafkaBroker broker = KafkaBroker.start()) {
            ShopGenerator.createTopics(broker);
            Path file = directory.resolve("ledger");
            try (ShopGenerator generator = ShopGenerator.start(broker.bootstrapServers(), TRAFFIC, file)) {
                awaitClicks(generator, 100);
            }
            assertThrows(DataException.class, () -> Ledger.open(file));
        }
    }

    private static void awaitClicks(ShopGenerator generator, long clicks) {
        while (generator.clicks() < clicks) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void compare(Ledger ledger, String bootstrapServers) {
        Map<List<Object>, String> topics = readTopics(bootstrapServers);
        OrderBook orders = new OrderBook(TRAFFIC);
        Map<Long, OrderChange> changes = new HashMap<>();
        Stream.generate(orders::next).limit(ledger.orderChanges()).forEach(change -> changes.put(change.lsn(), change));
        ledger.forEach(entry -> {
            switch (entry) {
                case ClickSent click ->
                    assertEquals(
                            Click.of(TRAFFIC, click.clickId()).json(),
                            topics.remove(List.of(ShopGenerator.CLICKS, click.partition(), click.offset())));
                case OrderChangeSent change ->
                    assertEquals(
                            changes.get(change.lsn()).json(),
                            topics.remove(List.of(ShopGenerator.ORDERS, change.partition(), change.offset())));
            }
        });
        assertTrue(topics.isEmpty(), () -> "not in the ledger: " + topics);
    }

    /// All values by topic, partition and offset, without tombstones.
    private static Map<List<Object>, String> readTopics(String bootstrapServers) {
        Map<List<Object>, String> values = new HashMap<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = Stream.of(ShopGenerator.CLICKS, ShopGenerator.ORDERS)
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    if (record.value() != null) {
                        values.put(List.of(record.topic(), record.partition(), record.offset()), record.value());
                    }
                }
            }
        }
        return values;
    }
}
