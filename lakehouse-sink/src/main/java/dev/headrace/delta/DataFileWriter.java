package dev.headrace.delta;

import dev.headrace.chunk.Chunk;
import dev.headrace.delta.log.AddFile;
import dev.headrace.files.OutputFailure;
import dev.headrace.parquet.ParquetChunkWriter;
import dev.headrace.parquet.ParquetFileStatistics;
import dev.headrace.parquet.ParquetWriteOptions;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Writes one data file of a table, and what the log will say of it. Used by one thread.
final class DataFileWriter implements AutoCloseable {
    private final DataFile place;
    private final StructType schema;
    private final Map<String, @Nullable String> partitionValues;
    private final int indexedColumns;
    private final ParquetChunkWriter rows;
    private long rowCount;
    private boolean finished;

    /// Begins a file.
    ///
    /// @param schema of the file: the table's without the partition columns
    /// @param indexedColumns of how many leaf columns, from the first, the log gets statistics
    /// @param allocator for rows that are not in the file yet
    DataFileWriter(
            DataFile place,
            StructType schema,
            Map<String, @Nullable String> partitionValues,
            int indexedColumns,
            ParquetWriteOptions options,
            BufferAllocator allocator) {
        this.place = place;
        this.schema = schema;
        this.partitionValues = partitionValues;
        this.indexedColumns = indexedColumns;
        Path file = place.file();
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
        } catch (IOException failed) {
            throw OutputFailure.of(file, failed);
        }
        rows = ParquetChunkWriter.open(file, schema, options.withSync(), allocator);
    }

    /// Appends rows of the file's schema; the chunk is borrowed.
    void write(Chunk chunk) {
        rows.write(chunk);
        rowCount += chunk.rowCount();
    }

    /// Those that it has got so far.
    long rowCount() {
        return rowCount;
    }

    /// About how large the file is so far.
    long bytes() {
        return rows.bytes();
    }

    /// Completes the file and makes its contents durable. Its name is not yet: the directory must be forced.
    WrittenFile finish() {
        ParquetFileStatistics statistics = rows.finish();
        finished = true;
        Path file = place.file();
        try {
            AddFile action = new AddFile(
                    place.encodedPath(),
                    partitionValues,
                    statistics.sizeBytes(),
                    Files.getLastModifiedTime(file).toMillis(),
                    true,
                    Optional.of(WrittenStatistics.of(statistics, schema, indexedColumns)
                            .json(schema)),
                    Optional.empty());
            return new WrittenFile(file, action, statistics.rowCount());
        } catch (IOException failed) {
            throw OutputFailure.of(file, failed);
        }
    }

    /// Frees what the writer holds; a file that is not complete is deleted.
    @Override
    public void close() {
        rows.close();
        if (!finished) {
            try {
                Files.deleteIfExists(place.file());
            } catch (IOException failed) {
                throw OutputFailure.of(place.file(), failed);
            }
        }
    }
}
