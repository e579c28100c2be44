package dev.headrace.protobuf;

import dev.headrace.columns.ColumnWriter;

/// Reads the values of one type into a column.
interface ValueReader {
    /// Reads what stands behind the tag. If the row has a value already, a message is joined with it, and others
    /// replace it.
    void read(WireReader in, ColumnWriter out, int row) throws MalformedMessage;

    /// Puts what is meant where nothing is given.
    void putDefault(ColumnWriter out, int row) throws MalformedMessage;

    /// Called when there is no more of the value that was read.
    default void finish(ColumnWriter out, int row) throws MalformedMessage {}
}
