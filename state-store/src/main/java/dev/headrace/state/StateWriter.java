package dev.headrace.state;

import dev.headrace.chunk.Chunk;

/// Writes one version of a map; reads see what has been written so far.
public interface StateWriter extends VersionWriter {
    /// Looks up one value per key.
    ///
    /// @param keys n rows in the key schema; borrowed for the call
    /// @return n rows in the value schema preceded by the column `present` (boolean, never null): row i for key i, with
    ///     nulls where the key is absent; the caller closes it
    Chunk lookup(Chunk keys);

    /// Sets the values of keys. Later rows win over earlier ones with the same key.
    ///
    /// @param keys n rows in the key schema, borrowed
    /// @param values n rows in the value schema, borrowed
    void upsert(Chunk keys, Chunk values);

    /// Sets the values of keys that expire: an entry expires at the time given last.
    ///
    /// @param expiresAt n times, in the unit that [#takeExpired] is asked with
    /// @throws IllegalStateException if the schema is not expiring
    void upsert(Chunk keys, Chunk values, long[] expiresAt);

    /// Removes keys; those that are absent are ignored.
    ///
    /// @param keys rows in the key schema, borrowed
    void delete(Chunk keys);

    /// Removes the entries that expire at or before `time` and gives them, the earliest first: the key's columns
    /// followed by the value's. The cost is that of the entries given, not of the whole state.
    ///
    /// @return chunks of at most [Chunk#TARGET_ROWS] rows, which the caller closes
    java.util.List<Chunk> takeExpired(long time);
}
