package dev.headrace.engine.kafka;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Gap;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Reads the records of a split.
final class KafkaReader implements ChunkReader {
    private final KafkaSplit split;
    private final KafkaRows rows;
    private @Nullable PartitionConsumer consumer;
    private long position;
    private long lostOffsets;

    KafkaReader(KafkaSplit split, BufferAllocator allocator) {
        this.split = split;
        this.position = split.from();
        this.rows = new KafkaRows(split.request(), split.options().zone(), allocator);
    }

    @Override
    public @Nullable Chunk next() {
        if (position < split.end()) {
            read(consumer());
        }
        return rows.rowCount() == 0 ? null : rows.finish();
    }

    private void read(PartitionConsumer reading) {
        while (position < split.end() && rows.rowCount() < Chunk.TARGET_ROWS) {
            ConsumerRecord<ByteBuffer, ByteBuffer> record = reading.peek();
            if (record == null) {
                fetch(reading);
            } else if (record.offset() >= split.end()) {
                position = split.end();
            } else {
                rows.add(record);
                reading.take(record);
                position = reading.position();
            }
        }
    }

    /// Fetches records. What has no record, such as a transaction's end marker, is passed over.
    private void fetch(PartitionConsumer reading) {
        long deadline = System.nanoTime() + split.options().unavailableAfter().toNanos();
        while (true) {
            long reached = KafkaTopics.call(split.options(), "asking for a position", reading::fetchPosition);
            if (reached > position) {
                position = Math.min(reached, split.end());
                return;
            }
            tryFetch(reading);
            if (reading.peek() != null || position == split.end()) {
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

    private void tryFetch(PartitionConsumer reading) {
        try {
            KafkaTopics.call(split.options(), "reading " + split.partition(), () -> {
                try {
                    reading.fetch();
                    return reading;
                } catch (OffsetOutOfRangeException gone) {
                    throw lost(reading, gone);
                }
            });
        } catch (Skipped skipped) {
            // The next try begins behind the gap.
        }
    }

    /// The offsets up to where the partition now begins are gone, or all if it ends before them: an error, or counted
    /// and passed over.
    private RuntimeException lost(PartitionConsumer reading, OffsetOutOfRangeException gone) {
        long earliest = reading.earliest(split.end());
        long next = earliest <= position ? split.end() : Math.min(earliest, split.end());
        if (split.options().failOnDataLoss()) {
            return DataLoss.error(split.options(), split.partition(), position, earliest, gone);
        }
        lostOffsets += next - position;
        split.gaps().add(new Gap(split.partition().toString(), Gap.Unit.OFFSETS, position, next - 1));
        DataLoss.warn(split.partition(), position, next);
        position = next;
        reading.moveTo(next);
        return new Skipped();
    }

    /// The consumer has been moved past offsets that are gone.
    private static final class Skipped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Skipped() {
            super("skipped", null, false, false);
        }
    }

    private PartitionConsumer consumer() {
        PartitionConsumer current = consumer;
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
        PartitionConsumer done = consumer;
        consumer = null;
        if (done == null) {
            return;
        }
        if (position == split.end()) {
            done.pass(position);
            split.consumers().giveBack(split.partition(), done);
        } else {
            // What state it is in is not known.
            done.close();
        }
    }
}
