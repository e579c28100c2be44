package dev.headrace.engine.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.SessionSettings;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ConsumerPoolTest {
    private static final TopicPartition PARTITION = new TopicPartition("clicks", 0);

    private final KafkaOptions options = KafkaOptions.forStream(new ConnectorOptions(
            "kafka",
            Map.of("kafka.bootstrap.servers", "localhost:9092", "subscribe", "clicks"),
            Optional.empty(),
            List.of(),
            List.of(),
            new SessionSettings(ZoneOffset.UTC, 1)));

    /// The brokers are asked then, and the query says what is gone, or goes on without it.
    @Test
    void ofAPartitionThatHasLostItsNextRecordsNothingLiesFetched() {
        try (ConsumerPool pool = new ConsumerPool(options)) {
            MockConsumer<ByteBuffer, ByteBuffer> consumer = new MockConsumer<>("none");
            pool.giveBack(PARTITION, new PartitionConsumer(options, PARTITION, 7, consumer));
            consumer.setPollException(new OffsetOutOfRangeException(Map.of(PARTITION, 7L)));
            assertEquals(OptionalLong.empty(), pool.endOfFetched(PARTITION, 7));
        }
    }
}
