package dev.headrace.engine.kafka;

import dev.headrace.connector.HeldBatches;
import dev.headrace.connector.SinkId;
import dev.headrace.errors.UnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Which batch of a query Kafka holds last: the largest offset that a consumer group of the query's name has, less one.
/// A batch commits it in the transaction of its rows. No consumer ever uses the group.
final class KafkaMarker implements AutoCloseable {
    private static final long SECONDS = 30;

    private final SinkId id;
    private final KafkaSinkOptions options;
    private @Nullable HeldBatches held;
    private @Nullable Admin admin;

    KafkaMarker(SinkId id, KafkaSinkOptions options) {
        this.id = id;
        this.options = options;
    }

    String group() {
        return group(id.value());
    }

    private static String group(String id) {
        return "headrace-" + id;
    }

    /// Asked for the first time when the sink is opened.
    ///
    /// @throws UnavailableException `KAFKA_UNAVAILABLE`
    OptionalLong read() {
        HeldBatches known = held;
        if (known == null) {
            known = id.held(this::read);
            held = known;
        }
        return known.last();
    }

    private OptionalLong read(String id) {
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin().listConsumerGroupOffsets(
                            group(id), new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata()
                    .get(SECONDS, TimeUnit.SECONDS);
            OptionalLong next = OptionalLong.empty();
            for (OffsetAndMetadata offset : offsets.values()) {
                if (offset != null && offset.offset() - 1 > next.orElse(-1)) {
                    next = OptionalLong.of(offset.offset() - 1);
                }
            }
            return next;
        } catch (ExecutionException | TimeoutException failed) {
            throw unavailable(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw unavailable(interrupted);
        }
    }

    private UnavailableException unavailable(Exception failed) {
        return new UnavailableException(
                "KAFKA_UNAVAILABLE",
                "Kafka at " + options.servers() + ": reading which batch it holds of the query " + id + " failed: "
                        + failed.getMessage(),
                failed);
    }

    private Admin admin() {
        Admin open = admin;
        if (open == null) {
            Map<String, Object> settings = new HashMap<>(options.client());
            settings.keySet()
                    .removeIf(key -> ProducerConfig.configNames().contains(key)
                            && !org.apache.kafka.clients.admin.AdminClientConfig.configNames()
                                    .contains(key));
            open = Admin.create(settings);
            admin = open;
        }
        return open;
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close(Duration.ofSeconds(1));
            admin = null;
        }
    }
}
