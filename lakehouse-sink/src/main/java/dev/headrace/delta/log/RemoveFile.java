package dev.headrace.delta.log;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A data file is no longer part of the table; the file itself stays until a vacuum, for readers of older versions.
///
/// @param path as in the [AddFile]
/// @param deletionTimestampMillis since 1970
/// @param dataChange false if the rows stay in the table in other files
/// @param partitionValues of all its rows, as in the [AddFile]
public record RemoveFile(
        String path,
        long deletionTimestampMillis,
        boolean dataChange,
        Map<String, @Nullable String> partitionValues,
        long size,
        Optional<DeletionVector> deletionVector)
        implements Action {

    public RemoveFile {
        partitionValues = Collections.unmodifiableMap(new LinkedHashMap<>(partitionValues));
    }
}
