package dev.headrace.exec;

import dev.headrace.chunk.Chunk;

/// One running operator of one task: used by one thread for one split, as `process* finish close`.
///
/// A chunk passed in is borrowed until the call returns. A chunk given to `out` belongs to the receiver.
public interface Operator extends AutoCloseable {
    void process(Chunk input, Output out);

    /// Emits what was held back.
    default void finish(Output out) {}

    @Override
    default void close() {}

    /// Takes the chunks that an operator makes.
    interface Output {
        /// Takes over the chunk.
        void accept(Chunk chunk);

        /// Whether more rows are of no use, so that the task may end early.
        default boolean isFull() {
            return false;
        }
    }
}
