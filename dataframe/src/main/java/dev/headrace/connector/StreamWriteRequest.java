package dev.headrace.connector;

import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a streaming query says when it opens its sink.
///
/// @param queryId the query's id, which stays the same over restarts
/// @param sinkId what the sink calls the batches by, which differs between the query's outputs
/// @param queryName the name given with `queryName`, if any
/// @param schema of the rows
/// @param outputMode how batches relate to each other
/// @param upsertKey the columns that identify a row in [OutputKind#UPDATE]; empty if there is no such key
/// @param checkpoint the query's checkpoint directory
/// @param tables the session's tables, where a sink may show what it has
public record StreamWriteRequest(
        String queryId,
        SinkId sinkId,
        Optional<String> queryName,
        StructType schema,
        OutputKind outputMode,
        List<String> upsertKey,
        Path checkpoint,
        TemporaryTables tables) {
    public StreamWriteRequest {
        upsertKey = List.copyOf(upsertKey);
    }

    /// The same for rows of which other things are known beside their types.
    public StreamWriteRequest of(StructType rows) {
        return new StreamWriteRequest(queryId, sinkId, queryName, rows, outputMode, upsertKey, checkpoint, tables);
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
