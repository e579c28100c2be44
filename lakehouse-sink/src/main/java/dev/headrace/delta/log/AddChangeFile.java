package dev.headrace.delta.log;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A file that says which rows a commit changed, for readers of the table's change data feed; no part of the table.
///
/// @param path as in an [AddFile]
/// @param partitionValues of all its rows, as in an [AddFile]
public record AddChangeFile(String path, Map<String, @Nullable String> partitionValues, long size) implements Action {
    public AddChangeFile {
        partitionValues = Collections.unmodifiableMap(new LinkedHashMap<>(partitionValues));
    }
}
