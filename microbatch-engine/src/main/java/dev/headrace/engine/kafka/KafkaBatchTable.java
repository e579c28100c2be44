package dev.headrace.engine.kafka;

import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Gaps;
import dev.headrace.connector.PayloadDecoder;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.kafka.common.TopicPartition;

/// Topics between two sets of offsets, as a table.
record KafkaBatchTable(KafkaOptions options) implements BatchTable {
    @Override
    public StructType schema() {
        return options.schema();
    }

    @Override
    public String description() {
        return options.description();
    }

    @Override
    public boolean decodes(PayloadDecoder decoder) {
        return true;
    }

    @Override
    public Scan scan(ScanRequest request) {
        try (KafkaTopics topics = new KafkaTopics(options)) {
            List<TopicPartition> partitions = topics.partitions();
            SortedMap<TopicPartition, Long> from = topics.resolve(options.starting(), partitions);
            SortedMap<TopicPartition, Long> end = topics.resolve(options.ending(), partitions);
            List<Split> splits = new ArrayList<>();
            from.forEach((partition, start) -> {
                long last = end.getOrDefault(partition, start);
                if (last > start) {
                    splits.add(alone(request, partition, start, last));
                }
            });
            return () -> splits;
        }
    }

    /// A split with a consumer of its own, closed after it.
    private Split alone(ScanRequest request, TopicPartition partition, long start, long last) {
        return allocator -> {
            ConsumerPool consumers = new ConsumerPool(options);
            ChunkReader reader =
                    new KafkaSplit(options, consumers, new Gaps(), request, partition, start, last).open(allocator);
            return new ChunkReader() {
                @Override
                public dev.headrace.chunk.@org.jspecify.annotations.Nullable Chunk next() {
                    return reader.next();
                }

                @Override
                public java.util.Map<String, Long> metrics() {
                    return reader.metrics();
                }

                @Override
                public void close() {
                    reader.close();
                    consumers.close();
                }
            };
        };
    }
}
