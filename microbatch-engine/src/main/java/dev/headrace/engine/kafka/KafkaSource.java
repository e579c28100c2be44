package dev.headrace.engine.kafka;

import dev.headrace.connector.Gap;
import dev.headrace.connector.Gaps;
import dev.headrace.connector.ReadLimit;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamingSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/// Topics as a stream, for one run of a query. An offset is the next offset of each partition.
///
/// Where loss is accepted, a batch also tells what it has lost. A partition that it has a smaller offset of than the
/// batch before is read anew from there: its topic was created again, or is shorter. One that it has no offset of any
/// more is gone. So a batch that runs again loses the same.
final class KafkaSource implements StreamingSource {
    /// How often new partitions and recreated topics are looked for, in milliseconds of the batches' clock.
    private static final long METADATA_INTERVAL_MILLIS = 5_000;

    private final KafkaOptions options;
    private final ScanRequest request;
    private final KafkaTopics topics;
    private final TopicIds topicIds;
    private final ConsumerPool consumers;
    private final Gaps gaps = new Gaps();
    private List<TopicPartition> partitions;
    private SortedMap<TopicPartition, Long> latest = new TreeMap<>(KafkaOffsets.ORDER);
    private Set<String> recreated = Set.of();
    /// The end of a batch that has just been decided upon, with the topics looked at.
    private String decided = "";
    private long metadataMillis = Long.MIN_VALUE;
    private long lastBatchMillis = Long.MIN_VALUE;

    /// @param topics is closed with this, as are `topicIds`
    KafkaSource(KafkaOptions options, ScanRequest request, KafkaTopics topics, TopicIds topicIds) {
        this.options = options;
        this.request = request;
        this.topics = topics;
        this.topicIds = topicIds;
        this.consumers = new ConsumerPool(options);
        this.partitions = topics.partitions();
    }

    /// Connects to the brokers and finds the topics.
    ///
    /// @throws dev.headrace.errors.QueryException `UNKNOWN_TOPIC`
    /// @throws dev.headrace.errors.UnavailableException `KAFKA_UNAVAILABLE`
    static KafkaSource open(KafkaOptions options, ScanRequest request, Path checkpoint) {
        KafkaTopics topics = new KafkaTopics(options);
        try {
            return new KafkaSource(options, request, topics, new TopicIds(options, checkpoint));
        } catch (Throwable failed) {
            topics.close();
            throw failed;
        }
    }

    @Override
    public String initialOffset() {
        return KafkaOffsets.json(topics.resolve(options.starting(), partitions));
    }

    @Override
    public String latestOffset(String start, ReadLimit limit, long batchTimestampMillis) {
        refreshMetadata(batchTimestampMillis);
        SortedMap<TopicPartition, Long> from = KafkaOffsets.parse(start);
        latest = limit instanceof ReadLimit.Configured && options.minOffsets() == 1
                ? fetched(from).orElseGet(() -> topics.latest(partitions))
                : topics.latest(partitions);
        SortedMap<TopicPartition, Long> anew = anew(from);
        SortedMap<TopicPartition, Long> end = switch (limit) {
            case ReadLimit.Everything() -> latest;
            case ReadLimit.Configured(long most) -> admitted(from, batchTimestampMillis, most);
            case ReadLimit.UpTo(String target, long most) ->
                Admission.limit(from, earlier(latest, KafkaOffsets.parse(target)), most(most));
        };
        SortedMap<TopicPartition, Long> reached = new TreeMap<>(KafkaOffsets.ORDER);
        reached.putAll(from);
        reached.putAll(end);
        reached.putAll(anew);
        reached.keySet().removeIf(this::isGone);
        if (!reached.equals(from)) {
            lastBatchMillis = batchTimestampMillis;
        }
        decided = KafkaOffsets.json(reached);
        return decided;
    }

