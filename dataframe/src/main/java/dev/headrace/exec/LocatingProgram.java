package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.codegen.ComputeProgram;
import dev.headrace.errors.DataException;
import dev.headrace.function.EvalContext;
import org.apache.arrow.memory.BufferAllocator;

/// A program whose errors say where in an SQL text the expression stands that failed. Compiled loops don't know that,
/// so when one has failed, the interpreter is asked about the same rows.
record LocatingProgram(ComputeProgram program, InterpretedProgram interpreted) implements ComputeProgram {
    @Override
    public void expect(long rows) {
        program.expect(rows);
    }

    @Override
    public Worker start(EvalContext context, BufferAllocator allocator) {
        Worker worker = program.start(context, allocator);
        return new Worker() {
            @Override
            public Chunk run(Chunk input) {
                try {
                    return worker.run(input);
                } catch (DataException failed) {
                    throw failed.place().isPresent() ? failed : interpreted.located(failed, input, context);
                }
            }

            @Override
            public void close() {
                worker.close();
            }
        };
    }

    @Override
    public String source() {
        return program.source();
    }
}
