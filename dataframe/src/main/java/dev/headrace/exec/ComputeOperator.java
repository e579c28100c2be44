package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.codegen.ComputeProgram;
import dev.headrace.function.HigherOrder;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import java.util.List;

/// Filters and projects with a compiled program.
///
/// Some functions make a value of any size of a short one, so rows with such are computed in parts if a chunk of them
/// would be very large. Where it is cut depends on the rows alone: what comes after sees the same chunks in every run.
final class ComputeOperator implements Operator {
    /// How large a row becomes is not known before.
    private static final int FIRST_ROWS = 1;

    private static final long BYTES_AT_ONCE = 16 << 20;

    private final ComputeProgram.Worker worker;
    private final RunContext run;
    private int rowsAtOnce;

    /// @param split the number of the split whose rows come
    ComputeOperator(ComputeProgram program, List<BoundExpr> outputs, int split, RunContext run) {
        this.worker = program.start(run.evaluation().ofSplit(split), run.allocator());
        this.run = run;
        rowsAtOnce = outputs.stream().anyMatch(ComputeOperator::mayBeLarge) ? FIRST_ROWS : Integer.MAX_VALUE;
    }

    private static boolean mayBeLarge(BoundExpr output) {
        return isOfAnySize(output.type()) && expands(output);
    }

    private static boolean isOfAnySize(DataType type) {
        return type instanceof StringType
                || type instanceof BinaryType
                || type instanceof ArrayType
                || type instanceof MapType
                || type instanceof StructType
                || type instanceof VariantType;
    }

    private static boolean expands(BoundExpr expr) {
        boolean itself = expr instanceof BoundExpr.Call call
                && (call.function().expands()
                        || call.function().receiver().orElse("") instanceof HigherOrder lambdas
                                && expands(lambdas.lambda().body()));
        return itself || expr.operands().stream().anyMatch(ComputeOperator::expands);
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
        Chunk result = worker.run(rows);
        if (rowsAtOnce < Integer.MAX_VALUE) {
            // Rows that the filter leaves out say nothing of how large those after them are.
            long next = result.rowCount() == 0
                    ? 2L * rowsAtOnce
                    : result.rowCount() * BYTES_AT_ONCE / Math.max(1, result.sizeInBytes());
            rowsAtOnce = (int) Math.clamp(next, 1L, Integer.MAX_VALUE - 1L);
        }
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
