package dev.headrace.engine.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.SessionSettings;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class PartitionConsumerTest {
    private static final TopicPartition PARTITION = new TopicPartition("clicks", 0);

    private final KafkaOptions options = KafkaOptions.forStream(new ConnectorOptions(
            "kafka",
            Map.of("kafka.bootstrap.servers", "localhost:9092", "subscribe", "clicks"),
            Optional.empty(),
            List.of(),
            List.of(),
            new SessionSettings(ZoneOffset.UTC, 1)));
    private final MockConsumer<ByteBuffer, ByteBuffer> broker = new MockConsumer<>("none");
    private final PartitionConsumer consumer = new PartitionConsumer(options, PARTITION, 7, broker);

    private void come(long... offsets) {
        for (long offset : offsets) {
            broker.addRecord(new ConsumerRecord<>("clicks", 0, offset, ByteBuffer.allocate(0), ByteBuffer.allocate(0)));
        }
    }

    /// A record that says that its value has 4 MiB.
    private void comeLarge(long offset) {
        broker.addRecord(new ConsumerRecord<>(
                "clicks",
                0,
                offset,
                0L,
                TimestampType.CREATE_TIME,
                0,
                4 << 20,
                ByteBuffer.allocate(0),
                ByteBuffer.allocate(0),
                new RecordHeaders(),
                Optional.empty()));
    }

    private List<Long> taken() {
        List<Long> offsets = new ArrayList<>();
        for (ConsumerRecord<ByteBuffer, ByteBuffer> record = consumer.peek();
                record != null;
                record = consumer.peek()) {
            offsets.add(record.offset());
            consumer.take(record);
        }
        return offsets;
    }

    @Test
    void whatIsTakenInTwiceLiesFetchedInOrder() {
        come(7, 8);
        consumer.takeIn();
        come(9);
        consumer.takeIn();

        assertEquals(OptionalLong.of(10), consumer.endOfFetched());
        assertEquals(List.of(7L, 8L, 9L), taken());
        assertEquals(10, consumer.position());
    }

    @Test
    void theEndIsThatOfWhatHasComeWhenItIsAskedFor() {
        come(7);
        consumer.takeIn();
        come(8);

        assertEquals(OptionalLong.of(9), consumer.endOfFetched());
        come(9);
        assertEquals(List.of(7L, 8L), taken());
        assertEquals(OptionalLong.of(10), consumer.endOfFetched());
    }

    @Test
    void nothingIsTakenInBeforeTheEndIsNear() {
        come(7);
        consumer.takeIn();
        broker.updateEndOffsets(Map.of(PARTITION, 100L));
        come(8);
        consumer.takeIn();

        assertEquals(OptionalLong.empty(), consumer.endOfFetched());
        assertEquals(List.of(7L), taken());
    }

    @Test
    void largeRecordsAreEnoughBeforeManyAre() {
        comeLarge(7);
        consumer.takeIn();
        comeLarge(8);
        consumer.takeIn();
        come(9);
        consumer.takeIn();
        assertEquals(OptionalLong.empty(), consumer.endOfFetched());

        assertEquals(List.of(7L, 8L), taken());
        consumer.takeIn();
        assertEquals(OptionalLong.of(10), consumer.endOfFetched());
        assertEquals(List.of(9L), taken());
    }

    @Test
    void whatLiesFetchedIsForgottenElsewhere() {
        come(7, 8);
        consumer.takeIn();
        consumer.moveTo(20);

        assertNull(consumer.peek());
        come(20);
        consumer.takeIn();
        assertEquals(List.of(20L), taken());
    }
}
