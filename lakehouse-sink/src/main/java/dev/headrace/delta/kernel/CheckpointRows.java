package dev.headrace.delta.kernel;

import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What the files of checkpoints say, row by row, as they are: without the log around them.
record CheckpointRows(Engine engine) {
    /// @param file in JSON or Parquet
    /// @param columns null where the file has no such column
    /// @throws NoSuchFileException if there is no such file
    /// @throws IOException if it can't be read
    void forEach(Path file, StructType columns, Consumer<Row> recipient) throws IOException {
        FileStatus status =
                PathFileIO.statusIfThere(file).orElseThrow(() -> new NoSuchFileException(file.toString()));
        try (CloseableIterator<ColumnarBatch> batches =
                batches(file, columns, PathFileIO.iterator(List.of(status)))) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        recipient.accept(rows.next());
                    }
                }
            }
        } catch (RuntimeException damaged) {
            throw new IOException(file + ": can't be read", damaged);
        }
    }

    private CloseableIterator<ColumnarBatch> batches(
            Path file, StructType columns, CloseableIterator<FileStatus> one) throws IOException {
        return file.toString().endsWith(".json")
                ? engine.getJsonHandler().readJsonFiles(one, columns, Optional.empty())
                : engine.getParquetHandler()
                        .readParquetFiles(one, columns, Optional.empty())
                        .map(FileReadResult::getData);
    }
}
