package dev.headrace.engine.kafka;

import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Gaps;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.kafka.common.TopicPartition;

/// The offsets `[from, end)` of a partition.
///
/// @param gaps told which of them are gone
record KafkaSplit(
        KafkaOptions options,
        ConsumerPool consumers,
        Gaps gaps,
        ScanRequest request,
        TopicPartition partition,
        long from,
        long end)
        implements Split {
    @Override
    public ChunkReader open(BufferAllocator allocator) {
        return new KafkaReader(this, allocator);
    }

    @Override
    public String part() {
        return partition.toString();
    }

    @Override
    public long estimatedRows() {
        return end - from;
    }
}
