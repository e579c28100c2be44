package dev.headrace.state;

import dev.headrace.chunk.Chunk;

/// Writes one version of a log of rows; reads see what has been written so far.
public interface RowLogWriter extends VersionWriter {
    /// Adds rows behind those that are there. Rows that expire at or before the time that was last asked with are there
    /// until [#forget] is called again, or the commit.
    ///
    /// @param rows n rows in the value schema, borrowed
    /// @param hashes of the rows' keys
    /// @param expiresAt when each is forgotten, in the unit that [#forget] is asked with; the largest number for never
    void append(Chunk rows, long[] hashes, long[] expiresAt);

    /// The rows whose keys have one of these hashes, and perhaps some others: as many as there are hashes at most. In
    /// the order of their coming; the caller closes them.
    ///
    /// @param hashes in any order, also more than once
    Chunk find(long[] hashes);

    /// Forgets the rows that expire at or before `time`, which does not go back.
    ///
    /// @return how many they are
    long forget(long time);

    /// The rows that expire at or before `until`; of those that were there when rows were last forgotten, only such as
    /// expire after `after`. The caller closes them.
    RowLog.HashedRows due(long after, long until);
}
