package dev.headrace.engine;

import dev.headrace.engine.log.LatestEvent;
import dev.headrace.engine.log.PlannedBatch;
import dev.headrace.engine.stateful.EventTimeStats;
import dev.headrace.errors.QueryException;
import dev.headrace.plan.IntervalText;
import dev.headrace.streaming.WatermarkReport;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// How far a query's watermark is, and why. A value: each batch makes the next one, and the log keeps it.
///
/// The watermark of a `withWatermark` is the latest event time less the delay. A part of its input (a partition of a
/// topic) that has rows which no batch has read yet holds it at its own latest event, so that those rows are not late
/// only because other parts were read faster; with `headrace.watermark.idleTimeout` any part does so for that long
/// after its latest event has moved, an input without any event after the query's first batch, and when that time has
/// passed the watermark moves though no row has come. Of
/// several `withWatermark`s the earliest counts, or the latest, if the policy is `max` or all their parts are idle.
/// With `headrace.watermark.maxDrift`, sources that are further ahead than that are not read while a slower one has
/// rows.
///
/// @param millis the watermark of the next batch; 0 when none
/// @param begun when the query's first batch was, in milliseconds since the epoch; empty if the log does not tell
/// @param latest for each `withWatermark`, the latest event of each part of its input
/// @param report what users are told
record Watermarks(long millis, OptionalLong begun, List<Map<String, LatestEvent>> latest, WatermarkReport report) {
    private static final String POLICY = "spark.sql.streaming.multipleWatermarkPolicy";
    private static final String IDLE_TIMEOUT = "headrace.watermark.idleTimeout";
    private static final String MAX_DRIFT = "headrace.watermark.maxDrift";

    /// What the session's configuration says of watermarks.
    ///
    /// @param max whether the latest of several counts
    /// @param idleMillis how long a part without new events holds the watermark; 0 if it does not
    /// @param driftMicros how far a source may be ahead of a slower one that has rows; absent for any
    record Policy(boolean max, long idleMillis, OptionalLong driftMicros) {
        /// @throws QueryException `INVALID_CONF`
        static Policy of(Map<String, String> conf) {
            String policy = conf.getOrDefault(POLICY, "min");
            if (!policy.equalsIgnoreCase("min") && !policy.equalsIgnoreCase("max")) {
                throw new QueryException(
                        "INVALID_CONF",
                        "'" + POLICY + "' is '" + policy
                                + "'; expected min (the earliest of several watermarks counts) or"
                                + " max (the latest).");
            }
            long idleMillis =
                    interval(conf, IDLE_TIMEOUT, "the time for which a partition without new rows holds the watermark")
                                    .orElse(0)
                            / 1_000;
            OptionalLong drift =
                    interval(conf, MAX_DRIFT, "how far a source may be ahead of a slower one that has rows");
            return new Policy(policy.equalsIgnoreCase("max"), idleMillis, drift);
        }

        private static OptionalLong interval(Map<String, String> conf, String setting, String meaning) {
            String text = conf.get(setting);
            if (text == null) {
                return OptionalLong.empty();
            }
            try {
                long micros = IntervalText.micros(text);
                if (micros < 0) {
                    throw new QueryException("INVALID_INTERVAL", "'" + text + "' is negative.");
                }
                return OptionalLong.of(micros);
            } catch (QueryException notALength) {
                throw new QueryException(
                        "INVALID_CONF",
                        "'" + setting + "' is '" + text + "'; expected an interval such as '1 minute', " + meaning
                                + ".",
                        notALength);
            }
        }
    }

    /// What a restart finds in the log.
    static Watermarks logged(
            long millis,
            OptionalLong begun,
            List<Map<String, LatestEvent>> latest,
            List<EventTimeStats> times,
            long now,
            Policy policy) {
        List<Map<String, LatestEvent>> known = latest.size() == times.size()
                ? latest
                : times.stream().map(_ -> Map.<String, LatestEvent>of()).toList();
        return of(
                millis,
                begun,
                known,
                times,
                times.stream().map(_ -> Set.<String>of()).toList(),
                now,
                policy,
                false);
    }

