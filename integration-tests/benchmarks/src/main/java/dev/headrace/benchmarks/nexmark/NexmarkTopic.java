package dev.headrace.benchmarks.nexmark;

import dev.headrace.demo.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Nexmark's events in a topic, as JSON: `{"event_type":2,"bid":{…}}`, where 0 is a person and 1 an auction. Event
/// times rise within a partition, and the partitions keep pace.
final class NexmarkTopic {
    static final String NAME = "nexmark";
    static final int PARTITIONS = 2;

    private NexmarkTopic() {}

    static void fill(KafkaBroker broker, NexmarkEvents events, int count) {
        broker.createTopics(Map.of(NAME, PARTITIONS));
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int own = partition;
            writers.add(CompletableFuture.runAsync(() -> fill(broker, events, count, own)));
        }
        writers.forEach(CompletableFuture::join);
    }

    private static void fill(KafkaBroker broker, NexmarkEvents events, int count, int partition) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "key.serializer",
                ByteArraySerializer.class,
                "value.serializer",
                ByteArraySerializer.class,
                "linger.ms",
                "5",
                "batch.size",
                "131072");
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings)) {
            for (int number = partition; number < count; number += PARTITIONS) {
                byte[] json = json(events.event(number)).getBytes(StandardCharsets.US_ASCII);
                producer.send(new ProducerRecord<>(NAME, partition, null, json));
            }
        }
    }

    static String json(NexmarkEvents.Event event) {
        return switch (event) {
            case NexmarkEvents.Person p ->
                "{\"event_type\":0,\"person\":{\"id\":" + p.id() + ",\"name\":\"" + p.name() + "\",\"emailAddress\":\""
                        + p.emailAddress() + "\",\"creditCard\":\"" + p.creditCard() + "\",\"city\":\"" + p.city()
                        + "\",\"state\":\"" + p.state() + "\",\"dateTime\":\"" + time(p.dateTime()) + "\",\"extra\":\""
                        + p.extra() + "\"}}";
            case NexmarkEvents.Auction a ->
                "{\"event_type\":1,\"auction\":{\"id\":" + a.id() + ",\"itemName\":\"" + a.itemName()
                        + "\",\"description\":\"" + a.description() + "\",\"initialBid\":" + a.initialBid()
                        + ",\"reserve\":" + a.reserve() + ",\"dateTime\":\"" + time(a.dateTime()) + "\",\"expires\":\""
                        + time(a.expires()) + "\",\"seller\":" + a.seller() + ",\"category\":" + a.category()
                        + ",\"extra\":\"" + a.extra() + "\"}}";
            case NexmarkEvents.Bid b ->
                "{\"event_type\":2,\"bid\":{\"auction\":" + b.auction() + ",\"bidder\":" + b.bidder() + ",\"price\":"
                        + b.price() + ",\"channel\":\"" + b.channel() + "\",\"url\":\"" + b.url() + "\",\"dateTime\":\""
                        + time(b.dateTime()) + "\",\"extra\":\"" + b.extra() + "\"}}";
        };
    }

    private static String time(long micros) {
        return Instant.ofEpochMilli(micros / 1_000).toString();
    }
}
