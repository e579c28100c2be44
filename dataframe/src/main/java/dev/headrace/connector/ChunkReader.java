package dev.headrace.connector;

import dev.headrace.chunk.Chunk;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the rows of a split, used by one thread.
public interface ChunkReader extends AutoCloseable {
    /// The next rows, at least one, or null at the end. The caller owns the chunk.
    ///
    /// @throws dev.headrace.errors.DataException if the data is damaged or, in `FAILFAST` mode, malformed
    @Nullable Chunk next();

    /// What was counted while reading, such as `bytesRead` or `malformedRows`. Asked for after the last chunk.
    default Map<String, Long> metrics() {
        return Map.of();
    }

    @Override
    void close();
}
