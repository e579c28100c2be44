package dev.headrace.files;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.columns.StructWriter;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.Split;
import dev.headrace.connector.Table;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// A table of files that are read row by row: what JSON, CSV, plain text and whole files have in common.
public final class FileTable implements BatchTable {
    /// How a format reads rows.
    public interface Format {
        /// The name, such as `json`.
        String name();

        /// Whether files may be read in parts.
        boolean isSplittable();

        /// The columns to parse so that those asked for are right: these, and perhaps more.
        ///
        /// @param asked columns of the files
        /// @param all all columns of the files
        StructType columnsToParse(StructType asked, StructType all);

        /// Whether files may be read less for a filter.
        ///
        /// @param columns all columns of the files, to which its ordinals lead first
        default boolean usesFilter(BoundExpr filter, StructType columns) {
            return false;
        }

        /// The same that may leave out rows for which these filters are not all true.
        default Format leavingOut(List<BoundExpr> filters) {
            return this;
        }

        /// Opens a part of a file.
        ///
        /// @param columns what to parse, as [#columnsToParse] said
        /// @param all all columns of the files
        RowReader open(FileRange range, StructType columns, StructType all, BufferAllocator allocator);
    }

    /// Reads the rows of a part of a file into columns; used by one thread.
    public interface RowReader extends AutoCloseable {
        /// Reads on until there are `maxRows` rows or a fair amount of bytes has been read, or the part ends.
        ///
        /// @return the number of rows in [#columns], which are to be taken out before the next call; 0 at the end
        int read(int maxRows);

        StructWriter columns();

        /// The names of the columns asked for that the file lacks.
        default Set<String> missing() {
            return Set.of();
        }

        /// `bytesRead`, `malformedRows`.
        Map<String, Long> metrics();

        @Override
        void close();
    }

    private final List<InputFile> files;
    private final StructType fileColumns;
    private final PartitionColumns partitions;
    private final StructType schema;
    private final PartitionFilter pruning;
    private final Format format;
    private final FaultyFiles faulty;
    private final int parallelism;

    /// @param fileColumns the columns that the files hold
    public FileTable(
            List<InputFile> files,
            StructType fileColumns,
            PartitionColumns partitions,
            Format format,
            ConnectorOptions options) {
        this(
                files,
                fileColumns,
                partitions,
                format,
                FaultyFiles.of(options),
                options.session().parallelism());
    }

