package dev.headrace.engine;

import dev.headrace.Frames;
import dev.headrace.Row;
import dev.headrace.connector.QueryEvents;
import dev.headrace.engine.QueryPipeline.SourceInput;
import dev.headrace.engine.log.OffsetRange;
import dev.headrace.engine.log.PlannedBatch;
import dev.headrace.engine.stateful.EventTimeStats;
import dev.headrace.engine.stateful.OperatorState;
import dev.headrace.errors.UnavailableException;
import dev.headrace.exec.RunContext;
import dev.headrace.streaming.RowBalance;
import dev.headrace.streaming.SinkProgress;
import dev.headrace.streaming.SourceProgress;
import dev.headrace.streaming.StateOperatorProgress;
import dev.headrace.streaming.StreamingQueryListener;
import dev.headrace.streaming.StreamingQueryProgress;
import dev.headrace.streaming.WatermarkReport;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Measures the batches of a query and keeps the reports of the last ones. The query's thread measures; any thread
/// reads.
final class ProgressReport {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressReport.class);
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Duration IDLE_INTERVAL = Duration.ofSeconds(10);

    private final UUID id;
    private final UUID runId;
    private final @Nullable String name;
    private final String sinkDescription;
    private final int kept;
    private final QueryEvents events;
    private final Deque<StreamingQueryProgress> recent = new ArrayDeque<>();

    private final Map<String, Long> nanos = new ConcurrentHashMap<>();
    private Instant triggerStart = Instant.EPOCH;
    private Instant lastBatchStart = Instant.EPOCH;
    private Instant lastEvent = Instant.EPOCH;
    private long triggerNanos;
    private long outputRows;
    private Map<String, Long> sinkMetrics = Map.of();
    private Map<String, Long> counters = Map.of();
    private volatile WatermarkReport watermark = new WatermarkReport(Optional.empty(), List.of());

    ProgressReport(UUID id, UUID runId, @Nullable String name, String sinkDescription, int kept, QueryEvents events) {
        this.id = id;
        this.runId = runId;
        this.name = name;
        this.sinkDescription = sinkDescription;
        this.kept = kept;
        this.events = events;
    }

    static String timestamp(Instant instant) {
        return TIMESTAMP.format(instant);
    }

    void beginTrigger(Instant now) {
        // What came behind the last batch counts with the next one: reports don't wait for it.
        nanos.keySet().retainAll(Set.of("maintenance"));
        triggerStart = now;
        triggerNanos = System.nanoTime();
        outputRows = -1;
        sinkMetrics = Map.of();
        counters = Map.of();
    }

    /// Adds the time since `startNanos` to a part of the batch.
    void took(String part, long startNanos) {
        nanos.merge(part, System.nanoTime() - startNanos, Long::sum);
    }

    void took(Step step, long startNanos) {
        took(
                switch (step) {
                    case PLAN -> "walCommit";
                    case STATE_COMMIT -> "stateCommit";
                    case SINK_COMMIT -> "sinkCommit";
                    case COMMIT -> "commitOffsets";
                    case MAINTAIN -> "maintenance";
                },
                startNanos);
    }

    void wrote(long rows, Map<String, Long> metrics, RunContext.Counters runCounters) {
        outputRows = metrics.getOrDefault("numOutputRows", rows);
        sinkMetrics = metrics;
        counters = runCounters.snapshot();
    }

    /// The batch is done.
    void finish(PlannedBatch batch, QueryPipeline pipeline, Instant now) {
        took("triggerExecution", triggerNanos);
        Map<String, Long> durations = new HashMap<>();
        nanos.forEach((part, time) -> durations.put(part, time / 1_000_000));
        double batchSeconds = Math.max(1, nanos.getOrDefault("triggerExecution", 0L)) / 1e9;
        double sinceLast = lastBatchStart.equals(Instant.EPOCH)
                ? batchSeconds
                : Math.max(1e-9, Duration.between(lastBatchStart, triggerStart).toNanos() / 1e9);
        lastBatchStart = triggerStart;
        StreamingQueryProgress progress = new StreamingQueryProgress(
                id,
                runId,
                name,
                timestamp(triggerStart),
                batch.id().value(),
                durations.getOrDefault("triggerExecution", 0L),
                durations,
                eventTime(batch, pipeline.eventTimes()),
                states(pipeline.states()),
                sources(batch, pipeline.sources(), batchSeconds, sinceLast),
                sink(),
                metrics(pipeline),
                pipeline.lastAccounts()
                        .map(accounts -> accounts.total(pipeline.physicalPlan()))
                        .orElse(RowBalance.EMPTY));
        synchronized (recent) {
            recent.addLast(progress);
            while (recent.size() > kept) {
                recent.removeFirst();
            }
        }
        nanos.clear();
        lastEvent = now;
        events.tell(new StreamingQueryListener.QueryProgressEvent(progress));
    }

    /// Where the watermark is now.
    void watermark(WatermarkReport report) {
        watermark = report;
    }

    WatermarkReport watermark() {
        return watermark;
    }

    /// The query waits for data.
    void idle(Instant now) {
        if (Duration.between(lastEvent, now).compareTo(IDLE_INTERVAL) >= 0) {
            lastEvent = now;
            events.tell(new StreamingQueryListener.QueryIdleEvent(id, runId, timestamp(now)));
        }
    }

    List<StreamingQueryProgress> recent() {
        synchronized (recent) {
            return List.copyOf(recent);
        }
    }

    private static Map<String, String> eventTime(PlannedBatch batch, List<EventTimeStats> all) {
        if (all.isEmpty()) {
            return Map.of();
        }
        Map<String, String> times = new HashMap<>();
        times.put("watermark", timestamp(Instant.ofEpochMilli(batch.watermarkMillis())));
        Optional<EventTimeStats.Seen> seen = all.getFirst().seen();
        seen.ifPresent(s -> {
            times.put("min", timestamp(micros(s.min())));
            times.put("max", timestamp(micros(s.max())));
            times.put("avg", timestamp(micros(s.average())));
        });
        return times;
    }

    private static Instant micros(long micros) {
        return Instant.EPOCH.plus(micros, java.time.temporal.ChronoUnit.MICROS);
    }

    private List<SourceProgress> sources(
            PlannedBatch batch, List<SourceInput> inputs, double batchSeconds, double sinceLast) {
        List<SourceProgress> sources = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            SourceInput input = inputs.get(i);
            OffsetRange range = batch.sources().get(i);
            String to = range.to().orElseThrow();
            long exact = told(() -> input.source().rowCount(range.from().orElseThrow(), to), -1L);
            long rows = exact >= 0 ? exact : input.rows().rows();
            Map<String, String> metrics =
                    new HashMap<>(told(() -> input.source().metrics(to), Map.of()));
            counters.forEach((counter, value) -> metrics.put(counter, Long.toString(value)));
            sources.add(new SourceProgress(
                    input.table().description(),
                    range.from().orElse(null),
                    to,
                    to,
                    rows,
                    rows / sinceLast,
                    rows / batchSeconds,
                    metrics));
        }
        return sources;
    }

    /// What a source says of a batch that is done. It is no reason to end the query, or to wait, that the source can't
    /// be reached just now.
    private static <T> T told(Supplier<T> asked, T otherwise) {
        try {
            return asked.get();
        } catch (UnavailableException unreachable) {
            LOG.warn("the report of a batch lacks what its source knows: {}", unreachable.getMessage());
            return otherwise;
        }
    }

    private static List<StateOperatorProgress> states(List<OperatorState> states) {
        List<StateOperatorProgress> all = new ArrayList<>();
        for (OperatorState state : states) {
            Map<String, Long> metrics = new HashMap<>(state.store().metrics());
            metrics.put("entriesRead", state.readEntries());
            metrics.put("entriesWritten", state.writtenEntries());
            all.add(new StateOperatorProgress(
                    state.name(),
                    metrics.getOrDefault("numRowsTotal", 0L),
                    state.updatedRows(),
                    0,
                    state.removedRows(),
                    0,
                    state.commitMillis(),
                    metrics.getOrDefault("memoryUsedBytes", 0L),
                    state.lateRows(),
                    1,
                    1,
                    metrics));
        }
        return all;
    }

    private static Map<String, Row> metrics(QueryPipeline pipeline) {
        Map<String, Row> metrics = new HashMap<>();
        pipeline.observed()
                .forEach((name, seen) -> metrics.put(name, Frames.row(seen.cells(), seen.schema(), pipeline.conf())));
        return metrics;
    }

    private SinkProgress sink() {
        Map<String, String> metrics = new HashMap<>();
        sinkMetrics.forEach((metric, value) -> metrics.put(metric, Long.toString(value)));
        return new SinkProgress(sinkDescription, outputRows, metrics);
    }
}
