package dev.headrace.delta.log;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A data file becomes part of the table.
///
/// @param path relative to the table's directory (or absolute), percent-encoded as in a URI
/// @param partitionValues for each partition column its value as text; null where it is null
/// @param size in bytes
/// @param modificationTimeMillis when it was written, since 1970
/// @param dataChange false if the rows were in the table before, as after a compaction
/// @param stats JSON that [FileStatistics] reads
/// @param deletionVector which rows of the file don't count, if some don't
public record AddFile(
        String path,
        Map<String, @Nullable String> partitionValues,
        long size,
        long modificationTimeMillis,
        boolean dataChange,
        Optional<String> stats,
        Optional<DeletionVector> deletionVector)
        implements Action {

    // Written out: the compiler keeps no annotations of types for a compact constructor.
    public AddFile(
            String path,
            Map<String, @Nullable String> partitionValues,
            long size,
            long modificationTimeMillis,
            boolean dataChange,
            Optional<String> stats,
            Optional<DeletionVector> deletionVector) {
        this.path = path;
        this.partitionValues = Collections.unmodifiableMap(new LinkedHashMap<>(partitionValues));
        this.size = size;
        this.modificationTimeMillis = modificationTimeMillis;
        this.dataChange = dataChange;
        this.stats = stats;
        this.deletionVector = deletionVector;
    }

    /// The action that takes this file out of the table, rows and all.
    public RemoveFile remove(long deletionTimestampMillis) {
        return new RemoveFile(path, deletionTimestampMillis, true, partitionValues, size, deletionVector);
    }

    /// The action that takes this file out of the table while its rows stay, in other files.
    public RemoveFile moved(long deletionTimestampMillis) {
        return new RemoveFile(path, deletionTimestampMillis, false, partitionValues, size, deletionVector);
    }

    /// This file as one whose rows were in the table before, in other files.
    public AddFile asMoved() {
        return new AddFile(path, partitionValues, size, modificationTimeMillis, false, stats, deletionVector);
    }

    /// This file as it becomes part of another table.
    ///
    /// @param elsewhere its path from there
    /// @param vector its deleted rows, as they are found from there
    public AddFile at(String elsewhere, Optional<DeletionVector> vector) {
        return new AddFile(elsewhere, partitionValues, size, modificationTimeMillis, true, stats, vector);
    }

    /// This file with other rows deleted in it. Its statistics are bounds still, if not tight ones.
    public AddFile withDeletionVector(DeletionVector vector) {
        return new AddFile(
                path,
                partitionValues,
                size,
                modificationTimeMillis,
                true,
                stats.map(FileStatistics::loosened),
                Optional.of(vector));
    }
}
