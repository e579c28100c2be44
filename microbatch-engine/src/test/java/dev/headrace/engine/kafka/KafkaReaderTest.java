package dev.headrace.engine.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.Gap;
import dev.headrace.connector.Gaps;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.SessionSettings;
import dev.headrace.errors.DataException;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/// Reading a planned range of a partition that is not what it was.
class KafkaReaderTest {
    private static final TopicPartition PARTITION = new TopicPartition("clicks", 0);

    private final Gaps gaps = new Gaps();

    private static KafkaOptions options(boolean failOnDataLoss) {
        return KafkaOptions.forStream(new ConnectorOptions(
                "kafka",
                Map.of(
                        "kafka.bootstrap.servers",
                        "localhost:9092",
                        "subscribe",
                        "clicks",
                        "failOnDataLoss",
                        Boolean.toString(failOnDataLoss)),
                Optional.empty(),
                List.of(),
                List.of(),
                new SessionSettings(ZoneOffset.UTC, 1)));
    }

    /// Reads the offsets 5 to 19 of a partition that ends before them.
    private void read(KafkaOptions options) {
        MockConsumer<ByteBuffer, ByteBuffer> consumer = new MockConsumer<>("none");
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        try (BufferAllocator allocator = new RootAllocator();
                ConsumerPool pool = new ConsumerPool(options)) {
            pool.giveBack(PARTITION, new PartitionConsumer(options, PARTITION, 5, consumer));
            consumer.setPollException(new OffsetOutOfRangeException(Map.of(PARTITION, 5L)));
            ScanRequest nothing = new ScanRequest(List.of(), List.of(), OptionalLong.empty());
            KafkaSplit split = new KafkaSplit(options, pool, gaps, nothing, PARTITION, 5, 20);
            try (KafkaReader reader = new KafkaReader(split, allocator)) {
                assertNull(reader.next());
                assertEquals(Map.of("lostOffsets", 15L), reader.metrics());
            }
        }
    }

    @Test
    void whatAShorterPartitionLacksIsLostWhereThatIsAccepted() {
        read(options(false));
        assertEquals(List.of(new Gap("clicks-0", Gap.Unit.OFFSETS, 5, 19)), gaps.take());
    }

    @Test
    void whatAShorterPartitionLacksEndsTheQueryElse() {
        DataException error = assertThrows(DataException.class, () -> read(options(true)));
        assertEquals("KAFKA_DATA_LOSS", error.code());
        assertEquals(List.of(), gaps.take());
    }
}
