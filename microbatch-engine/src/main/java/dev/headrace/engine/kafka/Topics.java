package dev.headrace.engine.kafka;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.errors.QueryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.TopicPartition;

/// Which topics, or partitions of them, are read.
sealed interface Topics {
    /// All partitions of these topics (`subscribe`).
    record Named(Set<String> names) implements Topics {
        @Override
        public String toString() {
            return String.join(",", names);
        }
    }

    /// All partitions of the topics whose whole name matches (`subscribePattern`).
    record Matching(Pattern pattern) implements Topics {
        @Override
        public String toString() {
            return "/" + pattern + "/";
        }
    }

    /// These partitions only (`assign`).
    record Assigned(Set<TopicPartition> partitions) implements Topics {
        @Override
        public String toString() {
            return partitions.toString();
        }
    }

    static Topics of(ConnectorOptions options) {
        Optional<String> subscribe = options.get("subscribe");
        Optional<String> pattern = options.get("subscribePattern");
        Optional<String> assign = options.get("assign");
        List<String> given = new ArrayList<>();
        subscribe.ifPresent(_ -> given.add("subscribe"));
        pattern.ifPresent(_ -> given.add("subscribePattern"));
        assign.ifPresent(_ -> given.add("assign"));
        if (given.size() != 1) {
            throw new QueryException(
                    "MISSING_OPTION",
                    "format(\"kafka\") needs exactly one of the options subscribe (\"topic1,topic2\"), subscribePattern "
                            + "(\"orders-.*\") and assign ({\"topic\":[0,1]}); found "
                            + (given.isEmpty() ? "none" : String.join(" and ", given)) + ".");
        }
        if (subscribe.isPresent()) {
            return named(options, subscribe.get());
        }
        return pattern.isPresent() ? matching(options, pattern.get()) : assigned(options);
    }

    private static Topics named(ConnectorOptions options, String text) {
        Set<String> names = new TreeSet<>();
        Arrays.stream(text.split(","))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .forEach(names::add);
        if (names.isEmpty()) {
            throw options.invalid("subscribe", "one or more topics, separated by commas");
        }
        return new Named(names);
    }

    private static Topics matching(ConnectorOptions options, String text) {
        try {
            return new Matching(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw options.invalid("subscribePattern", "a regular expression (" + e.getDescription() + ")");
        }
    }

    private static Topics assigned(ConnectorOptions options) {
        Set<TopicPartition> partitions = KafkaOffsets.parsePartitions(options);
        return new Assigned(partitions);
    }

    /// Whether the partition is one of these, if there is such a partition.
    default boolean covers(TopicPartition partition) {
        return this instanceof Assigned(Set<TopicPartition> assigned)
                ? assigned.contains(partition)
                : includes(Map.entry(partition.topic(), partition));
    }

    /// Whether the topic is one of these.
    default boolean includes(Map.Entry<String, ?> topic) {
        return switch (this) {
            case Named(Set<String> names) -> names.contains(topic.getKey());
            case Matching(Pattern pattern) -> pattern.matcher(topic.getKey()).matches();
            case Assigned(Set<TopicPartition> partitions) ->
                partitions.stream().anyMatch(partition -> partition.topic().equals(topic.getKey()));
        };
    }
}
