package dev.headrace.delta;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.connector.SinkBatch.TaskWriter;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.errors.DataException;
import dev.headrace.parquet.ParquetWriteOptions;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Writes the rows of one task into data files: one, or one per partition. Used by one thread.
///
/// At most [#MAX_OPEN] files are open at a time. When another partition comes, the file that has waited longest is
/// completed; rows of its partition that come later begin a new one. So is a file that has reached the size that files
/// should have, or the number of rows that they may have.
final class TableTaskWriter implements TaskWriter {
    static final int MAX_OPEN = 64;

    private final Path table;
    private final String directory;
    private final int task;
    private final String namePrefix;
    private final TableSchema schema;
    private final StructType fileColumns;
    private final int indexedColumns;
    private final FileLimits limits;
    private final ParquetWriteOptions options;
    private final Consumer<List<WrittenFile>> finished;
    private final PartitionSplitter splitter;
    private final StructType columns;
    private final TableSchema complete;
    private final Optional<RowRules> rules;
    private RowRules.@Nullable Worker applied;
    private final Map<Map<String, @Nullable String>, DataFileWriter> open = new LinkedHashMap<>(16, 0.75f, true);
    private final List<WrittenFile> written = new ArrayList<>();
    private int fileCount;
    private boolean failed;
    private boolean closed;

    /// @param directory where in the table's directory the files go: empty, or a path that ends in a slash
    /// @param id no other task writer has it
    /// @param rules what rows must obey; absent if they may be anything
    /// @param finished told of all files when the task is complete
    TableTaskWriter(
            Path table,
            String directory,
            int task,
            UUID id,
            TableSchema schema,
            TableMetadata metadata,
            FileLimits limits,
            ParquetWriteOptions options,
            Optional<RowRules> rules,
            Consumer<List<WrittenFile>> finished) {
        this.rules = rules;
        this.columns = metadata.schema();
        this.complete = TableSchema.fit(table.toString(), metadata, columns);
        this.table = table;
        this.directory = directory;
        this.task = task;
        this.namePrefix = String.format(Locale.ROOT, "part-%05d-%s", task, id);
        this.schema = schema;
        this.fileColumns = ColumnMapping.written(metadata, schema.data());
        this.indexedColumns = metadata.indexedColumns();
        this.limits = limits;
        this.options = options;
        this.finished = finished;
        this.splitter = new PartitionSplitter(ColumnMapping.written(metadata, schema.partition()));
    }

    @Override
    public void write(Chunk rows) {
        write(rows, RowRules.Coming.NEW, _ -> {});
    }

    /// Writes rows of which the rules make what they are in the table.
    ///
    /// @param rows borrowed
    /// @param written gets the rows as they are in the table; borrowed
    void write(Chunk rows, RowRules.Coming coming, Consumer<Chunk> written) {
        if (rows.rowCount() == 0) {
            return;
        }
        if (rules.isEmpty()) {
            put(rows, schema);
            written.accept(rows);
            return;
        }
        failed = true;
        BufferAllocator allocator = rows.column(0).getAllocator();
        if (applied == null) {
            Set<String> absent = columns.names().stream()
                    .filter(column -> schema.ordinalOf(column) < 0)
                    .collect(Collectors.toSet());
            applied = rules.get().start(task, absent, allocator.getRoot());
        }
        try (Chunk ofTable = ofTable(rows, allocator);
                Chunk lawful = applied.apply(ofTable, coming, columns)) {
            put(lawful, complete);
            written.accept(lawful);
        }
    }

    /// The rows with all of the table's columns; those that they lack are null.
    private Chunk ofTable(Chunk rows, BufferAllocator allocator) {
        List<FieldVector> vectors = new ArrayList<>();
        for (StructField column : columns) {
            int ordinal = schema.ordinalOf(column.name());
            vectors.add(ordinal < 0 ? RowRules.absent(column, rows.rowCount(), allocator) : rows.share(ordinal));
        }
        return new Chunk(columns, vectors, rows.rowCount());
    }

    /// Writes rows that were in the table before, with all of its columns; the chunk is borrowed.
    void writeKept(Chunk rows) {
        if (rows.rowCount() > 0) {
            put(rows, complete);
        }
    }

