package dev.headrace.engine.kafka;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headrace.errors.CheckpointException;
import dev.headrace.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Remembers which topics a query has read, by the ids that brokers give them: a topic that was deleted and created
/// again has another id, and its offsets mean other records.
///
/// The ids lie in the file `topics` of the source's checkpoint directory, as JSON from topic to id.
final class TopicIds implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaOptions options;
    private final Path checkpoint;
    private final Path file;
    private final Map<String, String> known;
    private final Supplier<Admin> connection;
    private @Nullable Admin admin;

    TopicIds(KafkaOptions options, Path checkpoint) {
        this(options, checkpoint, () -> Admin.create(adminSettings(options)));
    }

    /// @param connection is made when the brokers are first asked, and closed with this
    TopicIds(KafkaOptions options, Path checkpoint, Supplier<Admin> connection) {
        this.options = options;
        this.checkpoint = checkpoint;
        this.file = checkpoint.resolve("topics");
        this.known = new TreeMap<>(read());
        this.connection = connection;
    }

    private static Map<String, Object> adminSettings(KafkaOptions options) {
        Map<String, Object> settings = new TreeMap<>(options.client());
        settings.keySet().retainAll(AdminClientConfig.configNames());
        return settings;
    }

    private Map<String, String> read() {
        try {
            if (!Files.exists(file)) {
                return Map.of();
            }
            @SuppressWarnings("unchecked")
            Map<String, String> ids = JSON.readValue(file.toFile(), Map.class);
            return ids;
        } catch (IOException damaged) {
            throw new CheckpointException(
                    "SOURCE_FILE_DAMAGED",
                    file + " can't be read: " + damaged.getMessage() + " Delete it if the topics are still the same.",
                    damaged);
        }
    }

    /// Looks which topics are not those that were read so far. They are told again until [#accept].
    ///
    /// @throws dev.headrace.errors.DataException `KAFKA_TOPIC_RECREATED` if there are some, unless data loss is
    ///     accepted
    Set<String> recreated(Collection<TopicPartition> partitions) {
        Set<String> names = new TreeSet<>();
        partitions.forEach(partition -> names.add(partition.topic()));
        Set<String> recreated = new TreeSet<>();
        boolean more = false;
        for (Map.Entry<String, String> topic : describe(names).entrySet()) {
            String before = known.putIfAbsent(topic.getKey(), topic.getValue());
            more |= before == null;
            if (before != null && !before.equals(topic.getValue())) {
                if (options.failOnDataLoss()) {
                    throw DataLoss.recreated(options, topic.getKey());
                }
                recreated.add(topic.getKey());
            }
        }
        if (more) {
            write();
        }
        return recreated;
    }

    /// Says that the query reads topics from their beginnings that have been created again.
    void accept(Set<String> recreated) {
        known.putAll(describe(recreated));
        write();
    }

    private Map<String, String> describe(Set<String> names) {
        Map<String, String> ids = new TreeMap<>();
        for (Map.Entry<String, TopicDescription> topic : topics(names).entrySet()) {
            ids.put(topic.getKey(), topic.getValue().topicId().toString());
        }
        return ids;
    }

    private Map<String, TopicDescription> topics(Set<String> names) {
        return KafkaTopics.call(options, "describing topics", () -> {
            try {
                if (admin == null) {
                    admin = connection.get();
                }
                return admin.describeTopics(names).allTopicNames().get();
            } catch (ExecutionException failed) {
                throw failed.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(failed.getCause());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new org.apache.kafka.common.errors.InterruptException(interrupted);
            }
        });
    }

    private void write() {
        try {
            DurableFiles.createDirectories(checkpoint);
            DurableFiles.write(file, JSON.writeValueAsString(known));
        } catch (IOException e) {
            throw new CheckpointException(
                    "SOURCE_FILE_NOT_WRITTEN", file + " can't be written: " + e.getMessage() + ".", e);
        }
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
