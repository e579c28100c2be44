package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.codegen.ComputeProgram;
import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.exec.Operator;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.function.EvalContext;
import dev.headrace.plan.OutputColumn;
import dev.headrace.types.StructType;
import java.util.List;

/// A filter and projection that leaves out the rows which it fails for, instead of failing.
///
/// Only for what lies between the sources and the first state: there, a row that is left out is as if it had not come.
///
/// @param compute what it does
/// @param letters takes the rows that are left out
public record Rejecting(PhysicalPlan.Compute compute, DeadLetters letters) implements PhysicalPlan.Custom {
    static final String COUNTER = "deadLetters";

    /// The same that rejects rows, if all that lies below is without state.
    public static PhysicalPlan over(PhysicalPlan.Compute compute, DeadLetters letters) {
        return compute.input().all().stream().allMatch(Rejecting::isStateless)
                ? new Rejecting(compute, letters)
                : compute;
    }

    private static boolean isStateless(PhysicalPlan node) {
        return node instanceof PhysicalPlan.StreamScan
                || node instanceof PhysicalPlan.TableScan
                || node instanceof PhysicalPlan.Compute
                || node instanceof PhysicalPlan.Explode
                || node instanceof PhysicalPlan.Union
                || node instanceof Rejecting
                || node instanceof SharedScan
                || node instanceof ShedNode
                || node instanceof WatermarkNode;
    }

    @Override
    public StructType schema() {
        return compute.schema();
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return compute.inputs();
    }

    @Override
    public String describe() {
        return compute.describe() + ", rejects rows";
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared input = preparation.prepare(compute.input());
        ComputeProgram program = preparation.compile(
                compute.predicate(),
                compute.columns().stream().map(OutputColumn::expr).toList(),
                schema());
        return run -> input.open(run).thenFor((_, split) -> new RowByRow(this, program, split, run));
    }

    /// Takes the rows of a chunk one by one when it fails for the whole.
    private static final class RowByRow implements Operator {
        private final ComputeProgram program;
        private final Rejecting node;
        private final EvalContext evaluation;
        private final RunContext run;
        private ComputeProgram.Worker worker;

        RowByRow(Rejecting node, ComputeProgram program, int split, RunContext run) {
            this.node = node;
            this.program = program;
            this.evaluation = run.evaluation().ofSplit(split);
            this.run = run;
            this.worker = start();
        }

        private ComputeProgram.Worker start() {
            return program.start(evaluation, run.allocator());
        }

        @Override
        public void process(Chunk input, Output out) {
            Chunk result;
            try {
                result = worker.run(input);
            } catch (DataException | QueryException failed) {
                restart();
                split(input, failed, out);
                return;
            }
            give(result, out);
        }

        /// A worker that has failed is not used again.
        private void restart() {
            worker.close();
            worker = start();
        }

        /// Halves the rows until those that fail stand alone.
        private void split(Chunk input, HeadraceException failed, Output out) {
            int rows = input.rowCount();
            if (rows == 1) {
                node.letters().add(node, input, failed);
                run.counters().add(COUNTER, 1);
                return;
            }
            int half = rows / 2;
            try (Chunk first = input.slice(0, half);
                    Chunk second = input.slice(half, rows - half)) {
                process(first, out);
                process(second, out);
            }
        }

        private static void give(Chunk result, Output out) {
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
}
