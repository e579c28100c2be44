package dev.headrace.state;

import java.util.Map;

/// State that has a version for each batch. Used by one thread; at most one reader or writer is open at a time.
public sealed interface VersionedState extends AutoCloseable permits StateStore, RowLog {
    StateSchema schema();

    /// The newest committed version; version 0 is the empty state.
    StateVersion latest();

    /// Reads a committed version that is still retained.
    ///
    /// @throws dev.headrace.errors.CheckpointException if that version is not there or a file of it is damaged
    StateReader read(StateVersion version);

    /// Begins to write the version after `base`. If later versions exist, as after a crash between the commit of the
    /// state and that of the batch, they are replaced by what the writer commits.
    ///
    /// @throws dev.headrace.errors.CheckpointException if `base` is not there or a file of it is damaged
    VersionWriter write(StateVersion base);

    /// Forgets versions below `oldest` that no retained version needs. Cheap; file deletions may happen later, on
    /// another thread.
    void retain(StateVersion oldest);

    /// What a query's progress shows: `numRowsTotal`, `memoryUsedBytes`, and what the backend adds, such as the time of
    /// the last snapshot.
    Map<String, Long> metrics();

    @Override
    void close();
}
