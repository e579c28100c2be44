package dev.headrace.exec;

import dev.headrace.connector.ChunkReader;

/// Sorted rows that can be read more than once. They are held, in memory or on disk, until they are closed.
interface SortedRows extends AutoCloseable {
    /// All rows in order.
    ChunkReader read();

    /// How many there are.
    long count();

    /// Whether a partition of them may be so large that it is rather read twice than held.
    boolean haveLargePartition();

    /// May be called twice.
    @Override
    void close();
}
