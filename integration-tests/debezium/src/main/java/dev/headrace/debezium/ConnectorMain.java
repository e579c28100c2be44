package dev.headrace.debezium;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.format.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Runs one of Debezium's connectors in this process, and sends what it tells to Kafka, as Kafka Connect does.
///
/// A batch counts as processed when the broker has all of its messages, so they come at least once, wherever this
/// process is killed.
public final class ConnectorMain {
    private ConnectorMain() {}

    /// @param args the file with the connector's properties, `bootstrap.servers` for the topics among them; with
    ///     `attached` behind it, the process ends with its standard input
    public static void main(String[] args) throws Exception {
        if (args.length > 1 && args[1].equals("attached")) {
            Thread.ofPlatform().daemon().name("parent").start(ConnectorMain::endWithInput);
        }
        Properties settings = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of(args[0]))) {
            settings.load(file);
        }
        Map<String, Object> producerSettings = Map.of(
                "bootstrap.servers",
                settings.getProperty("bootstrap.servers"),
                "acks",
                "all",
                "linger.ms",
                "2",
                "key.serializer",
                ByteArraySerializer.class,
                "value.serializer",
                ByteArraySerializer.class);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(producerSettings);
                DebeziumEngine<ChangeEvent<String, String>> engine = DebeziumEngine.create(Json.class)
                        .using(settings)
                        .notifying((records, committer) -> {
                            send(producer, records);
                            for (ChangeEvent<String, String> record : records) {
                                committer.markProcessed(record);
                            }
                            committer.markBatchFinished();
                        })
                        .using((success, message, error) -> {
                            System.err.println("the connector ended: " + message);
                            Runtime.getRuntime().halt(success ? 0 : 1);
                        })
                        .build()) {
            engine.run();
        }
    }

    private static void endWithInput() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException gone) {
            System.err.println("standard input failed, ending as if the parent were gone: " + gone);
        }
        Runtime.getRuntime().halt(1);
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, List<ChangeEvent<String, String>> records)
            throws InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (ChangeEvent<String, String> record : records) {
            sent.add(producer.send(
                    new ProducerRecord<>(record.destination(), bytes(record.key()), bytes(record.value()))));
        }
        for (Future<RecordMetadata> each : sent) {
            try {
                each.get();
            } catch (ExecutionException failed) {
                throw new IllegalStateException("the broker did not take a message", failed);
            }
        }
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
