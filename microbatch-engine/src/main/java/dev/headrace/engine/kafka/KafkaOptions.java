package dev.headrace.engine.kafka;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.engine.kafka.StartingPoint.Earliest;
import dev.headrace.engine.kafka.StartingPoint.Latest;
import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

/// The options of `format("kafka")`, with Spark's names.
///
/// @param topics which topics to read
/// @param starting where a new query begins
/// @param ending where a batch query ends
/// @param maxOffsets how many offsets a batch takes at most, if limited
/// @param minOffsets how many new offsets a batch waits for
/// @param maxDelay how long it waits for them at most
/// @param minPartitions into how many splits a batch is cut at least
/// @param failOnDataLoss whether a query ends when offsets are gone, instead of counting them and going on
/// @param includeHeaders whether rows have the column `headers`
/// @param unavailableAfter how long to try to reach the brokers before giving up a try
/// @param client the settings of the Kafka client
/// @param zone the session time zone, for payloads
record KafkaOptions(
        Topics topics,
        StartingPoint starting,
        StartingPoint ending,
        Optional<Long> maxOffsets,
        long minOffsets,
        Duration maxDelay,
        int minPartitions,
        boolean failOnDataLoss,
        boolean includeHeaders,
        Duration unavailableAfter,
        Map<String, Object> client,
        ZoneId zone) {

    static final List<String> KNOWN = List.of(
            "subscribe",
            "subscribePattern",
            "assign",
            "startingOffsets",
            "startingTimestamp",
            "startingOffsetsByTimestamp",
            "endingOffsets",
            "endingTimestamp",
            "endingOffsetsByTimestamp",
            "maxOffsetsPerTrigger",
            "minOffsetsPerTrigger",
            "maxTriggerDelay",
            "minPartitions",
            "failOnDataLoss",
            "includeHeaders",
            "kafkaConsumer.pollTimeoutMs");
    private static final List<String> OWN_SETTINGS = List.of(
            ConsumerConfig.GROUP_ID_CONFIG,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG);

    static KafkaOptions forStream(ConnectorOptions options) {
        return parse(options, new Latest());
    }

    static KafkaOptions forBatch(ConnectorOptions options) {
        return parse(options, new Earliest());
    }

    private static KafkaOptions parse(ConnectorOptions options, StartingPoint defaultStart) {
        options.checkKnown(KNOWN, ClientSettings.PREFIX);
        if (options.schema().isPresent()) {
            throw new QueryException(
                    "SCHEMA_NOT_ALLOWED",
                    "format(\"kafka\") has a fixed schema (key, value, topic, partition, offset, timestamp, timestampType). "
                            + "Leave schema(…) out and decode the value, as in from_json(col(\"value\").cast(\"string\"), …).");
        }
        return new KafkaOptions(
                Topics.of(options),
                StartingPoint.of(options, "starting", defaultStart),
                StartingPoint.of(options, "ending", new Latest()),
                positive(options, "maxOffsetsPerTrigger"),
                positive(options, "minOffsetsPerTrigger").orElse(1L),
                delay(options),
                Math.toIntExact(positive(options, "minPartitions").orElse(1L)),
                options.flag("failOnDataLoss", true),
                options.flag("includeHeaders", false),
                Duration.ofMillis(
                        positive(options, "kafkaConsumer.pollTimeoutMs").orElse(10_000L)),
                client(options),
                options.session().zone());
    }

    private static Optional<Long> positive(ConnectorOptions options, String key) {
        Optional<Long> number = options.number(key);
        if (number.isPresent() && number.get() <= 0) {
            throw options.invalid(key, "a number above 0");
        }
        return number;
    }

    private static Duration delay(ConnectorOptions options) {
        return options.duration("maxTriggerDelay").orElse(Duration.ofMinutes(15));
    }

    private static Map<String, Object> client(ConnectorOptions options) {
        Map<String, Object> settings = ClientSettings.of(
                options,
                OWN_SETTINGS,
                "Headrace keeps the offsets in the query's checkpoint and reads keys and values as bytes. Use startingOffsets to say"
                        + " where to begin.");
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteBufferDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteBufferDeserializer.class);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
        settings.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 * 1024 * 1024);
        settings.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 250);
        settings.putIfAbsent(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        settings.putIfAbsent(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return settings;
    }

    StructType schema() {
        return KafkaRows.schema(includeHeaders);
    }

    /// What plans show: the topics, never the client's settings, which may hold secrets.
    String description() {
        return "kafka " + topics;
    }

    String servers() {
        return String.valueOf(client.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG));
    }
}
