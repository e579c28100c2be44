package dev.headrace.connector;

import org.apache.arrow.memory.BufferAllocator;

/// A part of a scan, read by one thread. Reading it again gives the same rows in the same order.
public interface Split {
    /// Opens the part. Chunks have the schema of the scan's [ScanRequest#outputSchema] and are allocated from
    /// `allocator`.
    ///
    /// @throws dev.headrace.errors.UnavailableException if the data can't be reached now; opening again is safe
    ChunkReader open(BufferAllocator allocator);

    /// The part of a stream that the rows are from, such as a partition of a topic: a part's rows come in an order of
    /// their own, so event times are followed for each. Empty if the stream has no parts.
    default String part() {
        return "";
    }

    /// About how many rows there are, for ordering work; 0 if unknown.
    default long estimatedRows() {
        return 0;
    }
}
