package dev.headrace.connector;

/// A table that grows for ever and is read range by range.
public non-sealed interface StreamTable extends Table {
    /// Starts reading for one run of a query.
    ///
    /// @param checkpoint a directory below the query's checkpoint that is this source's own, for what it must remember
    StreamingSource open(ScanRequest request, java.nio.file.Path checkpoint);

    /// The same stream, told which of its columns the query's watermark goes by.
    ///
    /// @param column an ordinal of the schema
    default StreamTable withEventTime(int column) {
        return this;
    }
}
