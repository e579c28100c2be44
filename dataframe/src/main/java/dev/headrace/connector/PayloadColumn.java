package dev.headrace.connector;

import org.apache.arrow.vector.FieldVector;

/// A column that payloads are decoded into, one by one. Used by one thread. The memory of rows that have not been
/// [finished][#finish] is its own.
public interface PayloadColumn extends AutoCloseable {
    /// Adds the row of a payload.
    ///
    /// @return false if it is malformed
    /// @throws dev.headrace.errors.DataException for malformed payloads, if they are errors
    boolean decode(byte[] data, int from, int length);

    /// Adds a null row, for a payload that is missing.
    void decodeNull();

    /// The rows so far as a vector, which the caller owns; the next row begins a new one.
    FieldVector finish(String name);

    /// How many payloads have been malformed so far.
    long malformedRows();

    @Override
    void close();
}
