package dev.headrace.parquet;

import org.apache.arrow.vector.FieldVector;

/// Reads one column, or one nested part of one, row group after row group.
///
/// Per row group `startRowGroup`, then per chunk `begin (append | skip)* finish`. One thread.
abstract sealed class ColumnReader implements AutoCloseable
        permits LeafReader, ListReader, MissingReader, StructReader, VariantReader {
    abstract void startRowGroup(RowGroup group);

    /// Begins a chunk of about `rows` rows.
    abstract void begin(int rows);

    /// Adds the next rows to the chunk.
    ///
    /// @throws ChunkFullException if the chunk gets too many bytes; says how many of its rows fit. The reader goes on
    ///     with [#startRowGroup]
    abstract void append(int rows);

    /// Passes over the next rows.
    abstract void skip(int rows);

    /// Hands what was appended over to an empty vector.
    ///
    /// @param slots how many slots it has: rows, or the elements of the lists that hold it
    abstract void finish(FieldVector into, int slots);

    /// The levels of what was appended; only if the reader was made to keep them.
    abstract Levels levels();

    @Override
    public abstract void close();
}
