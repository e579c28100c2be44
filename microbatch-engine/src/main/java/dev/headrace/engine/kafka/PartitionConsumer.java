package dev.headrace.engine.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Reads one partition in order, and keeps the records that were fetched and not taken yet.
///
/// They are not fetched again: setting a Kafka consumer back makes it wait for the fetch that is already under way,
/// which at the partition's end takes `fetch.max.wait.ms`. Used by one thread at a time.
final class PartitionConsumer implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaOptions options;
    private final TopicPartition partition;
    private final Consumer<ByteBuffer, ByteBuffer> consumer;
    private Iterator<ConsumerRecord<ByteBuffer, ByteBuffer>> fetched = Collections.emptyIterator();
    private @Nullable ConsumerRecord<ByteBuffer, ByteBuffer> next;
    private long position;

    /// Connects, and begins at an offset.
    PartitionConsumer(KafkaOptions options, TopicPartition partition, long offset) {
        this(
                options,
                partition,
                offset,
                KafkaTopics.call(options, "connecting", () -> new KafkaConsumer<>(options.client())));
    }

    /// @param consumer is closed with this
    PartitionConsumer(
            KafkaOptions options, TopicPartition partition, long offset, Consumer<ByteBuffer, ByteBuffer> consumer) {
        this.options = options;
        this.partition = partition;
        this.consumer = consumer;
        consumer.assign(List.of(partition));
        consumer.seek(partition, offset);
        this.position = offset;
    }

    /// The offset after the last record taken or passed over.
    long position() {
        return position;
    }

    /// Goes on at an offset.
    void moveTo(long offset) {
        if (offset != position) {
            fetched = Collections.emptyIterator();
            next = null;
            consumer.seek(partition, offset);
            position = offset;
        }
    }

    /// Says that there is nothing between the position and an offset, which the next record is not before.
    void pass(long offset) {
        position = offset;
    }

    /// The next record of those that are fetched, or null if there is none.
    @Nullable ConsumerRecord<ByteBuffer, ByteBuffer> peek() {
        if (next == null && fetched.hasNext()) {
            next = fetched.next();
        }
        return next;
    }

    /// Passes the record that [#peek] gave.
    void take(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        next = null;
        position = record.offset() + 1;
    }

    /// Waits a moment for records; there may be none then.
    ///
    /// @throws org.apache.kafka.clients.consumer.OffsetOutOfRangeException if the records at the position are gone
    void fetch() {
        fetched = consumer.poll(POLL).records(partition).iterator();
    }

    /// The offset after what has been fetched, if the partition ended there when it was; does not wait. Empty if it
    /// goes on behind that, or nothing is known.
    ///
    /// @throws org.apache.kafka.clients.consumer.OffsetOutOfRangeException if the records at the position are gone
    OptionalLong endOfFetched() {
        if (peek() == null) {
            fetched = consumer.poll(Duration.ZERO).records(partition).iterator();
        }
        OptionalLong lag = consumer.currentLag(partition);
        return lag.isPresent() && lag.getAsLong() == 0
                ? OptionalLong.of(Math.max(position, fetchPosition()))
                : OptionalLong.empty();
    }

    /// Where the next fetch begins: beyond the position if there are no records in between.
    long fetchPosition() {
        return consumer.position(partition, options.unavailableAfter());
    }

    /// Where the partition begins now.
    long earliest(long unknown) {
        return consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, unknown);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
