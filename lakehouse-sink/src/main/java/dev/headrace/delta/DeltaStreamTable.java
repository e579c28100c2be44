package dev.headrace.delta;

import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingSource;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.ZoneId;

/// A table as a stream of the rows that are added to it.
///
/// @param now the version whose schema the rows have
record DeltaStreamTable(
        Path table, TableLog log, TableSnapshot now, SourceOptions options, ZoneId zone, ParquetFooters footers)
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

    @Override
    public StreamingSource open(ScanRequest request, Path checkpoint) {
        return new DeltaSource(this, request);
    }
}
