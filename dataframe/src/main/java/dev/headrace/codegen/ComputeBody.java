package dev.headrace.codegen;

import dev.headrace.chunk.Chunk;
import org.apache.arrow.vector.FieldVector;

/// What a generated class extends. An instance belongs to one worker.
///
/// `dense` says that no column the code reads has a null. Targets are the vectors to write to, allocated for as many
/// rows as can come, all values marked as present, bits of booleans zero.
abstract class ComputeBody {
    /// Finds the rows that pass the filter and, where filter and projection are one loop, writes their values.
    ///
    /// @param rows gets the passing rows in ascending order
    /// @return how many they are
    int select(boolean dense, Chunk input, int[] rows, FieldVector[] targets) {
        throw new IllegalStateException("a program without a filter");
    }

    /// Writes the values that [#select] has not written.
    ///
    /// @param rows the rows to compute; all rows of the input if the program has no filter
    /// @param count how many they are
    void project(boolean dense, Chunk input, int[] rows, int count, FieldVector[] targets) {}
}
