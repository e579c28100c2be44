package dev.headrace.benchmarks;

import static dev.headrace.functions.col;

import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.streaming.StreamingQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// From the moment an event is handed to the producer until its batch, with all its durable writes up to the sink,
/// reaches the program: Kafka in, memory out, at 20,000 events per second.
final class KafkaLatency {
    private static final int RATE = 20_000;
    private static final int SECONDS = 20;
    private static final int WARM_UP_SECONDS = 8;

    private KafkaLatency() {}

    static void run() throws Exception {
        try (Events events = Events.start(2)) {
            events.create("live");
            Session session = Session.builder().appName("latency").getOrCreate();
            List<Long> latencies = new ArrayList<>();
            long warmUntil = System.nanoTime() + WARM_UP_SECONDS * 1_000_000_000L;
            StreamingQuery query = events.read(session, "live", 0)
                    .filter(col("price").gt(100.0))
                    .select("sent")
                    .writeStream()
                    .foreachBatch((batch, id) -> {
                        List<Row> rows = batch.collectAsList();
                        long now = System.nanoTime();
                        if (now > warmUntil) {
                            rows.forEach(row -> latencies.add(now - row.getLong(0)));
                        }
                    })
                    .option("checkpointLocation", WorkDirectory.create().toString())
                    .start();
            produce(events);
            query.processAllAvailable();
            query.stop();
            session.stop();
            System.out.println("latency: Kafka in, memory out, at 20,000 events/s: "
                    + new Figures(latencies.stream().mapToLong(Long::longValue).toArray()));
        }
    }

    private static void produce(Events events) {
        try (KafkaProducer<byte[], byte[]> producer = events.producer()) {
            long start = System.nanoTime();
            for (int i = 0; i < RATE * SECONDS; i++) {
                long due = start + i * (1_000_000_000L / RATE);
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(200_000);
                }
                producer.send(
                        new ProducerRecord<>("live", i % events.partitions(), null, Events.json(i, System.nanoTime())));
            }
        }
    }
}
