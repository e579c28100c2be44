package dev.headrace.engine.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
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
    /// With so many records, or bytes of them, at hand no more are asked for before some are taken.
    private static final int ENOUGH = 20_000;

    private static final long ENOUGH_BYTES = 8 << 20;

    private final KafkaOptions options;
    private final TopicPartition partition;
    private final Consumer<ByteBuffer, ByteBuffer> consumer;
    private final Queue<Iterator<ConsumerRecord<ByteBuffer, ByteBuffer>>> fetched = new ArrayDeque<>();
    private @Nullable ConsumerRecord<ByteBuffer, ByteBuffer> next;
    private int atHand;
    private long bytesAtHand;
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
            fetched.clear();
            next = null;
            atHand = 0;
            bytesAtHand = 0;
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
        while (next == null && !fetched.isEmpty()) {
            if (fetched.element().hasNext()) {
                next = fetched.element().next();
            } else {
                fetched.remove();
            }
        }
        return next;
    }

    /// Passes the record that [#peek] gave.
    void take(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        next = null;
        atHand--;
        bytesAtHand -= bytes(record);
        position = record.offset() + 1;
    }

    /// Waits a moment for records; there may be none then.
    ///
    /// @throws org.apache.kafka.clients.consumer.OffsetOutOfRangeException if the records at the position are gone
    void fetch() {
        poll(POLL);
    }

    /// Takes in what has come, and gives the offset after it, if the partition ended there when it was asked for; does
    /// not wait. Empty if it goes on behind that, or nothing is known, as when no more is asked for.
    ///
    /// @throws org.apache.kafka.clients.consumer.OffsetOutOfRangeException if the records at the position are gone
    OptionalLong endOfFetched() {
        takeIn();
        return !hasEnough() && reachesEnd()
                ? OptionalLong.of(Math.max(position, fetchPosition()))
                : OptionalLong.empty();
    }

    /// Takes in what has come and asks for what comes next; does not wait. What has come was all that there was when it
    /// was asked for, so it is the older the longer nobody has called this.
    ///
    /// @throws org.apache.kafka.clients.consumer.OffsetOutOfRangeException if the records at the position are gone
    void takeIn() {
        if (atHand == 0 || !hasEnough() && reachesEnd()) {
            poll(Duration.ZERO);
        }
    }

    private void poll(Duration atMost) {
        List<ConsumerRecord<ByteBuffer, ByteBuffer>> records =
                consumer.poll(atMost).records(partition);
        if (!records.isEmpty()) {
            fetched.add(records.iterator());
            atHand += records.size();
            records.forEach(record -> bytesAtHand += bytes(record));
        }
    }

    private static long bytes(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        return Math.max(0, record.serializedKeySize()) + (long) Math.max(0, record.serializedValueSize());
    }

    private boolean hasEnough() {
        return atHand >= ENOUGH || bytesAtHand >= ENOUGH_BYTES;
    }

    private boolean reachesEnd() {
        OptionalLong lag = consumer.currentLag(partition);
        return lag.isPresent() && lag.getAsLong() == 0;
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
