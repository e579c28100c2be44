package dev.headrace.files;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.SinkBatch.TaskWriter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A writer that begins with the first row: a task without rows leaves no file.
final class LazyWriter implements TaskWriter {
    private final Supplier<TaskWriter> maker;
    private @Nullable TaskWriter writer;

    LazyWriter(Supplier<TaskWriter> maker) {
        this.maker = maker;
    }

    @Override
    public void write(Chunk rows) {
        if (rows.rowCount() == 0) {
            return;
        }
        TaskWriter open = writer == null ? maker.get() : writer;
        writer = open;
        open.write(rows);
    }

    @Override
    public void close() {
        if (writer != null) {
            writer.close();
        }
    }

    @Override
    public void abort() {
        if (writer != null) {
            writer.abort();
        }
    }
}
