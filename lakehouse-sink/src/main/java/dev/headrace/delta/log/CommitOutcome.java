package dev.headrace.delta.log;

/// What became of a commit. That it is unknown is a [dev.headrace.errors.CommitUnknownException].
public sealed interface CommitOutcome {
    /// It is in the table.
    ///
    /// @param version the version it made
    record Committed(long version) implements CommitOutcome {}

    /// Nothing was committed, because another commit changed what this one depends on.
    record Conflicted(Conflict conflict) implements CommitOutcome {}

    /// Nothing was committed, because the log no longer holds the commits after the version that was read: it was
    /// cleaned up since, or the table was replaced. The writer starts again from a new snapshot.
    record ReadVersionGone(long readVersion) implements CommitOutcome {}
}
