package dev.headrace.connector;

import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.List;

/// What a streaming query says when it opens its sink.
///
/// @param queryId the query's id, which stays the same over restarts
/// @param schema of the rows
/// @param outputMode how batches relate to each other
/// @param upsertKey the columns that identify a row in [OutputKind#UPDATE]; empty if there is no such key
/// @param checkpoint the query's checkpoint directory
public record StreamWriteRequest(
        String queryId, StructType schema, OutputKind outputMode, List<String> upsertKey, Path checkpoint) {
    public StreamWriteRequest {
        upsertKey = List.copyOf(upsertKey);
    }

    /// What the rows of a batch are.
    public enum OutputKind {
        /// Rows that are added and never change.
        APPEND,
        /// Rows that are new or have changed.
        UPDATE,
        /// The whole result.
        COMPLETE
    }
}