    /// After a batch.
    ///
    /// @param times what each `withWatermark` has seen in the batch
    /// @param unread for each source, the parts that have rows which no batch has read
    Watermarks after(PlannedBatch batch, List<EventTimeStats> times, List<Set<String>> unread, Policy policy) {
        List<Map<String, LatestEvent>> merged = new ArrayList<>();
        List<Set<String>> unreadOf = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            EventTimeStats stats = times.get(i);
            Map<String, LatestEvent> parts = new TreeMap<>(latest.get(i));
            stats.latest().forEach((part, event) -> {
                LatestEvent before = parts.get(part);
                if (before == null || event > before.eventMicros()) {
                    parts.put(part, new LatestEvent(event, batch.timestampMillis()));
                }
            });
            merged.add(parts);
            unreadOf.add(unreadOf(stats, unread));
        }
        OptionalLong first = QuerySettings.begun(batch.settings());
        return of(batch.watermarkMillis(), first, merged, times, unreadOf, batch.timestampMillis(), policy, true);
    }

    /// What they are when no row has come since: parts of the input may have become idle.
    ///
    /// @param unread for each source, the parts that have rows which no batch has read
    Watermarks at(long nowMillis, List<EventTimeStats> times, List<Set<String>> unread, Policy policy) {
        List<Set<String>> unreadOf =
                times.stream().map(stats -> unreadOf(stats, unread)).toList();
        return of(millis, begun, latest, times, unreadOf, nowMillis, policy, true);
    }

    private static Set<String> unreadOf(EventTimeStats stats, List<Set<String>> unread) {
        Set<String> parts = new TreeSet<>();
        stats.sources().forEach(source -> parts.addAll(unread.get(source)));
        return parts;
    }

    /// The sources that wait for a slower one, by the latest events that have been read of each.
    ///
    /// @param withRows the sources that have rows for the next batch
    /// @param partsOf the parts that each source has, or that it is as a whole, below a `withWatermark` over several
    Set<Integer> waiting(Set<Integer> withRows, List<EventTimeStats> times, List<Set<String>> partsOf, Policy policy) {
        Map<Integer, Long> reached = new TreeMap<>();
        for (int i = 0; i < times.size(); i++) {
            Set<Integer> sources = times.get(i).sources();
            Map<String, LatestEvent> parts = latest.get(i);
            for (int source : sources) {
                if (withRows.contains(source)) {
                    parts.forEach((part, event) -> {
                        if (sources.size() == 1 || partsOf.get(source).contains(part)) {
                            reached.merge(source, event.eventMicros(), Math::max);
                        }
                    });
                }
            }
        }
        if (reached.size() < 2) {
            return Set.of();
        }
        long most = Collections.min(reached.values()) + policy.driftMicros().orElseThrow();
        reached.values().removeIf(event -> event <= most);
        return reached.keySet();
    }

    private static Watermarks of(
            long before,
            OptionalLong begun,
            List<Map<String, LatestEvent>> latest,
            List<EventTimeStats> times,
            List<Set<String>> unread,
            long now,
            Policy policy,
            boolean moves) {
        List<Own> all = new ArrayList<>();
        boolean young = begun.isPresent() && now - begun.getAsLong() < policy.idleMillis();
        for (int i = 0; i < times.size(); i++) {
            all.add(Own.of(times.get(i), latest.get(i), unread.get(i), now, young, policy));
        }
        List<Own> active = all.stream().filter(Own::counts).toList();
        List<Own> counting = active.isEmpty() ? all : active;
        LongStream reached = counting.stream().mapToLong(own -> own.millis().orElse(before));
        // Where all inputs are idle none waits for another one.
        boolean max = policy.max() || active.isEmpty();
        long combined = (max ? reached.max() : reached.min()).orElse(before);
        long millis = moves ? Math.max(before, combined) : before;
        List<WatermarkReport.Input> inputs = all.stream()
                .map(own ->
                        own.input(!max && counting.contains(own) && own.millis().orElse(before) <= combined))
                .toList();
        Optional<Instant> watermark = millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
        return new Watermarks(millis, begun, latest, new WatermarkReport(watermark, inputs));
    }

    /// The watermark of one `withWatermark`.
    ///
    /// @param millis where it is; empty if a part that must be heard has shown no event
    /// @param counts whether the query's watermark waits for it
    private record Own(EventTimeStats stats, Optional<Long> millis, boolean counts, List<WatermarkReport.Part> parts) {

        /// @param young whether the query has not run for as long as it waits for a first event
        static Own of(
                EventTimeStats stats,
                Map<String, LatestEvent> latest,
                Set<String> unread,
                long now,
                boolean young,
                Policy policy) {
            Set<String> names = new TreeSet<>(latest.keySet());
            names.addAll(unread);
            Set<String> holders = new TreeSet<>(unread);
            for (Map.Entry<String, LatestEvent> part : latest.entrySet()) {
                if (now - part.getValue().sinceMillis() < policy.idleMillis()) {
                    holders.add(part.getKey());
                }
            }
            long max = latest.values().stream()
                    .mapToLong(LatestEvent::eventMicros)
                    .max()
                    .orElse(Long.MIN_VALUE);
            // What has gone through an operator with state is of no part any more: it stands for the parts unseen.
            LatestEvent any = latest.get("");
            long unseen = any == null ? Long.MIN_VALUE : any.eventMicros();
            long event = max;
            for (String holder : holders) {
                event = Math.min(event, micros(latest.get(holder), unseen));
            }
            long reached = event;
            List<WatermarkReport.Part> parts = names.stream()
                    .map(name -> part(
                            name,
                            latest.get(name),
                            unread.contains(name),
                            holders.contains(name)
                                    && micros(latest.get(name), unseen) <= reached
                                    && micros(latest.get(name), unseen) < max))
                    .toList();
            return new Own(
                    stats,
                    reached == Long.MIN_VALUE
                            ? Optional.empty()
                            : Optional.of(Math.floorDiv(reached - stats.delayMicros(), 1_000)),
                    !holders.isEmpty() || policy.idleMillis() == 0 || young && latest.isEmpty(),
                    parts);
        }

        private static long micros(@Nullable LatestEvent event, long unseen) {
            return event == null ? unseen : event.eventMicros();
        }

        private static WatermarkReport.Part part(
                String name, @Nullable LatestEvent event, boolean unread, boolean holds) {
            return new WatermarkReport.Part(
                    name,
                    Optional.ofNullable(event).map(e -> Instant.EPOCH.plus(e.eventMicros(), ChronoUnit.MICROS)),
                    Optional.ofNullable(event).map(e -> Instant.ofEpochMilli(e.sinceMillis())),
                    unread,
                    holds);
        }

        WatermarkReport.Input input(boolean holds) {
            return new WatermarkReport.Input(
                    stats.column(),
                    Duration.of(stats.delayMicros(), ChronoUnit.MICROS),
                    millis.map(Instant::ofEpochMilli),
                    holds,
                    parts);
        }
    }
}