    private void put(Chunk rows, TableSchema schema) {
        failed = true;
        BufferAllocator allocator = rows.column(0).getAllocator();
        BufferAllocator root = allocator.getRoot();
        try (Chunk data = schema.dataOf(rows, allocator);
                Chunk keys = schema.partitionOf(rows, allocator)) {
            checkNotNull(data, schema.data());
            checkNotNull(keys, schema.partition());
            if (schema.partition().isEmpty()) {
                put(Map.of(), data, root);
            } else {
                splitter.split(keys, data, allocator, (values, part) -> put(values, part, root));
            }
        }
        finishFull();
        failed = false;
    }

    /// Puts rows of one partition into its file, and into the next ones if they are too many.
    private void put(Map<String, @Nullable String> partition, Chunk rows, BufferAllocator root) {
        int count;
        for (int from = 0; from < rows.rowCount(); from += count) {
            DataFileWriter file = fileOf(partition, root);
            count = (int) Math.min(rows.rowCount() - from, limits.rows() - file.rowCount());
            if (count == rows.rowCount()) {
                file.write(rows);
            } else {
                try (Chunk part = rows.slice(from, count)) {
                    file.write(part);
                }
            }
            if (file.rowCount() == limits.rows()) {
                open.remove(partition);
                finish(file);
            }
        }
    }

    private void finishFull() {
        Iterator<DataFileWriter> files = open.values().iterator();
        while (files.hasNext()) {
            DataFileWriter file = files.next();
            if (file.bytes() >= limits.bytes()) {
                files.remove();
                finish(file);
            }
        }
    }

    private void checkNotNull(Chunk chunk, StructType columns) {
        for (int i = 0; i < columns.size(); i++) {
            if (!columns.field(i).nullable() && chunk.column(i).getNullCount() > 0) {
                throw new DataException(
                        "DELTA_NULL_IN_NOT_NULL_COLUMN",
                        table + ": column '" + columns.field(i).name()
                                + "' is 'not null' in the table, but a row to write "
                                + "has a null there. Filter such rows out or give them a value (coalesce).");
            }
        }
    }

    private DataFileWriter fileOf(Map<String, @Nullable String> partition, BufferAllocator allocator) {
        @Nullable DataFileWriter file = open.get(partition);
        if (file == null) {
            if (open.size() == MAX_OPEN) {
                Map<String, @Nullable String> longestWaiting =
                        open.keySet().iterator().next();
                finish(Objects.requireNonNull(open.remove(longestWaiting)));
            }
            String name = String.format(
                    Locale.ROOT,
                    "%s-c%03d%s.parquet",
                    namePrefix,
                    fileCount++,
                    options.codec().extension());
            file = new DataFileWriter(
                    DataFile.inPartition(table, directory, partition, name),
                    fileColumns,
                    partition,
                    indexedColumns,
                    options,
                    allocator);
            open.put(partition, file);
        }
        return file;
    }

    private void finish(DataFileWriter file) {
        try (file) {
            written.add(file.finish());
        }
    }

    /// Completes the files; after a failed write, or if one can't be completed, gives all of them up.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (failed) {
            abort();
            return;
        }
        try {
            for (DataFileWriter file : open.values()) {
                Cancellation.checkThread();
                finish(file);
            }
            free();
        } catch (Throwable failure) {
            try {
                abort();
            } catch (RuntimeException also) {
                failure.addSuppressed(also);
            }
            throw failure;
        }
        closed = true;
        finished.accept(List.copyOf(written));
    }

    /// Deletes the files; does nothing after [#close].
    @Override
    public void abort() {
        if (closed) {
            return;
        }
        List<AutoCloseable> toBeGone = new ArrayList<>(List.of(this::free));
        written.forEach(file -> toBeGone.add(file::delete));
        closed = true;
        Closing.all(toBeGone);
    }

    /// Deletes files that are not complete.
    private void free() {
        List<AutoCloseable> held = new ArrayList<>(open.values());
        open.clear();
        if (applied != null) {
            held.add(applied);
            applied = null;
        }
        Closing.all(held);
    }
}
