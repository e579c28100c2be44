package dev.headrace.benchmarks;

import static dev.headrace.functions.col;

import dev.headrace.Session;
import dev.headrace.demo.KafkaBroker;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.Debezium;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryProgress;
import dev.headrace.streaming.Trigger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Change events per second from Kafka into a Delta table that grows: Debezium's messages as JSON, six of ten insert a
/// row, the others update one of the last 200,000, a twentieth delete one of them. Batches of 250,000 with triggers a
/// second apart; the time that batches take counts, not the time between them.
final class ChangeLanding {
    private static final int EVENTS = 6_000_000;
    private static final int BATCH = 250_000;
    private static final int RECENT = 200_000;
    private static final int PARTS = 4;

    private ChangeLanding() {}

    static void run() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(KafkaBroker.Size.SERVER, Map.of())) {
            broker.createTopics(Map.of("orders", 2));
            send(new Events(broker, 2));
            Path directory = WorkDirectory.create();
            Session session = Session.builder().appName("landing").getOrCreate();
            StreamingQuery query = Debezium.json(
                            session.readStream()
                                    .format("kafka")
                                    .option("kafka.bootstrap.servers", broker.bootstrapServers())
                                    .option("subscribe", "orders")
                                    .option("startingOffsets", "earliest")
                                    .option("maxOffsetsPerTrigger", BATCH)
                                    .load(),
                            col("value"),
                            "id bigint, customer string, amount double, status string")
                    .writeStream()
                    .format("delta")
                    .applyChanges(Changes.debezium("id"))
                    .option(
                            "checkpointLocation",
                            directory.resolve("checkpoint").toString())
                    .trigger(Trigger.ProcessingTime("1 second"))
                    .start(directory.resolve("table").toString());
            query.processAllAvailable();
            List<StreamingQueryProgress> batches = new ArrayList<>();
            for (StreamingQueryProgress batch : query.recentProgress()) {
                if (batch.numInputRows() > 0) {
                    batches.add(batch);
                }
            }
            query.stop();
            long rows = session.read()
                    .format("delta")
                    .load(directory.resolve("table").toString())
                    .count();
            session.stop();
            for (int part = 0; part < PARTS; part++) {
                int from = part * batches.size() / PARTS;
                int to = (part + 1) * batches.size() / PARTS;
                long events = 0;
                long millis = 0;
                for (StreamingQueryProgress batch : batches.subList(from, to)) {
                    events += batch.numInputRows();
                    millis += batch.batchDuration();
                }
                System.out.printf(
                        Locale.ROOT,
                        "landing: batches %d to %d of %d: %,.0f events/s%n",
                        from,
                        to - 1,
                        batches.size(),
                        events * 1e3 / millis);
            }
            List<Double> rates = batches.stream()
                    .map(batch -> batch.numInputRows() * 1e3 / Math.max(1, batch.batchDuration()))
                    .sorted()
                    .toList();
            System.out.printf(
                    Locale.ROOT,
                    "landing: median of the batches %,.0f events/s; %,d rows in the end%n",
                    rates.get(rates.size() / 2),
                    rows);
        }
    }

    private static void send(Events events) {
        Random random = new Random(1);
        long keys = 0;
        try (KafkaProducer<byte[], byte[]> producer = events.producer()) {
            for (int i = 0; i < EVENTS; i++) {
                int kind = random.nextInt(20);
                boolean insert = kind < 12 || keys == 0;
                long id = insert ? keys++ : Math.max(0, keys - 1 - random.nextInt(RECENT));
                String op = insert ? "c" : kind == 19 ? "d" : "u";
                producer.send(new ProducerRecord<>("orders", (int) (id % 2), null, message(op, id, i)));
            }
        }
    }

    private static byte[] message(String op, long id, int lsn) {
        String row = "{\"id\":" + id + ",\"customer\":\"customer-" + id % 10_007 + "\",\"amount\":" + lsn % 997
                + ".25,\"status\":\"status-" + lsn % 7 + "\"}";
        String key = "{\"id\":" + id + ",\"customer\":null,\"amount\":null,\"status\":null}";
        String text = "{\"before\":" + (op.equals("d") ? key : null) + ",\"after\":" + (op.equals("d") ? null : row)
                + ",\"source\":{\"version\":\"3.6.1.Final\",\"connector\":\"postgresql\",\"name\":\"shop\","
                + "\"ts_ms\":1700000000000,\"snapshot\":\"false\",\"db\":\"shop\",\"schema\":\"public\","
                + "\"table\":\"orders\",\"txId\":7,\"lsn\":" + (1_000_000 + lsn) + ",\"xmin\":null},"
                + "\"transaction\":null,\"op\":\"" + op + "\",\"ts_ms\":1700000000001}";
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
