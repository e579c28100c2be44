package dev.headrace.benchmarks;

import static dev.headrace.functions.col;
import static dev.headrace.functions.from_json;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.demo.KafkaBroker;
import dev.headrace.types.StructType;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A real broker with topics of JSON events of about 130 bytes.
public record Events(KafkaBroker broker, int partitions) implements AutoCloseable {
    static final StructType SCHEMA =
            StructType.fromDDL("id bigint, kind string, user string, price double, sent bigint, ts timestamp");

    public static Events start(int partitions) {
        return new Events(KafkaBroker.start(KafkaBroker.Size.SERVER, Map.of()), partitions);
    }

    public void create(String topic) {
        broker.createTopics(Map.of(topic, partitions));
    }

    /// Creates a topic and fills it.
    void send(String topic, int count, long sent) {
        create(topic);
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, i % partitions, null, json(i, sent)));
            }
        }
    }

    public KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "key.serializer",
                ByteArraySerializer.class,
                "value.serializer",
                ByteArraySerializer.class,
                "linger.ms",
                "1",
                "batch.size",
                "65536"));
    }

    public static byte[] json(int id, long sent) {
        return ("{\"id\":" + id + ",\"kind\":\"k" + id % 20 + "\",\"user\":\"user-" + id % 5_000 + "\",\"price\":"
                        + id % 997
                        + ".25,\"sent\":" + sent + ",\"ts\":\"2026-01-01T00:" + two(id / 60_000 % 60) + ":"
                        + two(id / 1_000 % 60) + "Z\",\"note\":\"not read\"}")
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    /// The events of a topic as a stream.
    ///
    /// @param maxRows per batch; 0 for no limit
    DataFrame read(Session session, String topic, int maxRows) {
        return session.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", broker.bootstrapServers())
                .option("subscribe", topic)
                .option("startingOffsets", "earliest")
                .options(maxRows == 0 ? Map.of() : Map.of("maxOffsetsPerTrigger", Integer.toString(maxRows)))
                .load()
                .select(from_json(col("value").cast("string"), SCHEMA).as("event"))
                .select("event.*");
    }

    @Override
    public void close() {
        broker.close();
    }
}
