package dev.headrace.connector;

import dev.headrace.chunk.Chunk;
import java.util.Map;

/// One batch (or batch query result) on its way into a sink: all of it becomes visible with [#commit], or none.
public interface SinkBatch extends AutoCloseable {
    /// A writer for one task. Called by several threads.
    ///
    /// @param task the number of the task, from 0; a task that is run again has the same number
    TaskWriter openTask(int task);

    /// Begins in the background what [#commit] would have to wait for, and returns at once: all task writers are
    /// closed, and what the commit must come after is being written. Nothing becomes visible by it. May be left out.
    default void prepare() {}

    /// Does what takes long before [#commit] of a batch query, and can be given up when the query is cancelled: all
    /// task writers are closed. Nothing becomes visible by it.
    ///
    /// @throws dev.headrace.cancellation.QueryCancelledException if the query is to stop
    default void complete() {}

    /// Makes the rows of all tasks visible in one atomic step. All task writers are closed by now. A batch that the
    /// sink already holds is a no-op.
    ///
    /// @return what was written, for the query's progress, such as `numOutputRows`, `files`, `bytes`
    /// @throws dev.headrace.errors.CommitUnknownException if it can't be known whether the commit happened
    Map<String, Long> commit();

    /// Does what nothing depends on, after [#commit] of a batch query, until it is cancelled; throws nothing for that.
    default void tidy() {}

    /// Gives up whatever has not been committed; does nothing after [#commit].
    @Override
    void close();

    /// Writes the rows of one task; used by one thread.
    interface TaskWriter extends AutoCloseable {
        /// Takes in rows; the chunk is borrowed.
        void write(Chunk rows);

        /// Finishes the task's part: after this it only waits for the commit.
        @Override
        void close();

        /// Gives the part up, which nobody will commit: instead of [#close], or after one that has failed.
        default void abort() {
            close();
        }
    }
}
