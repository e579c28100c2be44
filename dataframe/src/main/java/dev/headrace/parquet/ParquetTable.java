package dev.headrace.parquet;

import dev.headrace.chunk.Cell;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ColumnRange;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.Split;
import dev.headrace.connector.Table;
import dev.headrace.connector.TableFacts;
import dev.headrace.files.FaultyFiles;
import dev.headrace.files.InputFile;
import dev.headrace.files.PartitionColumns;
import dev.headrace.files.PartitionFilter;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Parquet files read as one table.
final class ParquetTable implements BatchTable {
    /// Footers that are read to count or guess the rows.
    private static final int COUNTED_FILES = 64;

    private final String description;
    private final StructType schema;
    private final List<InputFile> files;
    private final PartitionColumns partitions;
    private final PartitionFilter pruning;
    private final ParquetFooters footers;
    private final boolean verifyChecksums;
    private final FaultyFiles faulty;
    private final Map<Integer, Optional<ColumnRange>> ranges = new ConcurrentHashMap<>();
    private volatile long countedRows = -1;

    /// @param schema data columns and partition columns
    ParquetTable(
            String description,
            StructType schema,
            List<InputFile> files,
            PartitionColumns partitions,
            ParquetFooters footers,
            boolean verifyChecksums,
            FaultyFiles faulty) {
        this.description = description;
        this.schema = schema;
        this.files = List.copyOf(files);
        this.partitions = partitions;
        this.pruning = partitions.filter(schema);
        this.footers = footers;
        this.verifyChecksums = verifyChecksums;
        this.faulty = faulty;
    }

    @Override
    public StructType schema() {
        return schema;
    }

    @Override
    public List<String> inputFiles() {
        return InputFile.uris(files);
    }

