package dev.headrace.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// The demo's state as lines of text: traffic, a row per query, and the counts of orders. Safe for several threads.
final class ProgressView {
    /// Rates are means over this time.
    private static final Duration WINDOW = Duration.ofSeconds(3);

    private static final DateTimeFormatter TIME_OF_DAY =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final String COLUMNS = "%-9s%11s%11s%7s%10s%11s%11s%10s";

    private final Map<String, QueryState> queries = new LinkedHashMap<>();
    private final RateMeter clicks = new RateMeter();
    private final RateMeter orderChanges = new RateMeter();
    private String engine = "starting";
    private Optional<ConsoleTable.Counts> counts = Optional.empty();

    /// @param queries the names of the queries, in the order in which they are shown
    ProgressView(List<String> queries) {
        queries.forEach(query -> this.queries.put(query, new QueryState()));
    }

    /// What is known of one query.
    private static final class QueryState {
        private final RateMeter in = new RateMeter();
        private final RateMeter out = new RateMeter();
        private Optional<QueryProgress> last = Optional.empty();
        private long totalIn;
        private long totalOut;
    }

    /// How fast a total grows.
    private static final class RateMeter {
        private final Deque<long[]> readings = new ArrayDeque<>();

        void read(long nowNanos, long total) {
            readings.addLast(new long[] {nowNanos, total});
            while (readings.size() > 2 && nowNanos - readings.getFirst()[0] > WINDOW.toNanos()) {
                readings.removeFirst();
            }
        }

        long total() {
            return readings.isEmpty() ? 0 : readings.getLast()[1];
        }

        /// Per second. When nothing has been read for a while the rate falls.
        long perSecond(long nowNanos) {
            if (readings.size() < 2) {
                return 0;
            }
            long nanos = Math.max(nowNanos, readings.getLast()[0] + 1) - readings.getFirst()[0];
            return Math.round((readings.getLast()[1] - readings.getFirst()[1]) * 1e9 / nanos);
        }
    }

    /// Takes what the generator has sent so far.
    synchronized void sent(long nowNanos, long clickCount, long orderChangeCount) {
        clicks.read(nowNanos, clickCount);
        orderChanges.read(nowNanos, orderChangeCount);
    }

    /// Takes the progress of a batch.
    ///
    /// @throws IllegalArgumentException if its query is not one of those shown
    synchronized void progressed(long nowNanos, QueryProgress progress) {
        QueryState query = queries.get(progress.query());
        if (query == null) {
            throw new IllegalArgumentException("unknown query: " + progress);
        }
        query.last = Optional.of(progress);
        query.totalIn += progress.rowsIn();
        query.totalOut += progress.rowsOut().orElse(0);
        query.in.read(nowNanos, query.totalIn);
        query.out.read(nowNanos, query.totalOut);
    }

    /// Takes the counts of orders.
    synchronized void counted(ConsoleTable.Counts latest) {
        counts = Optional.of(latest);
    }

    /// Says how the engine is.
    synchronized void engine(String state) {
        engine = state;
    }

    /// The view.
    synchronized List<String> lines(long nowNanos) {
        List<String> lines = new ArrayList<>();
        lines.add("sent     " + (queries.containsKey(DemoRun.CLICKS) ? sent(clicks, "clicks", nowNanos) + "   " : "")
                + sent(orderChanges, "order changes", nowNanos).strip());
        lines.add("engine   " + engine);
        lines.add(String.format(
                Locale.ROOT, COLUMNS, "query", "rows/s in", "out", "batch", "ms", "watermark", "lag", "state"));
        queries.forEach((name, query) -> lines.add(line(name, query, nowNanos)));
        if (!queries.containsKey(DemoRun.CLICKS)) {
            return lines;
        }
        lines.add("orders   "
                + counts.map(table -> table.byStatus().entrySet().stream()
                                .map(status -> String.format(Locale.ROOT, "%s %,d", status.getKey(), status.getValue()))
                                .collect(Collectors.joining("  ")))
                        .orElse("-"));
        return lines;
    }

    private static String sent(RateMeter meter, String what, long nowNanos) {
        return String.format(Locale.ROOT, "%,11d %s, %,d/s", meter.total(), what, meter.perSecond(nowNanos));
    }

    private static String line(String name, QueryState query, long nowNanos) {
        Optional<QueryProgress> last = query.last;
        return String.format(
                Locale.ROOT,
                COLUMNS,
                name,
                number(OptionalLong.of(query.in.perSecond(nowNanos))),
                number(OptionalLong.of(query.out.perSecond(nowNanos))),
                last.map(progress -> Long.toString(progress.batchId())).orElse("-"),
                last.map(progress -> Long.toString(progress.batchMillis())).orElse("-"),
                last.flatMap(QueryProgress::watermark)
                        .map((Instant time) -> TIME_OF_DAY.format(time))
                        .orElse("-"),
                number(last.map(QueryProgress::lag).orElse(OptionalLong.empty())),
                number(last.map(QueryProgress::stateRows).orElse(OptionalLong.empty())));
    }

    private static String number(OptionalLong value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%,d", value.getAsLong()) : "-";
    }
}
