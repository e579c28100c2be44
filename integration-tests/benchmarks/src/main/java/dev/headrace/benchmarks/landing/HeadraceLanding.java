package dev.headrace.benchmarks.landing;

import static dev.headrace.functions.col;
import static dev.headrace.functions.concat;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.pmod;

import dev.headrace.Session;
import dev.headrace.benchmarks.Events;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.Debezium;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryProgress;
import dev.headrace.streaming.Trigger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Headrace in this process, which reads the messages from Kafka.
final class HeadraceLanding implements LandingEngine {
    private final Session session;
    private final Events events;

    HeadraceLanding(Session session, Events events) {
        this.session = session;
        this.events = events;
    }

    @Override
    public String name() {
        return "Headrace";
    }

    @Override
    public int largeBatches() {
        return 12;
    }

    @Override
    public int smallBatches() {
        return LandingBenchmark.SMALL_BATCHES;
    }

    @Override
    public void fill(Path table, long from, long to) {
        session.range(from, to)
                .select(
                        col("id"),
                        concat(lit("customer-"), pmod(col("id"), lit(10_007)).cast("string"))
                                .as("customer"),
                        pmod(col("id"), lit(997)).cast("double").as("amount"),
                        concat(lit("status-"), pmod(col("id"), lit(7)).cast("string"))
                                .as("status"),
                        lit(0L).as("_sequence"))
                .write()
                .format("delta")
                .mode("append")
                .save(table.toString());
    }

    @Override
    public void give(Path table, List<ChangeFeed.Message> messages, int batch) {
        try (KafkaProducer<byte[], byte[]> producer = events.producer()) {
            for (ChangeFeed.Message message : messages) {
                producer.send(new ProducerRecord<>(
                        topic(table),
                        (int) (message.key() % events.partitions()),
                        null,
                        message.json().getBytes(StandardCharsets.US_ASCII)));
            }
        }
    }

    private static String topic(Path table) {
        return table.getFileName().toString();
    }

    @Override
    public List<Long> land(Path table, int batch, Trigger trigger) throws Exception {
        StreamingQuery query = Debezium.json(
                        session.readStream()
                                .format("kafka")
                                .option(
                                        "kafka.bootstrap.servers",
                                        events.broker().bootstrapServers())
                                .option("subscribe", topic(table))
                                .option("startingOffsets", "earliest")
                                .option("maxOffsetsPerTrigger", batch)
                                .load(),
                        col("value"),
                        ChangeFeed.COLUMNS)
                .writeStream()
                .format("delta")
                .applyChanges(Changes.debezium("id"))
                .option("checkpointLocation", table + "-checkpoint")
                .trigger(trigger)
                .start(table.toString());
        query.processAllAvailable();
        List<Long> millis = Stream.of(query.recentProgress())
                .filter(progress -> progress.numInputRows() > 0)
                .map(StreamingQueryProgress::batchDuration)
                .toList();
        query.stop();
        return millis;
    }

    @Override
    public void close() {}
}
