package dev.headrace.engine;

import dev.headrace.connector.ReadFirst;
import dev.headrace.connector.ReadLimit;
import dev.headrace.connector.StreamingSource;
import dev.headrace.engine.QueryPipeline.SourceInput;
import dev.headrace.engine.log.OffsetRange;
import dev.headrace.engine.log.PlannedBatch;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which part of its sources a batch reads: history ([ReadFirst]) as long as there is some left, and then of the other
/// streams. Used by the thread of the trigger loop; asking again after a failure is safe.
final class Ranges {
    private final List<SourceInput> inputs;
    /// Where sources begin that the batches of a query that Spark has begun had nothing of, by what they said when they
    /// were first asked: "the latest" moves on.
    private final Map<Integer, String> beginnings = new HashMap<>();
    private boolean historyIsRead;

    Ranges(List<SourceInput> inputs) {
        this.inputs = List.copyOf(inputs);
        this.historyIsRead = inputs.stream().noneMatch(input -> input.table() instanceof ReadFirst);
    }

    /// What a batch may take of each source.
    interface Limits {
        ReadLimit of(int source);
    }

    private StreamingSource source(int input) {
        return inputs.get(input).source();
    }

    /// Whether nothing is left of the streams that are read first.
    boolean historyIsRead() {
        return historyIsRead;
    }

    /// Where the next batch begins in each source.
    ///
    /// @param ends how far each has been read; empty before its first batch
    List<String> starts(List<Optional<String>> ends) {
        List<String> starts = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            int input = i;
            starts.add(ends.get(i)
                    .orElseGet(() -> beginnings.computeIfAbsent(
                            input, asked -> source(asked).initialOffset())));
        }
        return starts;
    }

    /// Where each source ends now.
    ///
    /// @param ends how far each has been read
    List<String> everything(List<Optional<String>> ends, long nowMillis) {
        List<String> starts = starts(ends);
        List<String> targets = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            targets.add(source(i).latestOffset(starts.get(i), new ReadLimit.Everything(), nowMillis));
        }
        return targets;
    }

    /// With where history ends, which is decided once: before the first batch, and after the beginnings of the streams
    /// that follow it, so that there is no gap between them.
    ///
    /// @param starts those beginnings
    QuerySettings withHistory(QuerySettings settings, List<String> starts, long nowMillis) {
        QuerySettings all = settings;
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).table() instanceof ReadFirst) {
                all = all.withHistory(i, source(i).latestOffset(starts.get(i), new ReadLimit.Everything(), nowMillis));
            }
        }
        return all;
    }

    /// What the next batch reads; nothing, if all ranges are empty.
    List<OffsetRange> next(Limits limits, List<String> starts, QuerySettings settings, long nowMillis) {
        List<OffsetRange> ranges = new ArrayList<>();
        boolean historyLeft = false;
        for (int i = 0; i < inputs.size(); i++) {
            String from = starts.get(i);
            Optional<String> end = historyEnd(i, settings);
            String to = end.isEmpty() || historyIsRead
                    ? from
                    : source(i).latestOffset(from, ofHistory(limits.of(i), end.get()), nowMillis);
            ranges.add(OffsetRange.of(from, to));
            historyLeft |= !to.equals(from);
        }
        historyIsRead = !historyLeft;
        for (int i = 0; i < inputs.size() && historyIsRead; i++) {
            if (historyEnd(i, settings).isEmpty()) {
                String from = starts.get(i);
                ranges.set(i, OffsetRange.of(from, source(i).latestOffset(from, limits.of(i), nowMillis)));
            }
        }
        return ranges;
    }

    /// How much of a source waits to be read when a batch is planned, as [StreamingSource#size] counts; what the batch
    /// itself reads is part of it. 0 if the batch reads nothing, -1 if that is not known.
    long waiting(int input, List<OffsetRange> batch, long nowMillis) {
        OffsetRange range = batch.get(input);
        if (range.isEmpty() || range.from().isEmpty()) {
            return 0;
        }
        String from = range.from().get();
        return source(input).size(from, source(input).latestOffset(from, new ReadLimit.Everything(), nowMillis));
    }

    /// Where the history of a source ends, if the program still says that it is history.
    private Optional<String> historyEnd(int input, QuerySettings settings) {
        return inputs.get(input).table() instanceof ReadFirst ? settings.historyEnd(input) : Optional.empty();
    }

    private static ReadLimit ofHistory(ReadLimit limit, String end) {
        return switch (limit) {
            case ReadLimit.Configured(long most) -> new ReadLimit.UpTo(end, most);
            case ReadLimit.UpTo(String _, long most) -> new ReadLimit.UpTo(end, most);
            case ReadLimit.Everything() -> new ReadLimit.UpTo(end);
        };
    }

    /// How large a batch is in each source, as [StreamingSource#size] counts; -1 if that is not known.
    long[] sizes(PlannedBatch batch) {
        long[] sizes = new long[inputs.size()];
        for (int i = 0; i < sizes.length; i++) {
            OffsetRange range = batch.sources().get(i);
            sizes[i] = range.from().isEmpty() || range.to().isEmpty()
                    ? -1
                    : source(i).size(range.from().get(), range.to().get());
        }
        return sizes;
    }

    /// For each source, the parts that have more rows than the batches so far have read; of a source that waits for
    /// history none, and none of history that is read, whatever has come behind it. A source without parts is asked
    /// only if it stands below a `withWatermark` with others.
    ///
    /// @param read what the last of them has read, or would read
    List<Set<String>> unread(List<OffsetRange> read, QuerySettings settings, long nowMillis) {
        List<Set<String>> all = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            OffsetRange range = read.get(i);
            String end = range.to().orElseThrow();
            Optional<String> historyEnd = historyEnd(i, settings);
            boolean nothing = historyEnd.isPresent()
                    ? historyIsRead || end.equals(historyEnd.get())
                    : !historyIsRead && range.isEmpty();
            if (nothing) {
                all.add(Set.of());
            } else if (!inputs.get(i).isPart()) {
                all.add(source(i).unread(end));
            } else {
                all.add(
                        historyEnd.isPresent() || hasMore(i, end, nowMillis)
                                ? Set.of(inputs.get(i).part())
                                : Set.of());
            }
        }
        return all;
    }

    /// If what comes next can't be read, the next batch says so.
    private boolean hasMore(int input, String end, long nowMillis) {
        try {
            return source(input).hasMore(end, nowMillis);
        } catch (DataException | QueryException unreadable) {
            return true;
        }
    }
}
