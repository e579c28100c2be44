package dev.headrace.engine.kafka;

import dev.headrace.chunk.Closing;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Consumers kept between batches, each on one partition where its last batch has ended, with the records after that
/// fetched or on their way. Thread-safe; a consumer is used by one thread at a time.
final class ConsumerPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerPool.class);

    private final KafkaOptions options;
    private final Map<TopicPartition, PartitionConsumer> idle = new HashMap<>();
    private volatile CompletableFuture<Void> prefetched = CompletableFuture.completedFuture(null);
    private boolean closed;

    ConsumerPool(KafkaOptions options) {
        this.options = options;
    }

    /// A consumer that reads the partition from the offset on.
    PartitionConsumer take(TopicPartition partition, long offset) {
        prefetched.join();
        PartitionConsumer kept;
        synchronized (this) {
            kept = idle.remove(partition);
        }
        if (kept == null) {
            return new PartitionConsumer(options, partition, offset);
        }
        kept.moveTo(offset);
        return kept;
    }

    /// How far the records reach that lie fetched, if the partition's end is among them: what can be read without
    /// asking the brokers. Empty if no consumer is kept that stands at the offset.
    OptionalLong endOfFetched(TopicPartition partition, long offset) {
        prefetched.join();
        PartitionConsumer kept = kept(partition);
        if (kept == null || kept.position() != offset) {
            return OptionalLong.empty();
        }
        return KafkaTopics.call(options, "reading " + partition, () -> {
            try {
                return kept.endOfFetched();
            } catch (OffsetOutOfRangeException gone) {
                // Who asks the brokers finds out how much.
                return OptionalLong.empty();
            }
        });
    }

    /// Takes in, on a thread of its own, what has come behind offsets, and asks for what comes next, so that it lies
    /// fetched when the next batch begins. Who uses a consumer waits for that.
    void prefetch(Map<TopicPartition, Long> offsets) {
        prefetched.join();
        prefetched = CompletableFuture.runAsync(
                () -> offsets.forEach(this::takeIn),
                task -> Thread.ofVirtual().name("headrace-kafka-prefetch").start(task));
    }

    private void takeIn(TopicPartition partition, long offset) {
        PartitionConsumer kept = kept(partition);
        if (kept == null || kept.position() != offset) {
            return;
        }
        try {
            kept.takeIn();
        } catch (RuntimeException failed) {
            LOG.debug("{}: what fails here fails again for who reads", partition, failed);
        }
    }

    private synchronized @Nullable PartitionConsumer kept(TopicPartition partition) {
        return idle.get(partition);
    }

    /// Takes a consumer back, to go on where it stands. Of two for one partition the farther one is kept.
    void giveBack(TopicPartition partition, PartitionConsumer consumer) {
        PartitionConsumer left = consumer;
        synchronized (this) {
            PartitionConsumer other = closed ? consumer : idle.get(partition);
            if (other == null || other.position() < consumer.position()) {
                left = idle.put(partition, consumer);
            }
        }
        if (left != null) {
            left.close();
        }
    }

    @Override
    public void close() {
        prefetched.handle((_, failed) -> failed == null).join();
        synchronized (this) {
            closed = true;
            Closing.all(idle.values());
            idle.clear();
        }
    }
}
