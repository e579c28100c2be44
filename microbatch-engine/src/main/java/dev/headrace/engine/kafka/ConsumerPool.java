package dev.headrace.engine.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Consumers kept between batches, each on one partition where its last batch has ended, with the records after that
/// already on their way. Thread-safe; a consumer is used by one thread at a time.
final class ConsumerPool implements AutoCloseable {
    private final KafkaOptions options;
    private final Map<TopicPartition, Positioned> idle = new HashMap<>();
    private boolean closed;

    /// A consumer that is assigned to one partition.
    ///
    /// @param position where it reads next
    record Positioned(Consumer<ByteBuffer, ByteBuffer> consumer, long position) {}

    ConsumerPool(KafkaOptions options) {
        this.options = options;
    }

    /// A consumer that reads the partition from the offset on.
    Consumer<ByteBuffer, ByteBuffer> take(TopicPartition partition, long offset) {
        @Nullable Positioned kept;
        synchronized (this) {
            kept = idle.remove(partition);
        }
        if (kept != null && kept.position() == offset) {
            return kept.consumer();
        }
        Consumer<ByteBuffer, ByteBuffer> consumer = kept != null
                ? kept.consumer()
                : KafkaTopics.call(options, "connecting", () -> new KafkaConsumer<>(options.client()));
        consumer.assign(List.of(partition));
        consumer.seek(partition, offset);
        return consumer;
    }

    /// Takes a consumer back, which stands at `position`.
    void giveBack(TopicPartition partition, Consumer<ByteBuffer, ByteBuffer> consumer, long position) {
        synchronized (this) {
            if (!closed && idle.putIfAbsent(partition, new Positioned(consumer, position)) == null) {
                return;
            }
        }
        discard(consumer);
    }

    /// Closes a consumer whose state is not known.
    void discard(Consumer<ByteBuffer, ByteBuffer> consumer) {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }

    @Override
    public synchronized void close() {
        closed = true;
        idle.values().forEach(kept -> discard(kept.consumer()));
        idle.clear();
    }
}