    /// Where the partitions end, by the records that lie fetched since the batch before: the brokers have told it with
    /// them, and needn't be asked. Empty if that is not known of each, or nothing has come. Nothing more is fetched as
    /// long as they lie there, so it is no answer for a query that waits for more.
    private Optional<SortedMap<TopicPartition, Long>> fetched(SortedMap<TopicPartition, Long> from) {
        SortedMap<TopicPartition, Long> ends = new TreeMap<>(KafkaOffsets.ORDER);
        for (TopicPartition partition : partitions) {
            Long start = from.get(partition);
            OptionalLong end = start == null ? OptionalLong.empty() : consumers.endOfFetched(partition, start);
            if (end.isEmpty()) {
                return Optional.empty();
            }
            ends.put(partition, end.getAsLong());
        }
        return ends.equals(from) ? Optional.empty() : Optional.of(ends);
    }

    private SortedMap<TopicPartition, Long> admitted(SortedMap<TopicPartition, Long> from, long nowMillis, long most) {
        // The clock may have been set back.
        lastBatchMillis = Math.min(lastBatchMillis, nowMillis);
        Duration sinceLast =
                lastBatchMillis == Long.MIN_VALUE ? options.maxDelay() : Duration.ofMillis(nowMillis - lastBatchMillis);
        long available = Admission.available(from, latest);
        if (available > 0 && Admission.waits(available, options.minOffsets(), sinceLast, options.maxDelay())) {
            return from;
        }
        return Admission.limit(from, latest, most(most));
    }

    private Optional<Long> most(long most) {
        return Optional.of(Math.min(most, options.maxOffsets().orElse(Long.MAX_VALUE)));
    }

    @Override
    public long size(String start, String end) {
        return Admission.available(KafkaOffsets.parse(start), KafkaOffsets.parse(end));
    }

    /// New partitions are read from their beginning. A look that fails counts for none: a batch that is tried again has
    /// the same time. After the clock has been set back it looks at once.
    private void refreshMetadata(long nowMillis) {
        if (metadataMillis <= nowMillis && nowMillis - METADATA_INTERVAL_MILLIS < metadataMillis) {
            return;
        }
        lookAtTopics();
        metadataMillis = nowMillis;
    }

    private void lookAtTopics() {
        List<TopicPartition> there = topics.partitions();
        recreated = topicIds.recreated(there);
        partitions = there;
    }

    /// Whether there should be the partition, and is not.
    private boolean isGone(TopicPartition partition) {
        return options.topics().covers(partition) && !partitions.contains(partition);
    }

    /// Where partitions are read from that are not those that were read so far: from their beginning if their topic was
    /// created again, from where they end if they end before the query's position.
    ///
    /// @throws dev.headrace.errors.DataException `KAFKA_DATA_LOSS` if there are some, or one is gone, unless data loss
    ///     is accepted
    private SortedMap<TopicPartition, Long> anew(SortedMap<TopicPartition, Long> from) {
        from.forEach((partition, position) -> {
            if (options.failOnDataLoss() && isGone(partition)) {
                throw DataLoss.deleted(options, partition, position);
            }
        });
        SortedMap<TopicPartition, Long> anew = shorter(from);
        if (!anew.isEmpty()) {
            lookAtTopics();
        }
        if (recreated.isEmpty()) {
            return anew;
        }
        SortedMap<TopicPartition, Long> beginnings = topics.earliest(partitions.stream()
                .filter(partition -> recreated.contains(partition.topic()))
                .toList());
        boolean begun = beginnings.entrySet().stream()
                .allMatch(begin -> begin.getValue().equals(from.getOrDefault(begin.getKey(), begin.getValue())));
        if (begun) {
            topicIds.accept(recreated);
            recreated = Set.of();
        } else {
            anew.putAll(beginnings);
        }
        return anew;
    }

    /// The ends of partitions that end before the query's position.
    private SortedMap<TopicPartition, Long> shorter(SortedMap<TopicPartition, Long> from) {
        SortedMap<TopicPartition, Long> shorter = new TreeMap<>(KafkaOffsets.ORDER);
        latest.forEach((partition, end) -> {
            long position = from.getOrDefault(partition, 0L);
            if (end < position) {
                if (options.failOnDataLoss()) {
                    throw DataLoss.error(options, partition, position, 0, null);
                }
                shorter.put(partition, end);
            }
        });
        return shorter;
    }

