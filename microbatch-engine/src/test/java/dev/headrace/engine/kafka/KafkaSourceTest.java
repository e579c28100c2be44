package dev.headrace.engine.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.ReadLimit;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.SessionSettings;
import dev.headrace.errors.HeadraceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a source asks brokers that answer as the test says.
class KafkaSourceTest {
    private static final Uuid ID = new Uuid(1, 2);

    @TempDir
    Path checkpoint;

    private final KafkaOptions options = KafkaOptions.forStream(new ConnectorOptions(
            "kafka",
            Map.of("kafka.bootstrap.servers", "localhost:9092", "subscribe", "clicks"),
            Optional.empty(),
            List.of(),
            List.of(),
            new SessionSettings(ZoneOffset.UTC, 1)));
    private final MockConsumer<ByteBuffer, ByteBuffer> brokers = new MockConsumer<>("none");

    /// Makes the topic have partitions with so many records each.
    private void topicHas(long... records) {
        Node node = new Node(0, "localhost", 9092);
        Node[] nodes = {node};
        brokers.updatePartitions(
                "clicks",
                IntStream.range(0, records.length)
                        .mapToObj(partition -> new PartitionInfo("clicks", partition, node, nodes, nodes))
                        .toList());
        Map<TopicPartition, Long> ends = IntStream.range(0, records.length)
                .boxed()
                .collect(Collectors.toMap(partition -> new TopicPartition("clicks", partition), i -> records[i]));
        brokers.updateBeginningOffsets(ends.keySet().stream().collect(Collectors.toMap(key -> key, _ -> 0L)));
        brokers.updateEndOffsets(ends);
    }

    /// @param answers what the brokers say about the topic, one after the other, the last one again and again
    @SafeVarargs
    private KafkaSource source(KafkaFuture<TopicDescription>... answers) {
        return new KafkaSource(
                options,
                ScanRequest.all(options.schema()),
                new KafkaTopics(options, brokers),
                new TopicIds(options, checkpoint, () -> new ScriptedAdmin(Arrays.asList(answers))));
    }

    private static KafkaFuture<TopicDescription> described() {
        return KafkaFuture.completedFuture(new TopicDescription("clicks", false, List.of(), Set.of(), ID));
    }

    private static KafkaFuture<TopicDescription> timedOut() {
        KafkaFutureImpl<TopicDescription> failed = new KafkaFutureImpl<>();
        failed.completeExceptionally(new TimeoutException("the broker is slow"));
        return failed;
    }

    private static String code(KafkaSource source, String start, ReadLimit limit, long nowMillis) {
        return assertThrows(HeadraceException.class, () -> source.latestOffset(start, limit, nowMillis))
                .code();
    }

    static List<ReadLimit> limits() {
        return List.of(new ReadLimit.Configured(), new ReadLimit.Everything());
    }

    /// A batch that is tried again has the time of the first try.
    @ParameterizedTest
    @MethodSource("limits")
    void topicThatWasCreatedAgainIsNoticedThoughLooksAtItFailBefore(ReadLimit limit) throws IOException {
        Files.writeString(checkpoint.resolve("topics"), "{\"clicks\":\"" + new Uuid(3, 4) + "\"}");
        topicHas(900);
        try (KafkaSource source = source(timedOut(), timedOut(), described())) {
            String start = "{\"clicks\":{\"0\":300}}";
            assertEquals("KAFKA_UNAVAILABLE", code(source, start, limit, 1_000_000));
            assertEquals("KAFKA_UNAVAILABLE", code(source, start, limit, 1_000_000));
            assertEquals("KAFKA_TOPIC_RECREATED", code(source, start, limit, 1_000_000));
        }
    }

    @Test
    void clockThatIsSetBackKeepsNoPartitionFromBeingSeen() {
        topicHas(7);
        try (KafkaSource source = source(described())) {
            ReadLimit all = new ReadLimit.Configured();
            String start = source.initialOffset();
            assertEquals("{\"clicks\":{\"0\":7}}", source.latestOffset(start, all, 1_000_000));
            topicHas(7, 5);
            assertEquals("{\"clicks\":{\"0\":7}}", source.latestOffset(start, all, 1_004_999));
            assertEquals("{\"clicks\":{\"0\":7,\"1\":5}}", source.latestOffset(start, all, 999_999));
        }
    }

    /// An admin client that is asked about the topic only.
    private static final class ScriptedAdmin extends ForwardingAdmin {
        private final List<KafkaFuture<TopicDescription>> answers;
        private int asked;

        ScriptedAdmin(List<KafkaFuture<TopicDescription>> answers) {
            super(Map.of("bootstrap.servers", "localhost:9092"));
            this.answers = answers;
        }

        @Override
        public DescribeTopicsResult describeTopics(TopicCollection topics, DescribeTopicsOptions described) {
            KafkaFuture<TopicDescription> answer = answers.get(Math.min(asked++, answers.size() - 1));
            return new DescribeTopicsResult(null, Map.of("clicks", answer)) {};
        }
    }
}
