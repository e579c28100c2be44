package dev.headrace.engine.kafka;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Reads the records of a split. A record beyond the split's end is not read: the consumer is set back to it.
final class KafkaReader implements ChunkReader {
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaSplit split;
    private final KafkaRows rows;
    private @Nullable Consumer<ByteBuffer, ByteBuffer> consumer;
    private Iterator<ConsumerRecord<ByteBuffer, ByteBuffer>> records = Collections.emptyIterator();
    private long position;
    private boolean overshot;
    private long lostOffsets;

    KafkaReader(KafkaSplit split, BufferAllocator allocator) {
        this.split = split;
        this.position = split.from();
        this.rows = new KafkaRows(split.request(), split.options().zone(), allocator);
    }

    @Override
    public @Nullable Chunk next() {
        while (position < split.end() && rows.rowCount() < Chunk.TARGET_ROWS) {
            if (records.hasNext()) {
                add(records.next());
            } else {
                poll();
            }
        }
        return rows.rowCount() == 0 ? null : rows.finish();
    }

    private void add(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        if (record.offset() >= split.end()) {
            overshot = true;
            position = split.end();
        } else {
            rows.add(record);
            position = record.offset() + 1;
        }
    }

    /// Fetches records. What has no record, such as a transaction's end marker, is passed over.
    private void poll() {
        Consumer<ByteBuffer, ByteBuffer> reading = consumer();
        long deadline = System.nanoTime() + split.options().unavailableAfter().toNanos();
        while (true) {
            records = fetch(reading);
            if (records.hasNext()) {
                return;
            }
            long reached = KafkaTopics.call(
                    split.options(),
                    "asking for a position",
                    () -> reading.position(split.partition(), split.options().unavailableAfter()));
            if (reached > position) {
                position = Math.min(reached, split.end());
                return;
            }
            if (System.nanoTime() > deadline) {
                throw KafkaTopics.unavailable(
                        split.options(),
                        "reading " + split.partition() + " from offset " + position,
                        new TimeoutException("No records came."));
            }
        }
    }

    private Iterator<ConsumerRecord<ByteBuffer, ByteBuffer>> fetch(Consumer<ByteBuffer, ByteBuffer> reading) {
        try {
            return KafkaTopics.call(split.options(), "reading " + split.partition(), () -> {
                        try {
                            return reading.poll(POLL);
                        } catch (OffsetOutOfRangeException gone) {
                            throw lost(reading, gone);
                        }
                    })
                    .records(split.partition())
                    .iterator();
        } catch (Skipped skipped) {
            return Collections.emptyIterator();
        }
    }

    /// The offsets up to where the partition now begins are gone: an error, or counted and passed over.
    private RuntimeException lost(Consumer<ByteBuffer, ByteBuffer> reading, OffsetOutOfRangeException gone) {
        long earliest = reading.beginningOffsets(java.util.List.of(split.partition()))
                .getOrDefault(split.partition(), split.end());
        long next = Math.min(Math.max(earliest, position), split.end());
        if (split.options().failOnDataLoss() || earliest <= position) {
            return DataLoss.error(split.options(), split.partition(), position, earliest, gone);
        }
        lostOffsets += next - position;
        DataLoss.warn(split.partition(), position, next);
        position = next;
        reading.seek(split.partition(), next);
        return new Skipped();
    }

    /// The consumer has been moved past offsets that are gone.
    private static final class Skipped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Skipped() {
            super("skipped", null, false, false);
        }
    }

    private Consumer<ByteBuffer, ByteBuffer> consumer() {
        Consumer<ByteBuffer, ByteBuffer> current = consumer;
        if (current == null) {
            current = split.consumers().take(split.partition(), split.from());
            consumer = current;
        }
        return current;
    }

    @Override
    public Map<String, Long> metrics() {
        Map<String, Long> metrics = new TreeMap<>();
        if (rows.malformedRows() > 0) {
            metrics.put("malformedRows", rows.malformedRows());
        }
        if (lostOffsets > 0) {
            metrics.put("lostOffsets", lostOffsets);
        }
        return metrics;
    }

    @Override
    public void close() {
        rows.close();
        Consumer<ByteBuffer, ByteBuffer> done = consumer;
        consumer = null;
        if (done == null) {
            return;
        }
        if (position == split.end()) {
            if (overshot || records.hasNext()) {
                done.seek(split.partition(), position);
            }
            split.consumers().giveBack(split.partition(), done, position);
        } else {
            split.consumers().discard(done);
        }
    }
}