    private static SortedMap<TopicPartition, Long> earlier(
            SortedMap<TopicPartition, Long> offsets, SortedMap<TopicPartition, Long> bound) {
        SortedMap<TopicPartition, Long> end = new TreeMap<>(KafkaOffsets.ORDER);
        offsets.forEach((partition, offset) -> {
            if (bound.containsKey(partition)) {
                end.put(partition, Math.min(offset, bound.get(partition)));
            }
        });
        return end;
    }

    @Override
    public List<Split> plan(String start, String end) {
        SortedMap<TopicPartition, Long> from = KafkaOffsets.parse(start);
        SortedMap<TopicPartition, Long> to = KafkaOffsets.parse(end);
        if (!end.equals(decided)) {
            // It was decided upon in another run, or is tried again: the topics may have changed since.
            lookAtTopics();
        }
        decided = "";
        List<Split> splits = new ArrayList<>();
        long rows = Admission.available(from, to);
        to.forEach((partition, last) -> {
            long first = from.getOrDefault(partition, 0L);
            boolean isOther = recreated.contains(partition.topic()) || isGone(partition);
            if (last > first && !isOther) {
                addSplits(partition, first, last, rows, splits);
            } else if (last != first) {
                lost(partition, first, Math.max(first + 1, last));
            }
        });
        from.forEach((partition, first) -> {
            if (!to.containsKey(partition)) {
                lost(partition, first, first + 1);
            }
        });
        return splits;
    }

    /// @throws dev.headrace.errors.DataException `KAFKA_DATA_LOSS` unless data loss is accepted
    private void lost(TopicPartition partition, long first, long next) {
        if (options.failOnDataLoss() && isGone(partition)) {
            throw DataLoss.deleted(options, partition, first);
        }
        gaps.add(new Gap(partition.toString(), Gap.Unit.OFFSETS, first, next - 1));
        DataLoss.warn(partition, first, next);
    }

    /// Cuts a partition's range in proportion to `minPartitions`.
    private void addSplits(TopicPartition partition, long first, long last, long rows, List<Split> out) {
        long count = Math.max(1, (last - first) * options.minPartitions() / Math.max(1, rows));
        for (long i = 0; i < count; i++) {
            long from = first + (last - first) * i / count;
            long end = first + (last - first) * (i + 1) / count;
            out.add(new KafkaSplit(options, consumers, gaps, request, partition, from, end));
        }
    }

    @Override
    public List<Gap> takeGaps() {
        return gaps.take();
    }

    @Override
    public void prefetch(String end) {
        consumers.prefetch(KafkaOffsets.parse(end));
    }

    @Override
    public boolean hasParts() {
        return true;
    }

    @Override
    public Set<String> parts(String offset) {
        return KafkaOffsets.parse(offset).keySet().stream()
                .map(TopicPartition::toString)
                .collect(Collectors.toSet());
    }

    @Override
    public Set<String> unread(String end) {
        SortedMap<TopicPartition, Long> reached = KafkaOffsets.parse(end);
        // A batch that is run again after a restart has asked for no offsets.
        SortedMap<TopicPartition, Long> known = latest.isEmpty() ? topics.latest(partitions) : latest;
        Set<String> parts = new HashSet<>();
        known.forEach((partition, last) -> {
            if (last > reached.getOrDefault(partition, 0L)) {
                parts.add(partition.toString());
            }
        });
        return parts;
    }

    @Override
    public Map<String, String> metrics(String end) {
        SortedMap<TopicPartition, Long> reached = KafkaOffsets.parse(end);
        long min = Long.MAX_VALUE;
        long max = 0;
        long sum = 0;
        for (Map.Entry<TopicPartition, Long> partition : latest.entrySet()) {
            long behind = Math.max(0, partition.getValue() - reached.getOrDefault(partition.getKey(), 0L));
            min = Math.min(min, behind);
            max = Math.max(max, behind);
            sum += behind;
        }
        Map<String, String> metrics = new HashMap<>();
        metrics.put("minOffsetsBehindLatest", Long.toString(latest.isEmpty() ? 0 : min));
        metrics.put("maxOffsetsBehindLatest", Long.toString(max));
        metrics.put("avgOffsetsBehindLatest", Double.toString(latest.isEmpty() ? 0 : (double) sum / latest.size()));
        return metrics;
    }

    @Override
    public void close() {
        topics.close();
        topicIds.close();
        consumers.close();
    }
}
