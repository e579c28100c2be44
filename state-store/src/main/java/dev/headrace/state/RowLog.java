package dev.headrace.state;

import dev.headrace.chunk.Chunk;
import java.util.Arrays;

/// Versioned rows that only come, each with the hash of a key and a time at which it is forgotten. There is no other
/// way to remove a row, so a batch costs what its rows do: nothing is looked up to store them, and nothing is written
/// to forget them but the time.
public non-sealed interface RowLog extends VersionedState {
    @Override
    RowLogWriter write(StateVersion base);

    /// Some of the rows.
    ///
    /// @param rows in the order of their coming; the caller closes them
    /// @param hashes of their keys
    record HashedRows(Chunk rows, long[] hashes) implements AutoCloseable {
        @Override
        public boolean equals(Object other) {
            return other instanceof HashedRows that && rows == that.rows && Arrays.equals(hashes, that.hashes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(hashes);
        }

        @Override
        public String toString() {
            return hashes.length + " rows";
        }

        @Override
        public void close() {
            rows.close();
        }
    }
}
