package dev.headrace.engine.kafka;

import dev.headrace.connector.ConnectorOptions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The options of `writeStream().format("kafka")`.
///
/// @param topic where all rows go; else each row names its topic
/// @param exactlyOnce whether a batch is a transaction
/// @param client the settings of the Kafka client
record KafkaSinkOptions(Optional<String> topic, boolean exactlyOnce, Map<String, Object> client) {
    private static final String DELIVERY = "delivery";
    static final List<String> KNOWN = List.of("topic", DELIVERY);

    /// As long as brokers allow unless told otherwise: a transaction that takes longer is given up by the broker.
    private static final int TRANSACTION_MILLIS = 900_000;

    /// A batch's transaction may come so soon that the brokers are still ending the one before, and say so: the client
    /// asks again after this time, which grows while there is no other answer. Kafka's own 100 ms are several batches.
    private static final int FIRST_RETRY_MILLIS = 5;

    private static final List<String> OWN_SETTINGS = List.of(
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG);

    static KafkaSinkOptions of(ConnectorOptions options) {
        options.checkKnown(KNOWN, ClientSettings.PREFIX);
        boolean exactlyOnce = switch (options.get(DELIVERY, "exactly-once").toLowerCase(Locale.ROOT)) {
            case "exactly-once" -> true;
            case "at-least-once" -> false;
            default -> throw options.invalid(DELIVERY, "exactly-once or at-least-once");
        };
        return new KafkaSinkOptions(options.get("topic"), exactlyOnce, client(options));
    }

    private static Map<String, Object> client(ConnectorOptions options) {
        Map<String, Object> settings = ClientSettings.of(
                options,
                OWN_SETTINGS,
                "Headrace writes keys and values as bytes, and names the transactions after the query. Use the option '"
                        + DELIVERY + "' to say how often a row may come.");
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.putIfAbsent(ProducerConfig.ACKS_CONFIG, "all");
        settings.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
        settings.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 30_000);
        settings.putIfAbsent(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, FIRST_RETRY_MILLIS);
        return settings;
    }

    String servers() {
        return String.valueOf(client.get(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG));
    }
}
