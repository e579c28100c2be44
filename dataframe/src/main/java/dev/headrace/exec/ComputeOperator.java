package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.codegen.ComputeProgram;

/// Filters and projects with a compiled program. Rows that take long are computed a few at a time, so that the query
/// can be cancelled in between.
final class ComputeOperator implements Operator {
    /// How long a row takes is not known before.
    private static final int FIRST_ROWS = 1;

    private static final long NANOS_AT_ONCE = 10_000_000;

    private final ComputeProgram.Worker worker;
    private final RunContext run;
    private int rowsAtOnce = FIRST_ROWS;

    ComputeOperator(ComputeProgram.Worker worker, RunContext run) {
        this.worker = worker;
        this.run = run;
    }

    @Override
    public void process(Chunk input, Output out) {
        int rows = input.rowCount();
        if (rows <= rowsAtOnce) {
            compute(input, out);
            return;
        }
        int from = 0;
        while (from < rows && !out.isFull()) {
            int count = Math.min(rowsAtOnce, rows - from);
            try (Chunk part = input.slice(from, count)) {
                compute(part, out);
            }
            from += count;
        }
    }

    private void compute(Chunk rows, Output out) {
        run.checkCancelled();
        long start = System.nanoTime();
        Chunk result = worker.run(rows);
        long nanos = Math.max(1, System.nanoTime() - start);
        rowsAtOnce = (int) Math.clamp(rows.rowCount() * NANOS_AT_ONCE / nanos, 1L, Integer.MAX_VALUE);
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
