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
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.parquet.ParquetColumn;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.parquet.ParquetScan;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One version of a Delta table, to be read.
///
/// A scan leaves out files by their partition values and by the statistics that the log keeps of them, then row groups
/// by those that the files keep. Partition columns come from the log: the files lack them.
final class TableVersion implements BatchTable {
    /// A file larger than this is read in several splits.
    private static final long SPLIT_BYTES = 64L << 20;

    /// Columns that are not the table's: a file's place in the list of files, a row's place in its file.
    static final StructField FILE = new StructField("__headrace_file", DataTypes.IntegerType, false);

    static final StructField ROW = new StructField("__headrace_row", DataTypes.LongType, false);

    private final Path table;
    private final long version;
    private final TableMetadata metadata;
    private final Supplier<List<AddFile>> listing;
    private final ZoneId zone;
    private final ParquetFooters footers;
    private final boolean withPlaces;
    private final @Nullable BitSet read;
    private @Nullable List<AddFile> files;

    /// @param zone of partition values that are timestamps without one
    /// @throws dev.headrace.errors.QueryException `DELTA_UNSUPPORTED_FEATURE`
    TableVersion(Path table, TableSnapshot snapshot, ZoneId zone, ParquetFooters footers) {
        TableFeatures.checkReadable(table.toString(), snapshot);
        this.table = table;
        this.version = snapshot.version();
        this.metadata = snapshot.metadata();
        this.listing = () -> snapshot.files(FileFilter.everything());
        this.read = null;
        this.zone = zone;
        this.footers = footers;
        this.withPlaces = false;
    }

    /// Some files of a version that is known to be readable, in this order, whose rows say where they come from.
    ///
    /// @param read which of the files a scan reads
    TableVersion(
            Path table,
            long version,
            TableMetadata metadata,
            List<AddFile> files,
            BitSet read,
            ZoneId zone,
            ParquetFooters footers) {
        this.table = table;
        this.version = version;
        this.metadata = metadata;
        this.listing = () -> files;
        this.read = read;
        this.zone = zone;
        this.footers = footers;
        this.withPlaces = true;
    }

    /// Whether a query reads a version of a table as a whole: not only the files that a change looks at.
    static boolean isRead(LogicalPlan query, Path table, long version) {
        boolean here = query instanceof LogicalPlan.Scan scan
                && scan.table() instanceof TableVersion read
                && !read.withPlaces
                && read.table.equals(table)
                && read.version == version;
        return here || query.inputs().stream().anyMatch(input -> isRead(input, table, version));
    }

    @Override
    public StructType schema() {
        StructType columns = metadata.schema();
        return withPlaces ? columns.add(FILE).add(ROW) : columns;
    }

    @Override
    public String description() {
        return "delta " + table + "@v" + version;
    }

    @Override
    public Optional<String> version() {
        return read == null ? Optional.of(Long.toString(version)) : Optional.empty();
    }

    @Override
    public OptionalLong rowCount() {
        long rows = 0;
        for (AddFile file : files()) {
            OptionalLong inFile = rowsOf(file);
            if (inFile.isEmpty()) {
                return OptionalLong.empty();
            }
            rows += inFile.getAsLong();
        }
        return OptionalLong.of(rows);
    }

    /// As the statistics of the log's entries say, deleted rows not counted.
    @Override
    public OptionalLong exactRowCount() {
        return read == null ? rowCount() : OptionalLong.empty();
    }

    @Override
    public boolean usesFilter(BoundExpr predicate) {
        return FileFilter.canUse(predicate);
    }

    @Override
    public Scan scan(ScanRequest request) {
        FileFilter filter = filter(request.filters());
        List<Split> splits = new ArrayList<>();
        long rows = 0;
        List<AddFile> all = files();
        for (int i = 0; i < all.size(); i++) {
            AddFile file = all.get(i);
            if ((read != null && !read.get(i)) || !filter.mayMatch(file)) {
                continue;
            }
            List<Split> ofFile = splitsOf(i, request);
            splits.addAll(ofFile);
            rows += rowsOf(file).orElse(0);
            if (request.filters().isEmpty()
                    && request.limit().isPresent()
                    && rows >= request.limit().getAsLong()) {
                break;
            }
        }
        List<Split> planned = List.copyOf(splits);
        return () -> planned;
    }

