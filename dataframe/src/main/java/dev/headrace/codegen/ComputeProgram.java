package dev.headrace.codegen;

import dev.headrace.chunk.Chunk;
import dev.headrace.function.EvalContext;
import org.apache.arrow.memory.BufferAllocator;

/// A fused filter and projection, ready to run. Immutable and thread-safe: each task starts a worker of its own.
public interface ComputeProgram {
    Worker start(EvalContext context, BufferAllocator allocator);

    /// Told about how many rows there will be, before the first; 0 if nobody knows.
    default void expect(long rows) {}

    /// What `explain("codegen")` shows.
    String source();

    /// Used by one thread.
    interface Worker extends AutoCloseable {
        /// The rows of `input` that pass the filter, projected. It may have no rows.
        ///
        /// @param input borrowed
        /// @return a new chunk, owned by the caller
        /// @throws dev.headrace.errors.DataException if a value makes an expression fail, such as a division by zero
        Chunk run(Chunk input);

        @Override
        void close();
    }
}
