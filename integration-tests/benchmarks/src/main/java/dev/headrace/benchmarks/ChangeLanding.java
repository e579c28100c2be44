package dev.headrace.benchmarks;

import static dev.headrace.functions.col;
import static dev.headrace.functions.concat;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.pmod;

import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.delta.DeltaTable;
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

/// Change events from Kafka into a Delta table: Debezium's messages as JSON, six of ten insert a row, the others update
/// one of the last 200,000, a twentieth delete one of them. The time that batches take counts, not the time between
/// them.
///
/// First in batches of 250,000 with triggers a second apart, into a table that is empty, and into the same one when it
/// has grown to 10 and to 50 million rows. Then in a thousand small batches: how long each hundred of them takes, how
/// many files the table has, and how much is written.
final class ChangeLanding {
    private static final int BATCH = 250_000;
    private static final int BATCHES = 12;
    private static final long[] SIZES = {0, 10_000_000, 50_000_000};
    private static final int SMALL_BATCH = 2_000;
    private static final int SMALL_BATCHES = 1_000;
    private static final int HUNDRED = 100;
    private static final int RECENT = 200_000;
    private static final double MILLION = 1e6;

    private final Session session;
    private final Events events;
    private final Path directory;

    private ChangeLanding(Session session, Events events, Path directory) {
        this.session = session;
        this.events = events;
        this.directory = directory;
    }

    static void run() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(KafkaBroker.Size.SERVER, Map.of())) {
            broker.createTopics(Map.of("grown", 2, "small", 2));
            Session session = Session.builder()
                    .appName("landing")
                    .config("spark.sql.streaming.numRecentProgressUpdates", 2 * SMALL_BATCHES)
                    .getOrCreate();
            ChangeLanding landing = new ChangeLanding(session, new Events(broker, 2), WorkDirectory.create());
            landing.growing();
            landing.inSmallBatches();
            session.stop();
        }
    }

    private String table(String topic) {
        return directory.resolve(topic).toString();
    }

    private void growing() throws Exception {
        Feed feed = new Feed("grown");
        for (long size : SIZES) {
            fill(size, feed);
            feed.send(BATCH * BATCHES);
            List<StreamingQueryProgress> batches = land("grown", BATCH, Trigger.ProcessingTime("1 second"));
            // The first ones compile.
            List<Double> rates = batches.stream()
                    .skip(size == 0 ? BATCHES / 3 : 1)
                    .map(batch -> batch.numInputRows() * 1e3 / Math.max(1, batch.batchDuration()))
                    .sorted()
                    .toList();
            System.out.printf(
                    Locale.ROOT,
                    "landing: table of %,.1f million rows: median of %d batches %,.0f events/s (%,.0f to %,.0f)%n",
                    session.read().format("delta").load(table("grown")).count() / MILLION,
                    rates.size(),
                    rates.get(rates.size() / 2),
                    rates.getFirst(),
                    rates.getLast());
        }
    }

    /// Rows that another writer has put there.
    private void fill(long size, Feed feed) {
        if (size <= feed.keys) {
            return;
        }
        session.range(feed.keys, size)
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
                .save(table("grown"));
        feed.keys = size;
    }

    private void inSmallBatches() throws Exception {
        Feed feed = new Feed("small");
        feed.send(SMALL_BATCH * SMALL_BATCHES);
        List<StreamingQueryProgress> batches = land("small", SMALL_BATCH, Trigger.ProcessingTime(0));
        List<Row> commits = DeltaTable.forPath(session, table("small"))
                .history()
                .orderBy("version")
                .selectExpr(
                        "CAST(operationMetrics['numTargetFilesAdded'] AS BIGINT)",
                        "CAST(operationMetrics['numTargetFilesRemoved'] AS BIGINT)",
                        "CAST(operationMetrics['numTargetBytesAdded'] AS BIGINT)")
                .collectAsList();
        long files = 0;
        long bytes = 0;
        for (int from = 0; from + HUNDRED <= Math.min(batches.size(), commits.size()); from += HUNDRED) {
            List<Long> times = batches.subList(from, from + HUNDRED).stream()
                    .map(StreamingQueryProgress::batchDuration)
                    .sorted()
                    .toList();
            long most = 0;
            for (Row commit : commits.subList(from, from + HUNDRED)) {
                files += commit.getLong(0) - commit.getLong(1);
                most = Math.max(most, files);
                bytes += commit.getLong(2);
            }
            System.out.printf(
                    Locale.ROOT,
                    "landing: batches %d to %d of %,d changes: median %d ms, slowest %d ms; at most %d files%n",
                    from,
                    from + HUNDRED - 1,
                    SMALL_BATCH,
                    times.get(HUNDRED / 2),
                    times.getLast(),
                    most);
        }
        System.out.printf(
                Locale.ROOT,
                "landing: %,d files and %,.1f million rows in the end; written %,.1f MB, %.2f times the %,.1f MB of the"
                        + " messages, %,.0f bytes for a change%n",
                files,
                session.read().format("delta").load(table("small")).count() / MILLION,
                bytes / MILLION,
                (double) bytes / feed.bytes,
                feed.bytes / MILLION,
                (double) bytes / (SMALL_BATCH * SMALL_BATCHES));
    }

    /// Applies what there is in a topic.
    private List<StreamingQueryProgress> land(String topic, int batch, Trigger trigger) throws Exception {
        StreamingQuery query = Debezium.json(
                        session.readStream()
                                .format("kafka")
                                .option(
                                        "kafka.bootstrap.servers",
                                        events.broker().bootstrapServers())
                                .option("subscribe", topic)
                                .option("startingOffsets", "earliest")
                                .option("maxOffsetsPerTrigger", batch)
                                .load(),
                        col("value"),
                        "id bigint, customer string, amount double, status string")
                .writeStream()
                .format("delta")
                .applyChanges(Changes.debezium("id"))
                .option(
                        "checkpointLocation",
                        directory.resolve("checkpoint-" + topic).toString())
                .trigger(trigger)
                .start(table(topic));
        query.processAllAvailable();
        List<StreamingQueryProgress> batches = new ArrayList<>();
        for (StreamingQueryProgress progress : query.recentProgress()) {
            if (progress.numInputRows() > 0) {
                batches.add(progress);
            }
        }
        query.stop();
        return batches;
    }

    /// The messages of a topic, the same in each run.
    private final class Feed {
        private final String topic;
        private final Random random = new Random(1);
        private long keys;
        private long bytes;
        private int lsn = 1_000_000;

        Feed(String topic) {
            this.topic = topic;
        }

        void send(int count) {
            try (KafkaProducer<byte[], byte[]> producer = events.producer()) {
                for (int i = 0; i < count; i++) {
                    int kind = random.nextInt(20);
                    boolean insert = kind < 12 || keys == 0;
                    long id = insert ? keys++ : Math.max(0, keys - 1 - random.nextInt(RECENT));
                    String op = insert ? "c" : kind == 19 ? "d" : "u";
                    byte[] message = message(op, id, lsn++);
                    bytes += message.length;
                    producer.send(new ProducerRecord<>(topic, (int) (id % 2), null, message));
                }
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
                + "\"table\":\"orders\",\"txId\":7,\"lsn\":" + lsn + ",\"xmin\":null},"
                + "\"transaction\":null,\"op\":\"" + op + "\",\"ts_ms\":1700000000001}";
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
