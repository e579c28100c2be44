package dev.headrace.delta;

import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.Split;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.FileStatistics;
import dev.headrace.delta.log.PartitionValue;
import dev.headrace.delta.log.TableFeatures;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.parquet.ParquetColumn;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.parquet.ParquetScan;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One version of a Delta table, to be read.
///
/// A scan leaves out files by their partition values and by the statistics that the log keeps of them, then row groups
/// by those that the files keep. Partition columns come from the log: the files lack them.
final class DeltaTable implements BatchTable {
    /// A file larger than this is read in several splits.
    private static final long SPLIT_BYTES = 64L << 20;

    private final Path table;
    private final TableSnapshot snapshot;
    private final ZoneId zone;
    private final ParquetFooters footers;
    private @Nullable List<AddFile> files;

    /// @param zone of partition values that are timestamps without one
    /// @throws dev.headrace.errors.QueryException `DELTA_UNSUPPORTED_FEATURE`
    DeltaTable(Path table, TableSnapshot snapshot, ZoneId zone, ParquetFooters footers) {
        TableFeatures.checkReadable(table.toString(), snapshot);
        this.table = table;
        this.snapshot = snapshot;
        this.zone = zone;
        this.footers = footers;
    }

    @Override
    public StructType schema() {
        return snapshot.metadata().schema();
    }

    @Override
    public String description() {
        return "delta " + table + "@v" + snapshot.version();
    }

    @Override
    public OptionalLong rowCount() {
        long rows = 0;
        for (AddFile file : files()) {
            OptionalLong inFile =
                    FileStatistics.read(file.stats(), new StructType()).rowCount();
            if (inFile.isEmpty()) {
                return OptionalLong.empty();
            }
            rows += inFile.getAsLong();
        }
        return OptionalLong.of(rows);
    }

    @Override
    public boolean usesFilter(BoundExpr predicate) {
        return FileFilter.canUse(predicate);
    }

    @Override
    public Scan scan(ScanRequest request) {
        List<String> partitionColumns = snapshot.metadata().partitionColumns();
        FileFilter filter = new FileFilter(request.filters(), schema(), partitionColumns, zone);
        List<Split> splits = new ArrayList<>();
        long rows = 0;
        for (AddFile file : files()) {
            if (!filter.mayMatch(file)) {
                continue;
            }
            TableFeatures.checkReadable(table.toString(), file);
            OptionalLong fileRows =
                    FileStatistics.read(file.stats(), new StructType()).rowCount();
            splits.addAll(splitsOf(file, fileRows, request));
            rows += fileRows.orElse(0);
            if (request.filters().isEmpty()
                    && request.limit().isPresent()
                    && rows >= request.limit().getAsLong()) {
                break;
            }
        }
        List<Split> all = List.copyOf(splits);
        return () -> all;
    }

    private List<Split> splitsOf(AddFile file, OptionalLong rows, ScanRequest request) {
        ParquetScan scan = new ParquetScan(
                columnsOf(file, request),
                request.filters(),
                schema(),
                Set.copyOf(snapshot.metadata().partitionColumns()),
                true);
        Path path = DataFile.resolve(table, file.path());
        if (file.size() <= SPLIT_BYTES) {
            return List.of(new DeltaSplit(table, path, scan, 0, Integer.MAX_VALUE, rows.orElse(0), footers));
        }
        return DeltaSplit.perRowGroup(table, path, scan, footers);
    }

    private List<ParquetColumn> columnsOf(AddFile file, ScanRequest request) {
        List<ParquetColumn> columns = new ArrayList<>();
        for (ScanColumn column : request.columns()) {
            switch (column) {
                case ScanColumn.Stored(int ordinal, StructField field) -> columns.add(columnOf(file, ordinal, field));
                case ScanColumn.Decoded decoded ->
                    throw new IllegalArgumentException("a Delta table decodes no payloads: " + decoded.field());
            }
        }
        return columns;
    }

    private ParquetColumn columnOf(AddFile file, int ordinal, StructField field) {
        String name = schema().field(ordinal).name();
        if (!snapshot.metadata().partitionColumns().contains(name)) {
            return new ParquetColumn.Stored(field);
        }
        @Nullable Object value = PartitionValue.read(file.partitionValues().get(name), field.dataType(), name, zone);
        return new ParquetColumn.Constant(field, new Scalar(value, field.dataType()));
    }

    /// All files, read from the log once.
    private synchronized List<AddFile> files() {
        if (files == null) {
            files = snapshot.files(FileFilter.everything());
        }
        return files;
    }
}