    @Override
    public Optional<Table> withMetadata() {
        PartitionColumns more = partitions.withMetadata();
        return PartitionColumns.withMetadata(
                schema,
                () -> new ParquetTable(
                        description,
                        schema.add(more.schema().field(more.schema().size() - 1)),
                        files,
                        more,
                        footers,
                        verifyChecksums,
                        faulty));
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public OptionalLong rowCount() {
        long known = countedRows;
        if (known < 0) {
            known = countRows();
            countedRows = known;
        }
        return OptionalLong.of(known);
    }

    /// Footers of more files would have to be read than a scan of a part of them reads. Counted each time: files may
    /// have been replaced.
    @Override
    public OptionalLong exactRowCount() {
        return files.size() <= COUNTED_FILES ? OptionalLong.of(countRows()) : OptionalLong.empty();
    }

    private long countRows() {
        long bytes = 0;
        long rows = 0;
        long allBytes = 0;
        for (InputFile file : files) {
            allBytes += file.bytes();
        }
        for (InputFile file : counted()) {
            bytes += file.bytes();
            rows += footer(file).map(ParquetFooter::rowCount).orElse(0L);
        }
        return bytes == 0 ? 0 : Math.round((double) rows * allBytes / bytes);
    }

    /// All files, or some from the first to the last: of a column that ascends from file to file, neighbours have but a
    /// part of the values.
    private List<InputFile> counted() {
        if (files.size() <= COUNTED_FILES) {
            return files;
        }
        List<InputFile> some = new ArrayList<>(COUNTED_FILES);
        for (int i = 0; i < COUNTED_FILES; i++) {
            some.add(files.get((int) ((long) i * (files.size() - 1) / (COUNTED_FILES - 1))));
        }
        return some;
    }

    /// Empty if the file is passed over.
    private Optional<ParquetFooter> footer(InputFile file) {
        return faulty.read(() -> footers.of(file.path()));
    }

    @Override
    public Optional<ColumnRange> columnRange(int ordinal) {
        return ranges.computeIfAbsent(ordinal, this::readRange);
    }

    private Optional<ColumnRange> readRange(int ordinal) {
        StructField field = schema.field(ordinal);
        if (files.isEmpty() || partitions.schema().indexOf(field.name()).isPresent()) {
            return Optional.empty();
        }
        Optional<ColumnRange> all = Optional.empty();
        for (InputFile file : counted()) {
            Optional<Optional<ColumnRange>> read =
                    faulty.read(() -> footers.of(file.path()).range(field));
            if (read.isEmpty()) {
                continue;
            }
            Optional<ColumnRange> one = read.get();
            if (one.isEmpty()) {
                return one;
            }
            all = Optional.of(all.isPresent() ? all.get().and(one.get()) : one.get());
        }
        return all;
    }

    @Override
    public boolean usesFilter(BoundExpr predicate) {
        if (pruning.decides(predicate)) {
            return true;
        }
        Optional<ParquetFooter> first =
                files.stream().flatMap(file -> footer(file).stream()).findFirst();
        // Some files may have a column that the first one lacks.
        StructType withoutDefaults = TableFacts.inFiles(schema);
        ParquetScan scan = new ParquetScan(
                List.of(),
                List.of(predicate),
                withoutDefaults,
                Set.copyOf(partitions.schema().names()),
                verifyChecksums);
        return first.isPresent() && !(PushedFilter.of(scan, first.get()) instanceof PushedFilter.Unknown);
    }

    @Override
    public Optional<String> version() {
        return Optional.of(InputFile.version(files));
    }

    @Override
    public Scan scan(ScanRequest request) {
        return () -> splits(request);
    }

    private List<Split> splits(ScanRequest request) {
        List<Split> splits = new ArrayList<>();
        ParquetScan shared = scan(columns(request), request.filters());
        boolean counted = request.filters().isEmpty() && !faulty.mayLoseRows();
        long enough = counted ? request.limit().orElse(Long.MAX_VALUE) : Long.MAX_VALUE;
        long planned = 0;
        for (InputFile file : files) {
            if (planned >= enough) {
                break;
            }
            if (!pruning.mayMatch(file, request.filters())) {
                continue;
            }
            ParquetScan scan = partitions.schema().isEmpty() ? shared : withPartition(shared, file);
            List<Split> parts = faulty.read(() -> ParquetSplits.of(file.path(), file.bytes(), scan, footers))
                    .orElse(List.of());
            for (Split split : parts) {
                if (planned < enough) {
                    splits.add(faulty.guard(split));
                    planned += split.estimatedRows();
                }
            }
        }
        return splits;
    }

    private ParquetScan scan(List<ParquetColumn> columns, List<BoundExpr> filters) {
        return new ParquetScan(
                columns, filters, schema, Set.copyOf(partitions.schema().names()), verifyChecksums);
    }

    private List<ParquetColumn> columns(ScanRequest request) {
        List<ParquetColumn> columns = new ArrayList<>();
        for (ScanColumn column : request.columns()) {
            switch (column) {
                case ScanColumn.Stored stored -> columns.add(new ParquetColumn.Stored(stored.field()));
                case ScanColumn.Decoded decoded ->
                    throw new IllegalArgumentException(
                            "Parquet files hold no payloads, but " + decoded.decoder() + " was asked for");
            }
        }
        return columns;
    }

    /// The scan with the values of a file's directories in place of the partition columns.
    private ParquetScan withPartition(ParquetScan scan, InputFile file) {
        List<ParquetColumn> columns = new ArrayList<>();
        for (ParquetColumn column : scan.columns()) {
            StructField field = column.field();
            OptionalInt partition = partitions.schema().indexOf(field.name());
            if (partition.isPresent()) {
                Object value = Cell.narrowed(
                        partitions.value(partition.getAsInt(), file),
                        partitions.schema().field(partition.getAsInt()).dataType(),
                        field.dataType());
                columns.add(new ParquetColumn.Constant(field, new Scalar(value, field.dataType())));
            } else {
                columns.add(column);
            }
        }
        return new ParquetScan(columns, scan.filters(), schema, scan.notInFiles(), verifyChecksums);
    }
}
