package dev.headrace.crash;

import dev.headrace.demo.KafkaBroker;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/// Loads the classes for a [ClassCache]: runs the programs of these tests over a few rows.
///
/// Arguments: the brokers, which have the topics, and an empty directory.
public final class Training {
    private static final String EVENTS = "events";
    private static final String ROWS = "rows";
    private static final String WINDOWS = "windows";
    private static final int COUNT = 300;

    private Training() {}

    static void createTopics(KafkaBroker broker) {
        broker.createTopics(Map.of(EVENTS, 2, ROWS, 2, WINDOWS, 2));
    }

    public static void main(String[] args) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", args[0]);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int id = 0; id < COUNT; id++) {
                String json = "{\"id\":" + id + ",\"amount\":1,\"ts\":\"" + Instant.ofEpochSecond(id) + "\"}";
                producer.send(new ProducerRecord<>(EVENTS, id % 2, null, json));
            }
        }
        Path directory = Path.of(args[1]);
        CrashingQuery.main(new String[] {
            args[0],
            EVENTS,
            "both",
            directory.resolve("table").toString(),
            directory.resolve("checkpoint").toString(),
            "never",
            "unused",
            "100"
        });
        KafkaToKafka.main(new String[] {
            args[0],
            EVENTS,
            ROWS,
            WINDOWS,
            directory.resolve("checkpoint-kafka").toString(),
            "all",
            "never",
            "unused"
        });
    }
}
