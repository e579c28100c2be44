package dev.headrace.state;

import dev.headrace.connector.ChunkReader;

/// Reads one version of a state.
public interface StateReader extends AutoCloseable {
    /// All entries, in no particular order: the key's columns followed by the value's. The caller closes the reader and
    /// the chunks it gives; the state must not be written meanwhile.
    ChunkReader scan();

    /// The number of entries.
    long size();

    @Override
    void close();
}
