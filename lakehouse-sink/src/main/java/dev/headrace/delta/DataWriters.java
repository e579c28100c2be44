package dev.headrace.delta;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.delta.log.TableMetadata;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/// The new data files of one change of a table. Threads take turns with as few writers as they can, so that a small
/// change makes one file. Thread-safe until [#finish].
final class DataWriters implements AutoCloseable {
    private final TableTarget target;
    private final TableMetadata metadata;
    private final TableSchema schema;
    private final Optional<RowRules> rules;
    private final String directory;
    private final FileLimits limits;
    private final Deque<TableTaskWriter> idle = new ArrayDeque<>();
    private final List<TableTaskWriter> all = new ArrayList<>();
    private final List<WrittenFile> files = new ArrayList<>();
    private final LongAdder rows = new LongAdder();
    private boolean finished;
    private boolean handedOver;

    /// @param metadata of the table; the rows have its columns in its order
    DataWriters(TableTarget target, TableMetadata metadata) {
        this(target, metadata, "");
    }

    /// Of one file for each partition, as long as one thread writes, however large they get.
    static DataWriters ofWholeFiles(TableTarget target, TableMetadata metadata) {
        return new DataWriters(target, metadata, "", FileLimits.NONE);
    }

    /// @param directory where in the table's directory the files go: empty, or a path that ends in a slash
    DataWriters(TableTarget target, TableMetadata metadata, String directory) {
        this(target, metadata, directory, FileLimits.of(target, metadata));
    }

    private DataWriters(TableTarget target, TableMetadata metadata, String directory, FileLimits limits) {
        this.directory = directory;
        this.limits = limits;
        this.target = target;
        this.metadata = metadata;
        // Files of changes hold rows that were lawful when they were written.
        RowRules of = RowRules.of(target, metadata);
        this.rules = of.isEmpty() || !directory.isEmpty() ? Optional.empty() : Optional.of(of);
        this.schema = TableSchema.fit(target.table().toString(), metadata, metadata.schema());
    }

    /// Appends rows.
    ///
    /// @param chunk borrowed
    /// @param seen gets the rows as the table has them, with what it generates; borrowed
    void write(Chunk chunk, RowRules.Coming coming, Consumer<Chunk> seen) {
        with(chunk, writer -> writer.write(chunk, coming, seen));
    }

    /// Appends rows that were in the table before; the chunk is borrowed.
    void writeKept(Chunk chunk) {
        with(chunk, writer -> writer.writeKept(chunk));
    }

    private void with(Chunk chunk, Consumer<TableTaskWriter> write) {
        if (chunk.rowCount() == 0) {
            return;
        }
        TableTaskWriter writer = take();
        try {
            write.accept(writer);
            rows.add(chunk.rowCount());
        } finally {
            giveBack(writer);
        }
    }

    /// What the table is once these rows are committed: as it was, but for how far identity columns have come.
    TableMetadata metadata() {
        return rules.flatMap(RowRules::numbers)
                .map(numbers -> numbers.marked(metadata))
                .orElse(metadata);
    }

    /// Rows written so far.
    long rows() {
        return rows.sum();
    }

    private synchronized TableTaskWriter take() {
        if (!idle.isEmpty()) {
            return idle.pop();
        }
        TableTaskWriter writer = new TableTaskWriter(
                target.table(),
                directory,
                all.size(),
                target.newId(),
                schema,
                metadata,
                limits,
                target.options(),
                rules,
                this::add);
        all.add(writer);
        return writer;
    }

    private synchronized void giveBack(TableTaskWriter writer) {
        idle.push(writer);
    }

    private void add(List<WrittenFile> written) {
        files.addAll(written);
    }

    /// Completes the files, which a commit may name from now on.
    synchronized List<WrittenFile> finish() {
        for (TableTaskWriter writer : all) {
            writer.close();
        }
        finished = true;
        return List.copyOf(files);
    }

    /// The files are the table's now, or may be: they stay.
    void handOver() {
        handedOver = true;
    }

    /// Deletes the files if they were not handed over.
    @Override
    public synchronized void close() {
        if (handedOver) {
            return;
        }
        List<AutoCloseable> toBeGone = new ArrayList<>();
        if (!finished) {
            all.forEach(writer -> toBeGone.add(writer::abort));
        }
        files.forEach(file -> toBeGone.add(file::delete));
        files.clear();
        Closing.all(toBeGone);
    }
}
