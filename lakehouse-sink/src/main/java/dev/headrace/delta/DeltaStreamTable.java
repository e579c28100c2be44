package dev.headrace.delta;

import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingSource;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.errors.QueryException;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.OptionalInt;

/// A table as a stream of the rows that are added to it.
///
/// @param now the version whose schema the rows have
/// @param eventTime the column that the query's watermark goes by, if there is one
record DeltaStreamTable(
        Path table,
        TableLog log,
        TableSnapshot now,
        SourceOptions options,
        OptionalInt eventTime,
        ZoneId zone,
        ParquetFooters footers)
        implements StreamTable {
    @Override
    public StructType schema() {
        return options.readChangeFeed() ? feed().schema() : now.metadata().schema();
    }

    ChangeFeed feed() {
        return new ChangeFeed(table, now.metadata(), options.deriveChanges(), zone, footers);
    }

    @Override
    public String description() {
        return "delta " + table;
    }

    @Override
    public boolean usesFilter(BoundExpr predicate) {
        return !options.readChangeFeed() && FileFilter.canUse(predicate);
    }

    /// The column that the first rows are ordered by, as files call it; empty if they come in their own order.
    String firstOrder() {
        return options.eventTimeOrder()
                ? ColumnMapping.inFiles(now.metadata())
                        .field(eventTime.orElseThrow())
                        .name()
                : "";
    }

    /// The column that the watermark goes by, of which there is one.
    String eventTimeName() {
        return now.metadata().schema().field(eventTime.orElseThrow()).name();
    }

    @Override
    public DeltaStreamTable withEventTime(int column) {
        // Where the order does not matter, a stream with a watermark and one without are one, which is read once.
        return options.eventTimeOrder()
                ? new DeltaStreamTable(table, log, now, options, OptionalInt.of(column), zone, footers)
                : this;
    }

    @Override
    public StreamingSource open(ScanRequest request, Path checkpoint) {
        if (options.eventTimeOrder() && eventTime.isEmpty()) {
            throw new QueryException(
                    "DELTA_SOURCE_NO_EVENT_TIME",
                    table + ": option '" + SourceOptions.EVENT_TIME_ORDER
                            + "' orders the first rows by the column that the watermark goes by, but the query has none that"
                            + " goes by a column of the table. Add withWatermark(…) on such a column, or leave the option out.");
        }
        return new DeltaSource(this, request);
    }
}
