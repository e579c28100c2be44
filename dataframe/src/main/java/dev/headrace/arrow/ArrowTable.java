package dev.headrace.arrow;

import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.Split;
import dev.headrace.connector.Table;
import dev.headrace.files.FaultyFiles;
import dev.headrace.files.InputFile;
import dev.headrace.files.PartitionColumns;
import dev.headrace.files.PartitionFilter;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Files of Arrow IPC, read as one table.
final class ArrowTable implements BatchTable {
    private static final long PART_BYTES = 8L << 20;

    private final List<InputFile> files;
    private final PartitionColumns partitions;
    private final StructType data;
    private final StructType schema;
    private final PartitionFilter pruning;
    private final FaultyFiles faulty;

    /// @param data the columns that the files hold, and perhaps partition columns
    ArrowTable(List<InputFile> files, StructType data, PartitionColumns partitions, FaultyFiles faulty) {
        this.files = List.copyOf(files);
        this.partitions = partitions;
        this.data = data;
        this.schema = partitions.tableSchema(data);
        this.pruning = partitions.filter(schema);
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
        return PartitionColumns.withMetadata(
                schema, () -> new ArrowTable(files, data, partitions.withMetadata(), faulty));
    }

    @Override
    public String description() {
        String first = files.isEmpty() ? "" : " " + files.getFirst().path();
        return "arrow" + first + (files.size() > 1 ? " and " + (files.size() - 1) + " more" : "");
    }

    @Override
    public boolean usesFilter(BoundExpr predicate) {
        return pruning.decides(predicate);
    }

    @Override
    public Optional<String> version() {
        return Optional.of(InputFile.version(files));
    }

    @Override
    public Scan scan(ScanRequest request) {
        int firstPartition = schema.size() - partitions.schema().size();
        List<ArrowChunks.Output> columns = new ArrayList<>();
        for (ScanColumn column : request.columns()) {
            switch (column) {
                case ScanColumn.Stored(int ordinal, var field) ->
                    columns.add(new ArrowChunks.Output(field, ordinal - firstPartition));
                case ScanColumn.Decoded _ -> throw new IllegalArgumentException("Arrow files don't decode payloads");
            }
        }
        return () -> {
            List<Split> splits = new ArrayList<>();
            for (InputFile file : files) {
                if (!pruning.mayMatch(file, request.filters())) {
                    continue;
                }
                int parts = Math.toIntExact(1 + file.bytes() / PART_BYTES);
                for (int i = 0; i < parts; i++) {
                    int part = i;
                    splits.add(faulty.guard(allocator -> new ArrowChunks(
                            ArrowSource.open(file.path(), part, parts, allocator),
                            file,
                            part,
                            columns,
                            partitions,
                            allocator)));
                }
            }
            return splits;
        };
    }
}
