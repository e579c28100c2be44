package dev.headrace.state;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;

/// Reads one version of a store.
public interface StateReader extends AutoCloseable {
    /// Looks up one value per key.
    ///
    /// @param keys n rows in the key schema; borrowed for the call
    /// @return n rows in the value schema preceded by the column `present` (boolean, never null): row i for key i, with
    ///     nulls where the key is absent; the caller closes it
    Chunk lookup(Chunk keys);

    /// All entries, in no particular order: the key's columns followed by the value's. The caller closes the reader and
    /// the chunks it gives; the store must not be written meanwhile.
    ChunkReader scan();

    /// The number of entries.
    long size();

    @Override
    void close();
}
