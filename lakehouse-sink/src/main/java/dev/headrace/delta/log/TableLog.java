package dev.headrace.delta.log;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The log of one Delta table: everything the rest of Headrace needs to know of Delta's protocol. Safe for several
/// threads, and for several processes on one table.
public interface TableLog {
    /// The table's directory, as messages name it.
    String location();

    /// The newest version; empty if there is no table.
    ///
    /// @throws dev.headrace.errors.CheckpointException `DELTA_LOG_DAMAGED` with the file's name
    Optional<TableSnapshot> latest();

    /// The number of the newest version, by the names of the log's files: cheaper than [#latest].
    ///
    /// @throws dev.headrace.errors.QueryException `DELTA_TABLE_NOT_FOUND`
    /// @throws dev.headrace.errors.UnavailableException `DELTA_LOG_UNREADABLE`
    long newestVersion();

    /// An earlier version.
    ///
    /// @throws dev.headrace.errors.QueryException `DELTA_NO_SUCH_VERSION` if the log doesn't reach back or hasn't come
    ///     so far, `DELTA_TABLE_NOT_FOUND`
    TableSnapshot atVersion(long version);

    /// The version that was the newest at a time.
    ///
    /// @throws dev.headrace.errors.QueryException `DELTA_NO_SUCH_VERSION` if the time is before the first version that
    ///     the log holds or after the last commit, `DELTA_TABLE_NOT_FOUND`
    TableSnapshot atTime(Instant time);

    /// The actions of the commit that made a version, in order; empty if the log has no such commit.
    ///
    /// @throws dev.headrace.errors.CheckpointException `DELTA_LOG_DAMAGED` with the file's name
    /// @throws dev.headrace.errors.UnavailableException `DELTA_LOG_UNREADABLE`
    Optional<List<Action>> commitOf(long version);

    /// The first version from `version` on whose commit the log has; empty if it has none of them.
    OptionalLong earliestCommit(long version);

    /// The first version that was committed at or after a time: the one after the newest if there is none yet.
    ///
    /// @throws dev.headrace.errors.QueryException `DELTA_TABLE_NOT_FOUND`
    long firstCommitSince(Instant time);

    /// Makes the next version, in one atomic and durable step, unless what it depends on has changed.
    ///
    /// @throws dev.headrace.errors.CommitUnknownException if it can't be found out whether the commit happened
    /// @throws dev.headrace.errors.UnavailableException if it surely did not happen, and trying again may help
    CommitOutcome commit(Commit commit);

    /// Writes a summary of a version, so that readers need not read the commits before it. Does nothing if there is
    /// one.
    ///
    /// @throws dev.headrace.errors.UnavailableException `DELTA_CHECKPOINT_FAILED`; the table is as right as before
    void checkpoint(long version);

    /// Deletes what the log says of versions before the last checkpoint of a version that was committed before a time:
    /// every version of that time and later can be read still. Does nothing if there is no such checkpoint.
    ///
    /// @return how many files were deleted
    /// @throws dev.headrace.errors.UnavailableException `DELTA_LOG_CLEANUP_FAILED`; the table is as right as before
    int forgetBefore(Instant time);
}
