package dev.headrace.exec;

import dev.headrace.codegen.ComputeProgram;
import dev.headrace.function.EvalContext;
import org.apache.arrow.memory.BufferAllocator;

/// One of a query's programs. A plan is always prepared in the same order, so what a program draws depends on its place
/// in the plan, and a batch that is run again draws the same.
record NumberedProgram(int number, ComputeProgram program) implements ComputeProgram {
    @Override
    public void expect(long rows) {
        program.expect(rows);
    }

    @Override
    public Worker start(EvalContext context, BufferAllocator allocator) {
        return program.start(context.ofProgram(number), allocator);
    }

    @Override
    public String source() {
        return program.source();
    }
}
