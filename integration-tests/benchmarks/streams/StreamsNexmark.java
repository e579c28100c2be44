import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.SessionStore;

// Kafka Streams as `HeadraceNexmark` runs Headrace, with the queries that its DSL has words for. Compiled and run by
// Java 17. Arguments: the broker, the number of passes, how many seconds a query may take, a directory, the queries.
//
// Exactly once, a commit per second, two threads. State lies in memory, but for the sessions of q11, which lie in
// RocksDB: the store in memory looks for a session of a key at each time at which any session has ended of late.
// q7 keeps the highest bid of a window. A query has ended when its last operator has seen all of its rows.
public final class StreamsNexmark {
    private static final ObjectReader READER = new ObjectMapper().readerFor(Event.class);
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(4);

    private static LongAdder seen = new LongAdder();

    @JsonIgnoreProperties(ignoreUnknown = true)
    public static final class Event {
        public int event_type;
        public Bid bid;
    }

    public static final class Bid {
        public long auction;
        public long bidder;
        public long price;
        public String channel;
        public String url;
        public String dateTime;
        public String extra;
    }

    public static void main(String[] args) throws Exception {
        Set<String> queries = new LinkedHashSet<>(List.of(args).subList(4, args.length));
        queries.retainAll(List.of("q0", "q1", "q2", "q7", "q11"));
        long limit = Long.parseLong(args[2]);
        long events = events(args[0]);
        for (int pass = 0; pass < Integer.parseInt(args[1]); pass++) {
            for (String query : List.copyOf(queries)) {
                long start = System.nanoTime();
                if (run(args[0], query, pass, args[3], events, limit)) {
                    System.out.println(query + " " + (System.nanoTime() - start) / 1e6);
                } else {
                    queries.remove(query);
                    System.out.println(query + " not finished in " + limit + " s");
                }
            }
        }
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                System.out.println("peak " + line.replaceAll("[^0-9]", ""));
            }
        }
        System.exit(0);
    }

    private static long events(String broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
            Map<TopicPartition, OffsetSpec> latest = Map.of(
                    new TopicPartition("nexmark", 0),
                    OffsetSpec.latest(),
                    new TopicPartition("nexmark", 1),
                    OffsetSpec.latest());
            return admin.listOffsets(latest).all().get().values().stream()
                    .mapToLong(end -> end.offset())
                    .sum();
        }
    }

    /// @return whether it has ended in time
    private static boolean run(String broker, String query, int pass, String directory, long events, long seconds)
            throws Exception {
        seen = new LongAdder();
        StreamsBuilder builder = new StreamsBuilder();
        KStream<byte[], Event> all = builder.stream(
                "nexmark", Consumed.with(Serdes.ByteArray(), json()).withTimestampExtractor(new EventTime()));
        // 46 of 50 events are bids.
        long expected = switch (query) {
            case "q7", "q11" -> events / 50 * 46;
            default -> events;
        };
        query(query, all);
        Properties settings = new Properties();
        settings.put("application.id", "nexmark-" + query + "-" + pass);
        settings.put("bootstrap.servers", broker);
        settings.put("num.stream.threads", "2");
        settings.put("processing.guarantee", "exactly_once_v2");
        settings.put("commit.interval.ms", "1000");
        settings.put("state.dir", directory + "/streams");
        settings.put("auto.offset.reset", "earliest");
        settings.put(
                "dsl.store.suppliers.class",
                "org.apache.kafka.streams.state.BuiltInDslStoreSuppliers$InMemoryDslStoreSuppliers");
        try (KafkaStreams streams = new KafkaStreams(builder.build(), settings)) {
            streams.start();
            long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            while (seen.sum() < expected && System.nanoTime() < limit) {
                Thread.sleep(5);
            }
            boolean ended = seen.sum() >= expected;
            if (!ended) {
                // Closing waits for its threads, which may be at one row for long.
                streams.close(Duration.ofSeconds(10));
            }
            return ended;
        }
    }

    private static void query(String query, KStream<byte[], Event> all) {
        switch (query) {
            case "q0" ->
                all.peek((key, event) -> seen.increment())
                        .filter((key, event) -> event.event_type == 2)
                        .foreach((key, event) -> {});
            case "q1" ->
                all.peek((key, event) -> seen.increment())
                        .filter((key, event) -> event.event_type == 2)
                        .mapValues(event -> event.bid.price * 0.908)
                        .foreach((key, price) -> {});
            case "q2" ->
                all.peek((key, event) -> seen.increment())
                        .filter((key, event) -> event.event_type == 2 && event.bid.auction % 123 == 0)
                        .foreach((key, event) -> {});
            case "q7" ->
                all.filter((key, event) -> event.event_type == 2)
                        .map((key, event) -> org.apache.kafka.streams.KeyValue.pair(0, bytes(event.bid)))
                        .repartition(Repartitioned.with(Serdes.Integer(), Serdes.ByteArray()))
                        .peek((key, bid) -> seen.increment())
                        .groupByKey(Grouped.with(Serdes.Integer(), Serdes.ByteArray()))
                        .windowedBy(TimeWindows.ofSizeAndGrace(WINDOW, GRACE))
                        .aggregate(
                                () -> new byte[8],
                                (key, bid, best) -> price(bid) > price(best) ? bid : best,
                                Materialized.with(Serdes.Integer(), Serdes.ByteArray()))
                        .toStream()
                        .foreach((window, bid) -> {});
            case "q11" ->
                all.filter((key, event) -> event.event_type == 2)
                        .map((key, event) -> org.apache.kafka.streams.KeyValue.pair(event.bid.bidder, new byte[0]))
                        .repartition(Repartitioned.with(Serdes.Long(), Serdes.ByteArray()))
                        .peek((key, bid) -> seen.increment())
                        .groupByKey(Grouped.with(Serdes.Long(), Serdes.ByteArray()))
                        .windowedBy(SessionWindows.ofInactivityGapAndGrace(WINDOW, GRACE))
                        .aggregate(
                                () -> 0L,
                                (key, bid, count) -> count + 1,
                                (key, one, other) -> one + other,
                                Materialized.<Long, Long, SessionStore<Bytes, byte[]>>as(
                                                Materialized.StoreType.ROCKS_DB)
                                        .withKeySerde(Serdes.Long())
                                        .withValueSerde(Serdes.Long()))
                        .toStream()
                        .foreach((window, count) -> {});
            default -> throw new IllegalArgumentException("no query " + query);
        }
    }

    private static long price(byte[] bid) {
        return ByteBuffer.wrap(bid).getLong();
    }

    private static byte[] bytes(Bid bid) {
        byte[] extra = bid.extra.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(32 + extra.length)
                .putLong(bid.price)
                .putLong(bid.auction)
                .putLong(bid.bidder)
                .putLong(Instant.parse(bid.dateTime).toEpochMilli())
                .put(extra)
                .array();
    }

    private static Serde<Event> json() {
        return Serdes.serdeFrom(
                (topic, event) -> {
                    throw new UnsupportedOperationException();
                },
                (topic, bytes) -> {
                    try {
                        return READER.readValue(bytes);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    public static final class EventTime implements TimestampExtractor {
        @Override
        public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
            return record.value() instanceof Event event && event.bid != null
                    ? Instant.parse(event.bid.dateTime).toEpochMilli()
                    : Math.max(0, partitionTime);
        }
    }
}
