package dev.headrace.benchmarks;

import static dev.headrace.functions.col;

import dev.headrace.Session;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Events per second from Kafka through JSON decoding, a filter and a count by key, beside a bare consumer that reads
/// the same topic and does nothing.
final class KafkaThroughput {
    private static final int EVENTS = 4_000_000;
    private static final int RUNS = 3;

    private KafkaThroughput() {}

    static void run() throws Exception {
        try (Events events = Events.start(2)) {
            events.send("events", EVENTS, 0);
            for (int run = 0; run < RUNS; run++) {
                print("bare consumer", bareConsumer(events));
                print("decode, filter, count by key", query(events));
            }
        }
    }

    private static void print(String what, long nanos) {
        System.out.printf(Locale.ROOT, "throughput: %s: %,.0f events/s%n", what, EVENTS / (nanos / 1e9));
    }

    private static long query(Events events) throws Exception {
        Session session = Session.builder().appName("throughput").getOrCreate();
        long start = System.nanoTime();
        StreamingQuery query = events.read(session, "events", 500_000)
                .filter(col("price").gt(100.0))
                .groupBy(col("kind"))
                .count()
                .writeStream()
                .format("memory")
                .queryName("counts")
                .outputMode("complete")
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", WorkDirectory.create().toString())
                .start();
        query.awaitTermination();
        long nanos = System.nanoTime() - start;
        if (session.table("counts").count() != 20) {
            throw new IllegalStateException("not all kinds were counted");
        }
        session.stop();
        return nanos;
    }

    private static long bareConsumer(Events events) {
        long start = System.nanoTime();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                events.broker().bootstrapServers(),
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class,
                "max.poll.records",
                10_000,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int p = 0; p < events.partitions(); p++) {
                partitions.add(new TopicPartition("events", p));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long read = 0;
            while (read < EVENTS) {
                read += consumer.poll(Duration.ofMillis(100)).count();
            }
        }
        return System.nanoTime() - start;
    }
}
