package dev.headrace.delta;

import dev.headrace.delta.log.TableMetadata;

/// How much goes into a data file before another one begins.
///
/// @param bytes about how many, for all rows of a chunk go into one file
/// @param rows how many at most
record FileLimits(long bytes, long rows) {
    static final FileLimits NONE = new FileLimits(Long.MAX_VALUE, Long.MAX_VALUE);

    /// @param metadata of the table with the rows that are written
    static FileLimits of(TableTarget target, TableMetadata metadata) {
        return new FileLimits(metadata.targetFileBytes(), target.request().mostFileRows());
    }
}
