package dev.headrace.engine.source;

import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.ReadLimit;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingSource;
import dev.headrace.errors.QueryException;
import java.nio.file.Path;
import java.util.List;

/// `format("rate-micro-batch")`: so many rows in each batch, whatever the clock says, so that each run gives the same.
/// As Spark's source of that name.
public final class RateMicroBatchConnector implements Connector.StreamReadable {
    private static final String ROWS = "rowsPerBatch";
    private static final String START = "startTimestamp";
    private static final String ADVANCE = "advanceMillisPerBatch";

    @Override
    public String format() {
        return "rate-micro-batch";
    }

    @Override
    public StreamTable openStream(ConnectorOptions options) {
        options.checkKnown(List.of(ROWS, "numPartitions", START, ADVANCE));
        NumberedRows.refuseSchema(options);
        if (options.get(ROWS).isEmpty()) {
            throw new QueryException(
                    "MISSING_OPTION",
                    "format(\"rate-micro-batch\") needs the option 'rowsPerBatch': how many rows each batch has.");
        }
        long rowsPerBatch = NumberedRows.positive(options, ROWS, 1);
        long startMillis = notNegative(options, START, 0);
        long advanceMillis = notNegative(options, ADVANCE, 1000);
        int parts = NumberedRows.parts(options);
        return new NumberedRows.Table("rate of " + rowsPerBatch + " rows per batch") {
            @Override
            public StreamingSource open(ScanRequest request, Path checkpoint) {
                return new Source(rowsPerBatch, startMillis, advanceMillis, new NumberedRows(request, parts));
            }
        };
    }

    private static long notNegative(ConnectorOptions options, String key, long orElse) {
        long value = options.number(key).orElse(orElse);
        if (value < 0) {
            throw options.invalid(key, "a number of at least 0");
        }
        return value;
    }

    /// An offset is the number of batches before it.
    private record Source(long rowsPerBatch, long startMillis, long advanceMillis, NumberedRows rows)
            implements StreamingSource {
        @Override
        public String initialOffset() {
            return "0";
        }

        @Override
        public String latestOffset(String start, ReadLimit limit, long batchTimestampMillis) {
            long next = NumberedRows.offset(start) + 1;
            return Long.toString(
                    limit instanceof ReadLimit.UpTo(String end, long _)
                            ? Math.min(next, NumberedRows.offset(end))
                            : next);
        }

        @Override
        public List<Split> plan(String start, String end) {
            return rows.splits(
                    NumberedRows.offset(start) * rowsPerBatch,
                    NumberedRows.offset(end) * rowsPerBatch,
                    _ -> value -> (startMillis + value / rowsPerBatch * advanceMillis) * 1000);
        }

        @Override
        public long rowCount(String start, String end) {
            return (NumberedRows.offset(end) - NumberedRows.offset(start)) * rowsPerBatch;
        }

        @Override
        public void close() {}
    }
}
