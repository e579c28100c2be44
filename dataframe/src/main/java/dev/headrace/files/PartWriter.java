package dev.headrace.files;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.connector.SinkBatch.TaskWriter;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Writes a task's rows of one place: into one file, or several if they are too many for one. Counts them, and forces
/// each file to disk at its end.
final class PartWriter implements TaskWriter {
    private final Path directory;
    private final PartName name;
    private final StructType schema;
    private final FileOutput output;
    private final AtomicLong rows;
    private final List<Path> files = new ArrayList<>();

    /// Of the last file.
    private TaskWriter writer;
    /// In the last file.
    private long fileRows;
    /// Whether the last file is complete.
    private boolean closed;

    /// @param rows where to add the rows that were written
    PartWriter(Path directory, PartName name, StructType schema, FileOutput output, AtomicLong rows) {
        this.directory = directory;
        this.name = name;
        this.schema = schema;
        this.output = output;
        this.rows = rows;
        this.writer = next();
    }

    private TaskWriter next() {
        Path file = directory.resolve(name.ofFile(files.size()));
        try {
            Files.createDirectories(directory);
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw OutputFailure.of(file, failed);
        }
        TaskWriter begun = output.files().create(file, schema);
        files.add(file);
        return begun;
    }

    /// Where the rows are.
    List<Path> files() {
        return files;
    }

    @Override
    public void write(Chunk chunk) {
        int count;
        for (int from = 0; from < chunk.rowCount(); from += count) {
            if (fileRows == output.mostRows()) {
                close();
                writer = next();
                fileRows = 0;
                closed = false;
            }
            count = (int) Math.min(chunk.rowCount() - from, output.mostRows() - fileRows);
            if (count == chunk.rowCount()) {
                writer.write(chunk);
            } else {
                try (Chunk part = chunk.slice(from, count)) {
                    writer.write(part);
                }
            }
            fileRows += count;
        }
        rows.addAndGet(chunk.rowCount());
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        writer.close();
        try {
            DurableFiles.force(files.getLast());
        } catch (IOException failed) {
            throw OutputFailure.of(files.getLast(), failed);
        }
    }

    /// Deletes the files, whether they are complete or not.
    @Override
    public void abort() {
        List<AutoCloseable> toBeGone = new ArrayList<>();
        if (!closed) {
            closed = true;
            toBeGone.add(writer::abort);
        }
        files.forEach(file -> toBeGone.add(() -> delete(file)));
        Closing.all(toBeGone);
    }

    /// Deletes a file that nobody will commit.
    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw OutputFailure.of(file, failed);
        }
    }
}
