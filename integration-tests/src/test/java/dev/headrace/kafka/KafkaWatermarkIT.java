package dev.headrace.kafka;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.from_json;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.demo.KafkaBroker;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/// Windows over a topic of a real broker whose partitions are not alike: one falls silent, one has nearly all rows.
class KafkaWatermarkIT {
    private static final StructType EVENT = new StructType().add("second", "bigint");

    private static KafkaBroker broker;

    @TempDir
    Path checkpoint;

    private final StandingClock clock = new StandingClock();
    private final Map<Long, Long> rowsByMinute = new TreeMap<>();
    private Session session;
    private Topic topic;

    @BeforeAll
    static void startBroker() {
        broker = KafkaBroker.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void open(TestInfo test) {
        session = Session.builder().appName("test").clock(clock).create();
        topic = Topic.create(broker, test.getTestMethod().orElseThrow().getName(), 2);
    }

    @AfterEach
    void close() {
        session.close();
    }

    /// A clock that stands until it is moved.
    private static final class StandingClock extends Clock {
        private volatile Instant now = Instant.parse("2026-01-31T10:00:00Z");

        void advance(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private void send(int partition, int... seconds) {
        topic.send(
                partition,
                IntStream.of(seconds)
                        .mapToObj(second -> "{\"second\":" + second + "}")
                        .toList());
    }

    private DataFrame perMinute(Map<String, String> options) {
        return session.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", broker.bootstrapServers())
                .option("subscribe", topic.name())
                .option("startingOffsets", "earliest")
                .options(options)
                .load()
                .select(from_json(col("value").cast("string"), EVENT).as("event"))
                .selectExpr("timestamp_seconds(event.second) AS ts")
                .withWatermark("ts", "0 seconds")
                .groupBy(window(col("ts"), "1 minute"))
                .agg(count(lit(1)).as("n"))
                .selectExpr("unix_seconds(window.start) div 60 AS minute", "n");
    }

    /// Starts the query, lets it take what is there, and ends it.
    private StreamingQuery run(Map<String, String> options) throws Exception {
        StreamingQuery query = perMinute(options)
                .writeStream()
                .foreachBatch((batch, id) -> {
                    for (Row row : batch.collectAsList()) {
                        assertEquals(null, rowsByMinute.put(row.getLong(0), row.getLong(1)));
                    }
                })
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", checkpoint.toString())
                .start();
        query.awaitTermination();
        return query;
    }

    private static long late(StreamingQuery query) {
        return Stream.of(query.recentProgress())
                .flatMap(batch -> batch.stateOperatorList().stream())
                .mapToLong(state -> state.numRowsDroppedByWatermark())
                .sum();
    }

    private static Instant watermark(StreamingQuery query) {
        return query.explainWatermark().watermark().orElseThrow();
    }

    @Test
    void aPartitionThatFallsSilentHoldsWindowsUntilItsTimeout() throws Exception {
        session.conf().set("headrace.watermark.idleTimeout", "1 minute");
        send(0, 10, 70, 130);
        send(1, 15);
        assertEquals(Instant.ofEpochSecond(15), watermark(run(Map.of())));

        clock.advance(Duration.ofSeconds(40));
        send(0, 190);
        StreamingQuery held = run(Map.of());
        assertEquals(Instant.ofEpochSecond(15), watermark(held));
        assertTrue(
                held.explainWatermark().toString().contains(topic.name() + "-1: latest event 1970-01-01T00:00:15Z"),
                held.explainWatermark().toString());
        assertEquals(Map.of(), rowsByMinute);

        // Its time has passed, and no row has to come for that.
        clock.advance(Duration.ofSeconds(20));
        assertEquals(Instant.ofEpochSecond(190), watermark(run(Map.of())));
        assertEquals(Map.of(0L, 2L, 1L, 1L, 2L, 1L), rowsByMinute);

        // It speaks again: what it had kept for itself is late, and the watermark waits for it.
        send(1, 20, 200);
        send(0, 250);
        StreamingQuery back = run(Map.of());
        assertEquals(Instant.ofEpochSecond(200), watermark(back));
        assertEquals(1, late(back));
        send(1, 260);
        assertEquals(Instant.ofEpochSecond(250), watermark(run(Map.of())));
        assertEquals(Map.of(0L, 2L, 1L, 1L, 2L, 1L, 3L, 2L), rowsByMinute);
    }

    /// An hour, of which one partition has a row each second and the other one each minute, in small batches, with a
    /// restart in the middle.
    @Test
    void aPartitionWithNearlyAllRowsMakesNoneOfTheOtherLate() throws Exception {
        send(0, IntStream.range(0, 1_800).toArray());
        send(1, IntStream.range(0, 30).map(minute -> 60 * minute + 30).toArray());
        Map<String, String> small = Map.of("maxOffsetsPerTrigger", "100");
        assertEquals(0, late(run(small)));
        send(0, IntStream.range(1_800, 3_600).toArray());
        send(1, IntStream.range(30, 60).map(minute -> 60 * minute + 30).toArray());
        assertEquals(0, late(run(small)));
        send(0, 3_700);
        send(1, 3_700);
        assertEquals(0, late(run(small)));

        Map<Long, Long> expected = new TreeMap<>();
        for (long minute = 0; minute < 60; minute++) {
            expected.put(minute, 61L);
        }
        assertEquals(expected, rowsByMinute);
    }

    @Test
    void aTopicWithoutRowsGivesNothingAndLosesNothing() throws Exception {
        assertEquals(0, run(Map.of()).recentProgress().length);
        send(0, 10);
        run(Map.of());
        run(Map.of());
        send(0, 60);
        run(Map.of());
        assertEquals(Map.of(0L, 1L), rowsByMinute);
    }
}
