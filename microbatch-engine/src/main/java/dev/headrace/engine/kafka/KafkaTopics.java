package dev.headrace.engine.kafka;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.errors.UnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;

/// Asks the brokers which partitions there are and how far they reach. Used by one thread.
final class KafkaTopics implements AutoCloseable {
    private final KafkaOptions options;
    private final Consumer<?, ?> consumer;

    KafkaTopics(KafkaOptions options) {
        this(options, call(options, "connecting", () -> new KafkaConsumer<>(options.client())));
    }

    /// @param consumer is closed with this
    KafkaTopics(KafkaOptions options, Consumer<?, ?> consumer) {
        this.options = options;
        this.consumer = consumer;
    }

    /// The partitions that the options name.
    ///
    /// @throws QueryException `UNKNOWN_TOPIC` if a topic, or a partition of `assign`, doesn't exist
    List<TopicPartition> partitions() {
        Map<String, List<PartitionInfo>> topics =
                call("listing topics", () -> consumer.listTopics(options.unavailableAfter()));
        List<TopicPartition> partitions = new ArrayList<>();
        topics.entrySet().stream()
                .filter(options.topics()::includes)
                .flatMap(topic -> topic.getValue().stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .forEach(partitions::add);
        checkAllThere(topics, partitions);
        if (options.topics() instanceof Topics.Assigned(var assigned)) {
            partitions.retainAll(assigned);
        }
        partitions.sort(KafkaOffsets.ORDER);
        return partitions;
    }

    private void checkAllThere(Map<String, List<PartitionInfo>> topics, List<TopicPartition> found) {
        switch (options.topics()) {
            case Topics.Named(var names) -> {
                for (String name : names) {
                    if (!topics.containsKey(name)) {
                        throw unknown("The topic '" + name + "'", Suggestion.didYouMean(name, topics.keySet()));
                    }
                }
            }
            case Topics.Assigned(var partitions) -> {
                for (TopicPartition partition : partitions) {
                    if (!found.contains(partition)) {
                        throw unknown("The partition " + partition, "");
                    }
                }
            }
            case Topics.Matching _ -> {}
        }
    }

    private QueryException unknown(String what, String suggestion) {
        return new QueryException(
                "UNKNOWN_TOPIC",
                what + " does not exist on " + options.servers() + ". " + suggestion
                        + (suggestion.isEmpty() ? "" : " ")
                        + "Create it first, or correct the option.");
    }

    SortedMap<TopicPartition, Long> earliest(List<TopicPartition> partitions) {
        return sorted(call("asking for the earliest offsets", () -> {
            assign(partitions);
            return consumer.beginningOffsets(partitions, options.unavailableAfter());
        }));
    }

    SortedMap<TopicPartition, Long> latest(List<TopicPartition> partitions) {
        return sorted(call("asking for the latest offsets", () -> {
            assign(partitions);
            return consumer.endOffsets(partitions, options.unavailableAfter());
        }));
    }

    /// The client warns of answers about partitions that it is not assigned.
    private void assign(List<TopicPartition> partitions) {
        if (!consumer.assignment().equals(Set.copyOf(partitions))) {
            consumer.assign(partitions);
        }
    }

    /// The offsets of a starting or ending point.
    SortedMap<TopicPartition, Long> resolve(StartingPoint point, List<TopicPartition> partitions) {
        return switch (point) {
            case StartingPoint.Earliest() -> earliest(partitions);
            case StartingPoint.Latest() -> latest(partitions);
            case StartingPoint.Offsets(Map<TopicPartition, Long> offsets) -> resolveOffsets(offsets, partitions);
            case StartingPoint.Timestamp(long millis) -> {
                Map<TopicPartition, Long> times = new HashMap<>();
                partitions.forEach(partition -> times.put(partition, millis));
                yield resolveTimes(times, partitions);
            }
            case StartingPoint.Timestamps(Map<TopicPartition, Long> millis) -> resolveTimes(millis, partitions);
        };
    }

    private SortedMap<TopicPartition, Long> resolveOffsets(
            Map<TopicPartition, Long> offsets, List<TopicPartition> partitions) {
        checkSamePartitions(offsets, partitions);
        SortedMap<TopicPartition, Long> resolved = new TreeMap<>(KafkaOffsets.ORDER);
        SortedMap<TopicPartition, Long> earliest = earliest(partitions);
        SortedMap<TopicPartition, Long> latest = latest(partitions);
        offsets.forEach((partition, offset) -> resolved.put(
                partition, offset == -2 ? earliest.get(partition) : offset == -1 ? latest.get(partition) : offset));
        return resolved;
    }

    private static void checkSamePartitions(Map<TopicPartition, Long> given, List<TopicPartition> partitions) {
        if (!given.keySet().equals(Set.copyOf(partitions))) {
            throw new QueryException(
                    "INVALID_OPTION",
                    "format(\"kafka\"): the offsets given are those of " + given.keySet() + ", but the topics have the "
                            + "partitions " + partitions + ". Name each partition once: -2 means earliest, -1 latest.");
        }
    }

    private SortedMap<TopicPartition, Long> resolveTimes(
            Map<TopicPartition, Long> times, List<TopicPartition> partitions) {
        checkSamePartitions(times, partitions);
        SortedMap<TopicPartition, Long> resolved = latest(partitions);
        Map<TopicPartition, OffsetAndTimestamp> found =
                call("looking up timestamps", () -> consumer.offsetsForTimes(times, options.unavailableAfter()));
        found.forEach((partition, at) -> {
            if (at != null) {
                resolved.put(partition, at.offset());
            }
        });
        return resolved;
    }

    private static SortedMap<TopicPartition, Long> sorted(Map<TopicPartition, Long> offsets) {
        SortedMap<TopicPartition, Long> sorted = new TreeMap<>(KafkaOffsets.ORDER);
        sorted.putAll(offsets);
        return sorted;
    }

    private <T> T call(String doing, Request<T> request) {
        return call(options, doing, request);
    }

    /// Something that is asked of the brokers.
    interface Request<T> {
        T send();
    }

    /// Turns the client's exceptions into ours.
    static <T> T call(KafkaOptions options, String doing, Request<T> request) {
        try {
            return request.send();
        } catch (AuthenticationException | AuthorizationException refused) {
            throw new QueryException(
                    "KAFKA_ACCESS_DENIED",
                    options.servers() + " refused access while " + doing + ": " + refused.getMessage()
                            + " Check the kafka.security.* and kafka.sasl.* options and the user's rights.",
                    refused);
        } catch (RetriableException unreachable) {
            throw unavailable(options, doing, unreachable);
        } catch (KafkaException failed) {
            throw new QueryException(
                    "KAFKA_CLIENT_ERROR",
                    "The Kafka client failed while " + doing + " (" + options.servers() + "): " + reason(failed)
                            + ". Check the kafka.* options.",
                    failed);
        }
    }

    private static String reason(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return thrown.getMessage() + (cause == null ? "" : ": " + cause.getMessage());
    }

    static UnavailableException unavailable(KafkaOptions options, String doing, Throwable cause) {
        return new UnavailableException(
                "KAFKA_UNAVAILABLE",
                "No answer from the Kafka brokers " + options.servers() + " within "
                        + options.unavailableAfter().toMillis() + " ms while " + doing + ": " + cause.getMessage()
                        + " Is the broker running, and the option 'kafka.bootstrap.servers' right?",
                cause);
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(java.time.Duration.ZERO));
    }
}
