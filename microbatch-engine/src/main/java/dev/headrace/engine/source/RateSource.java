package dev.headrace.engine.source;

import dev.headrace.connector.ReadLimit;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamingSource;
import java.util.List;

/// Gives the rows of the seconds that are over. An offset is how many of these there were.
final class RateSource implements StreamingSource {
    private static final long MICROS = 1_000_000;

    private final RateOfRows rate;
    private final RateStart start;
    private final NumberedRows rows;

    RateSource(RateOfRows rate, RateStart start, NumberedRows rows) {
        this.rate = rate;
        this.start = start;
        this.rows = rows;
    }

    @Override
    public String initialOffset() {
        return "0";
    }

    @Override
    public String latestOffset(String from, ReadLimit limit, long batchTimestampMillis) {
        long over = Math.floorDiv(batchTimestampMillis - start.millis(batchTimestampMillis), 1000);
        long latest = Math.max(NumberedRows.offset(from), over);
        return Long.toString(
                limit instanceof ReadLimit.UpTo(String end, long _)
                        ? Math.min(latest, NumberedRows.offset(end))
                        : latest);
    }

    @Override
    public List<Split> plan(String from, String end) {
        long first = rate.rowsAfter(NumberedRows.offset(from));
        long last = rate.rowsAfter(NumberedRows.offset(end));
        long startMicros = start.millis(0) * 1000;
        return rows.splits(first, last, part -> new Times(part, startMicros));
    }

    /// The rows of a second are spread over it evenly.
    private final class Times implements NumberedRows.Times {
        private final long startMicros;
        private long second;
        private long from;
        private long to;

        Times(long first, long startMicros) {
            this.startMicros = startMicros;
            this.second = rate.secondOf(first);
            this.from = rate.rowsAfter(second);
            this.to = rate.rowsAfter(second + 1);
        }

        @Override
        public long microsOf(long value) {
            while (value >= to) {
                second++;
                from = to;
                to = rate.rowsAfter(second + 1);
            }
            return startMicros + second * MICROS + (value - from) * MICROS / (to - from);
        }
    }

    @Override
    public long rowCount(String from, String end) {
        return rate.rowsAfter(NumberedRows.offset(end)) - rate.rowsAfter(NumberedRows.offset(from));
    }

    @Override
    public void close() {}
}
