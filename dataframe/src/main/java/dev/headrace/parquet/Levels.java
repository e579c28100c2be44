package dev.headrace.parquet;

import java.util.Arrays;

/// The definition and repetition levels of a column's part of a chunk: what the structs and lists above it are built
/// from.
final class Levels {
    byte[] definition = new byte[0];
    /// Unused while the column is not repeated.
    byte[] repetition = new byte[0];
    int count;

    void reserve(int more, boolean repeated) {
        if (definition.length < count + more) {
            definition = Arrays.copyOf(definition, Math.max(count + more, 2 * definition.length));
        }
        if (repeated && repetition.length < definition.length) {
            repetition = Arrays.copyOf(repetition, definition.length);
        }
    }
}