    /// @param parallelism how many threads will read
    private FileTable(
            List<InputFile> files,
            StructType fileColumns,
            PartitionColumns partitions,
            Format format,
            FaultyFiles faulty,
            int parallelism) {
        this.files = List.copyOf(files);
        this.fileColumns = partitions.fileColumns(fileColumns);
        this.partitions = partitions;
        this.schema = partitions.tableSchema(fileColumns);
        this.pruning = partitions.filter(schema);
        this.format = format;
        this.faulty = faulty;
        this.parallelism = parallelism;
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
                schema,
                () -> new FileTable(files, fileColumns, partitions.withMetadata(), format, faulty, parallelism));
    }

    @Override
    public String description() {
        String first = files.isEmpty() ? "" : " " + files.getFirst().path();
        return format.name() + first + (files.size() > 1 ? " and " + (files.size() - 1) + " more" : "");
    }

    @Override
    public Optional<String> version() {
        return Optional.of(InputFile.version(files));
    }

    @Override
    public boolean usesFilter(BoundExpr predicate) {
        return pruning.decides(predicate) || format.usesFilter(predicate, fileColumns);
    }

    @Override
    public Scan scan(ScanRequest request) {
        return () -> {
            List<Split> splits = new ArrayList<>();
            List<InputFile> read = files.stream()
                    .filter(file -> pruning.mayMatch(file, request.filters()))
                    .toList();
            for (FileRange range : FileRange.split(read, format.isSplittable(), parallelism)) {
                splits.add(faulty.guard(allocator -> open(range, request, allocator)));
            }
            return splits;
        };
    }

    private ChunkReader open(FileRange range, ScanRequest request, BufferAllocator allocator) {
        List<StructField> asked = new ArrayList<>();
        for (ScanColumn column : request.columns()) {
            if (!isPartition(column)) {
                asked.add(column.field());
            }
        }
        Format reading = format.leavingOut(request.filters());
        StructType parsed = reading.columnsToParse(new StructType(asked), fileColumns);
        return new Chunks(range, request, parsed, reading.open(range, parsed, fileColumns, allocator), allocator);
    }

    private boolean isPartition(ScanColumn column) {
        return switch (column) {
            case ScanColumn.Stored(int ordinal, var _) -> ordinal >= fileColumns.size();
            case ScanColumn.Decoded _ ->
                throw new IllegalArgumentException(format.name() + " files don't decode payloads");
        };
    }

    private final class Chunks implements ChunkReader {
        private final FileRange range;
        private final ScanRequest request;
        private final StructType parsed;
        private final RowReader rows;
        private final BufferAllocator allocator;
        private final StructType outputSchema;
        private long left;
        /// Rows that are more than one chunk should have, and how many of them have been given.
        private @Nullable Chunk large;

        private int given;

        Chunks(FileRange range, ScanRequest request, StructType parsed, RowReader rows, BufferAllocator allocator) {
            this.range = range;
            this.request = request;
            this.parsed = parsed;
            this.rows = rows;
            this.allocator = allocator;
            this.outputSchema = request.outputSchema();
            this.left = request.limit().orElse(Long.MAX_VALUE);
        }

        @Override
        public @Nullable Chunk next() {
            if (large != null) {
                return nextOfLarge(large);
            }
            if (left <= 0) {
                return null;
            }
            int count = rows.read((int) Math.min(left, Chunk.TARGET_ROWS));
            if (count == 0) {
                return null;
            }
            left -= count;
            Chunk chunk = chunk(count);
            if (count <= Chunk.TARGET_ROWS) {
                return chunk;
            }
            large = chunk;
            given = 0;
            return nextOfLarge(chunk);
        }

        private Chunk nextOfLarge(Chunk all) {
            int count = Math.min(Chunk.TARGET_ROWS, all.rowCount() - given);
            Chunk part = all.slice(given, count);
            given += count;
            if (given == all.rowCount()) {
                all.close();
                large = null;
            }
            return part;
        }

        private Chunk chunk(int count) {
            List<FieldVector> vectors = new ArrayList<>();
            try {
                for (StructField field : parsed) {
                    vectors.add(ArrowTypes.field(field).createVector(allocator));
                }
                rows.columns().loadColumns(vectors, count);
                List<FieldVector> output = new ArrayList<>();
                for (ScanColumn column : request.columns()) {
                    Optional<Scalar> otherwise = ofMissing(column);
                    if (isPartition(column)) {
                        output.add(partition((ScanColumn.Stored) column, count, vectors));
                    } else if (otherwise.isPresent()) {
                        output.add(constant(column.field(), otherwise.get(), count, vectors));
                    } else {
                        output.add(vectors.get(parsed.fieldIndex(column.field().name())));
                    }
                }
                vectors.stream().filter(vector -> !output.contains(vector)).forEach(FieldVector::close);
                return new Chunk(outputSchema, output, count);
            } catch (Throwable failed) {
                Closing.all(vectors);
                throw failed;
            }
        }

        private Optional<Scalar> ofMissing(ScanColumn column) {
            return rows.missing().contains(column.field().name())
                    ? fileColumns.indexOf(column.field().name()).stream()
                            .boxed()
                            .findFirst()
                            .flatMap(at -> ExistsDefault.of(fileColumns.field(at)))
                    : Optional.empty();
        }

        /// @param vectors what is closed if something fails; the new vector joins them
        private FieldVector constant(StructField field, Scalar value, int count, List<FieldVector> vectors) {
            FieldVector vector = ArrowTypes.field(field).createVector(allocator);
            vectors.add(vector);
            vector.setInitialCapacity(count);
            vector.allocateNew();
            for (int row = 0; row < count; row++) {
                Cell.write(vector, row, value.value());
            }
            vector.setValueCount(count);
            return vector;
        }

        /// @param vectors what is closed if something fails; the new vector joins them
        private FieldVector partition(ScanColumn.Stored column, int count, List<FieldVector> vectors) {
            FieldVector vector = partitions.vector(
                    column.ordinal() - fileColumns.size(), column.field(), range.file(), count, allocator);
            vectors.add(vector);
            return vector;
        }

        @Override
        public Map<String, Long> metrics() {
            return rows.metrics();
        }

        @Override
        public void close() {
            if (large != null) {
                large.close();
                large = null;
            }
            rows.close();
        }
    }

    @Override
    public OptionalLong rowCount() {
        return OptionalLong.empty();
    }
}