    /// Which files may hold rows that satisfy some predicates over [#schema].
    FileFilter filter(List<BoundExpr> predicates) {
        return new FileFilter(inFiles(predicates), inFiles(), ColumnMapping.partitionColumns(metadata), zone);
    }

    private List<BoundExpr> inFiles(List<BoundExpr> predicates) {
        return ColumnMapping.inFiles(metadata, predicates, inFiles());
    }

    /// [#schema] under the names that files have.
    private StructType inFiles() {
        StructType columns = ColumnMapping.inFiles(metadata);
        return withPlaces ? columns.add(FILE).add(ROW) : columns;
    }

    private static OptionalLong rowsOf(AddFile file) {
        OptionalLong rows = FileStatistics.read(file.stats(), new StructType()).rowCount();
        return rows.isPresent() && file.deletionVector().isPresent()
                ? OptionalLong.of(rows.getAsLong() - file.deletionVector().get().cardinality())
                : rows;
    }

    /// The parts of one file, by its place in the list.
    List<Split> splitsOf(int place, ScanRequest request) {
        AddFile file = files().get(place);
        List<Split> splits = splitsWithoutDeleted(file, place, request);
        return ColumnMapping.isMapped(metadata)
                ? splits.stream()
                        .<Split>map(split -> new Renamed(split, request.outputSchema()))
                        .toList()
                : splits;
    }

    private List<Split> splitsWithoutDeleted(AddFile file, int place, ScanRequest request) {
        if (file.deletionVector().isEmpty()) {
            return splitsOf(file, scan(place, request));
        }
        BitSet deleted = DeletionVectors.read(table, file.deletionVector().get());
        ParquetScan scan = scan(place, request);
        List<ParquetColumn> columns = new ArrayList<>(scan.columns());
        columns.add(new ParquetColumn.RowPosition(ROW));
        ParquetScan withPlace = new ParquetScan(
                columns, scan.filters(), scan.filterSchema(), scan.notInFiles(), scan.verifyChecksums());
        return splitsOf(file, withPlace).stream()
                .<Split>map(split -> new RowsLeft(split, deleted))
                .toList();
    }

    private ParquetScan scan(int place, ScanRequest request) {
        Set<String> notInFiles = new HashSet<>(ColumnMapping.partitionColumns(metadata));
        notInFiles.add(FILE.name());
        notInFiles.add(ROW.name());
        List<BoundExpr> filters = ColumnMapping.isById(metadata) ? List.of() : inFiles(request.filters());
        return new ParquetScan(columnsOf(place, request), filters, inFiles(), notInFiles, true);
    }

    private List<Split> splitsOf(AddFile file, ParquetScan scan) {
        Path path = DataFile.resolve(table, file.path());
        if (file.size() <= SPLIT_BYTES) {
            return List.of(new DeltaSplit(
                    table, path, scan, 0, Integer.MAX_VALUE, rowsOf(file).orElse(0), footers));
        }
        return DeltaSplit.perRowGroup(table, path, scan, footers);
    }

    private List<ParquetColumn> columnsOf(int place, ScanRequest request) {
        List<ParquetColumn> columns = new ArrayList<>();
        for (ScanColumn column : request.columns()) {
            switch (column) {
                case ScanColumn.Stored(int ordinal, StructField field) -> columns.add(columnOf(place, ordinal, field));
                case ScanColumn.Decoded decoded ->
                    throw new IllegalArgumentException("a Delta table decodes no payloads: " + decoded.field());
            }
        }
        return columns;
    }

    private ParquetColumn columnOf(int place, int ordinal, StructField field) {
        int ofTable = metadata.schema().size();
        if (ordinal == ofTable) {
            return new ParquetColumn.Constant(field, new Scalar(place, field.dataType()));
        }
        if (ordinal > ofTable) {
            return new ParquetColumn.RowPosition(field);
        }
        AddFile file = files().get(place);
        StructField column = metadata.schema().field(ordinal);
        StructField inFile = ColumnMapping.inFiles(metadata, field, column);
        String name = inFiles().field(ordinal).name();
        if (!metadata.partitionColumns().contains(column.name())) {
            return new ParquetColumn.Stored(inFile);
        }
        @Nullable Object value = PartitionValue.read(file.partitionValues().get(name), field.dataType(), name, zone);
        return new ParquetColumn.Constant(field, new Scalar(value, field.dataType()));
    }

    /// All files, read from the log once.
    private synchronized List<AddFile> files() {
        if (files == null) {
            files = List.copyOf(listing.get());
        }
        return files;
    }
}
