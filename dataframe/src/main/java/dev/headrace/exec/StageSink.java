package dev.headrace.exec;

import dev.headrace.chunk.Chunk;

/// Where the rows of a stage go: the build side of a join, the table of an aggregation, a file writer.
public interface StageSink {
    /// Begins the split of this number. Called by many threads.
    Task open(int split);

    /// A split has failed, perhaps while it was opened or closed: others may never begin, and none may wait for them.
    /// Called by many threads.
    default void failed() {}

    /// Takes in the rows of one split; used by one thread.
    interface Task extends Operator.Output, AutoCloseable {
        /// Takes over the chunk.
        @Override
        void accept(Chunk chunk);

        /// The split has ended well.
        default void finish() {}

        /// Frees what is left; called after [#finish] or instead of it.
        @Override
        default void close() {}
    }
}
