package dev.headrace.state;

import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;

/// Where stores come from. Every backend passes the shared test kit.
public interface StateBackend {
    /// Opens the state that lies in a directory, creating it if it is not there, as [#open] and [#openRows] do.
    default VersionedState openAny(Path directory, StateSchema schema, BufferAllocator allocator) {
        return switch (schema.kind()) {
            case MAP -> open(directory, schema, KeyGroups.all(), allocator);
            case ROWS -> openRows(directory, schema, allocator);
        };
    }

    /// Opens the store that lies in a directory, creating it if it is not there.
    ///
    /// @param directory the store's own, below the query's checkpoint
    /// @param allocator where the store's memory comes from, until it is closed
    /// @throws dev.headrace.errors.CheckpointException if the directory holds state of another schema or key group
    ///     count, or a file in it is damaged; the message names the file
    StateStore open(Path directory, StateSchema schema, KeyGroups groups, BufferAllocator allocator);

    /// Opens the log of rows that lies in a directory, creating it if it is not there.
    ///
    /// @param directory the log's own, below the query's checkpoint
    /// @param allocator where the log's memory comes from, until it is closed
    /// @throws dev.headrace.errors.CheckpointException as [#open]
    RowLog openRows(Path directory, StateSchema schema, BufferAllocator allocator);

    /// The shape of the entries that lie in a directory.
    ///
    /// @throws dev.headrace.errors.CheckpointException if there is no state, or it can't be read
    StateSchema schemaIn(Path directory);

    /// Whether a version of some state has been committed in a directory, which need not be there.
    boolean hasState(Path directory);

    /// Whether two directories hold just the same change from one version to the next. False also where that can't be
    /// told without reading both versions.
    ///
    /// @param base the version before the change
    boolean sameChange(Path one, Path other, StateVersion base);
}
