package dev.headrace.engine.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/// How far a batch may read: pure decisions over offsets.
final class Admission {
    private Admission() {}

    /// The end of a batch that takes at most `maxOffsets`, shared among the partitions in proportion to what they hold.
    /// A partition with anything new gets at least one offset, so that none starves.
    static SortedMap<TopicPartition, Long> limit(
            Map<TopicPartition, Long> start, Map<TopicPartition, Long> latest, Optional<Long> maxOffsets) {
        SortedMap<TopicPartition, Long> end = new TreeMap<>(KafkaOffsets.ORDER);
        end.putAll(latest);
        long available = available(start, latest);
        if (maxOffsets.isEmpty() || available <= maxOffsets.get()) {
            return end;
        }
        double share = (double) maxOffsets.get() / available;
        latest.forEach((partition, last) -> {
            long from = start.getOrDefault(partition, 0L);
            long rows = last - from;
            long taken = Math.max(Math.min(rows, 1), (long) (rows * share));
            end.put(partition, from + Math.max(0, taken));
        });
        return end;
    }

    static long available(Map<TopicPartition, Long> start, Map<TopicPartition, Long> latest) {
        long available = 0;
        for (Map.Entry<TopicPartition, Long> partition : latest.entrySet()) {
            available += Math.max(0, partition.getValue() - start.getOrDefault(partition.getKey(), 0L));
        }
        return available;
    }

    /// Whether to wait for more rows.
    static boolean waits(long available, long minOffsets, Duration sinceLastBatch, Duration maxDelay) {
        return available < minOffsets && sinceLastBatch.compareTo(maxDelay) < 0;
    }
}
