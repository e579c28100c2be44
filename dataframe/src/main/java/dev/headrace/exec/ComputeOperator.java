package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.codegen.ComputeProgram;

/// Filters and projects with a compiled program.
final class ComputeOperator implements Operator {
    private final ComputeProgram.Worker worker;

    ComputeOperator(ComputeProgram.Worker worker) {
        this.worker = worker;
    }

    @Override
    public void process(Chunk input, Output out) {
        Chunk result = worker.run(input);
        if (result.rowCount() == 0) {
            result.close();
        } else {
            out.accept(result);
        }
    }

    @Override
    public void close() {
        worker.close();
    }
}
