package dev.headrace.files;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.SinkBatch.TaskWriter;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/// Writes one part file, counts its rows, and forces it to disk at the end.
final class PartWriter implements TaskWriter {
    private final Path file;
    private final TaskWriter writer;
    private final AtomicLong rows;
    private boolean closed;

    /// @param rows where to add the rows that were written
    PartWriter(Path file, StructType schema, PartFiles files, AtomicLong rows) {
        this.file = file;
        this.rows = rows;
        try {
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw OutputFailure.of(file, failed);
        }
        this.writer = files.create(file, schema);
    }

    @Override
    public void write(Chunk chunk) {
        writer.write(chunk);
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
            DurableFiles.force(file);
        } catch (IOException failed) {
            throw OutputFailure.of(file, failed);
        }
    }

    /// Deletes the file, whether it is complete or not.
    @Override
    public void abort() {
        try {
            if (!closed) {
                closed = true;
                writer.abort();
            }
        } finally {
            delete(file);
        }
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
