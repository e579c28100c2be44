package dev.headrace.delta;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.SinkBatch.TaskWriter;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.LocalCommitStore;
import dev.headrace.files.OutputFailure;
import dev.headrace.files.PartFiles;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes one data file of a table and what the log will say of it. Used by one thread.
final class DataFileWriter {
    private final DataFile place;
    private final StructType schema;
    private final Map<String, @Nullable String> partitionValues;
    private final TaskWriter rows;
    private final StatisticsCollector statistics;

    /// Begins a file.
    ///
    /// @param schema of the file: the table's without the partition columns
    /// @param indexedColumns for how many leaf columns to collect statistics
    DataFileWriter(
            DataFile place,
            StructType schema,
            Map<String, @Nullable String> partitionValues,
            int indexedColumns,
            PartFiles files) {
        this.place = place;
        this.schema = schema;
        this.partitionValues = partitionValues;
        Path file = place.file();
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException failed) {
            throw OutputFailure.of(file, failed);
        }
        rows = files.create(file, schema);
        statistics = new StatisticsCollector(schema, indexedColumns);
    }

    /// Appends rows of the file's schema; the chunk is borrowed.
    void write(Chunk chunk) {
        rows.write(chunk);
        statistics.add(chunk);
    }

    /// Completes the file and makes its contents durable. Its name is not yet: the directory must be forced.
    WrittenFile finish() {
        rows.close();
        Path file = place.file();
        try {
            LocalCommitStore.force(file);
            AddFile action = new AddFile(
                    place.encodedPath(),
                    partitionValues,
                    Files.size(file),
                    Files.getLastModifiedTime(file).toMillis(),
                    true,
                    Optional.of(statistics.result().json(schema)),
                    Optional.empty());
            return new WrittenFile(file, action, statistics.rowCount());
        } catch (IOException failed) {
            throw OutputFailure.of(file, failed);
        }
    }

    /// Gives the file up and deletes it.
    void abandon() {
        try (rows) {
            Files.deleteIfExists(place.file());
        } catch (IOException failed) {
            throw OutputFailure.of(place.file(), failed);
        }
    }
}
