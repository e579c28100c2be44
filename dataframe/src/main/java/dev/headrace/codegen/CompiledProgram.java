package dev.headrace.codegen;

import dev.headrace.chunk.Chunk;
import dev.headrace.function.EvalContext;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructType;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// A filter and projection run by generated code. Columns that are only passed through are shared, or gathered if rows
/// are filtered out; the code computes the others.
final class CompiledProgram implements ComputeProgram {
    private static final double ROOM = 1.25;

    private final List<BoundExpr> outputs;
    private final StructType schema;
    private final ComputePlan plan;
    private final GeneratedSource source;
    private final MethodHandle constructor;

    private CompiledProgram(
            List<BoundExpr> outputs,
            StructType schema,
            ComputePlan plan,
            GeneratedSource source,
            MethodHandle constructor) {
        this.outputs = outputs;
        this.schema = schema;
        this.plan = plan;
        this.source = source;
        this.constructor = constructor;
    }

    /// @throws CodeRejectedException if the generated code can't be compiled
    static CompiledProgram compile(Optional<BoundExpr> predicate, List<BoundExpr> outputs, StructType schema) {
        ComputePlan plan = ComputePlan.of(predicate, outputs);
        GeneratedSource source = GeneratedSource.of(plan);
        return new CompiledProgram(List.copyOf(outputs), schema, plan, source, GeneratedClasses.constructor(source));
    }

    @Override
    public String source() {
        return source.text();
    }

    @Override
    public Worker start(EvalContext context, BufferAllocator allocator) {
        return new GeneratedWorker(newBody(context), allocator);
    }

    private ComputeBody newBody(EvalContext context) {
        try {
            return (ComputeBody) constructor.invokeExact(source.constants().toArray(), context);
        } catch (RuntimeException | Error failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new IllegalStateException("the constructor throws a checked exception", impossible);
        }
    }

    private final class GeneratedWorker implements Worker {
        private final ComputeBody body;
        private final BufferAllocator allocator;
        private final double[] bytesPerRow = new double[plan.computed().size()];
        private int[] rows = new int[0];

        GeneratedWorker(ComputeBody body, BufferAllocator allocator) {
            this.body = body;
            this.allocator = allocator;
            java.util.Arrays.fill(bytesPerRow, 16);
        }

        @Override
        public Chunk run(Chunk input) {
            if (input.rowCount() == 0) {
                return Chunk.empty(schema, allocator);
            }
            @Nullable FieldVector[] results = new @Nullable FieldVector[outputs.size()];
            try {
                return compute(input, results);
            } catch (Throwable failed) {
                close(results);
                throw failed;
            }
        }

        private static void close(@Nullable FieldVector[] vectors) {
            for (FieldVector vector : vectors) {
                if (vector != null) {
                    vector.close();
                }
            }
        }

        private Chunk compute(Chunk input, @Nullable FieldVector[] results) {
            boolean dense = source.paths().stream().allMatch(path -> path.noNulls(input));
            FieldVector[] targets = new FieldVector[plan.computed().size()];
            int count = input.rowCount();
            if (plan.select().isPresent()) {
                if (rows.length < count) {
                    rows = new int[count];
                }
                allocate(plan.select().get(), input.rowCount(), targets, results);
                count = body.select(dense, input, rows, targets);
                if (count == 0) {
                    close(results);
                    return Chunk.empty(schema, allocator);
                }
            }
            for (Loop loop : plan.project()) {
                allocate(loop, count, targets, results);
            }
            body.project(dense, input, rows, count, targets);
            complete(targets, count);
            passThrough(input, count, results);
            return new Chunk(schema, nonNull(results), count);
        }

        private void allocate(Loop loop, int capacity, FieldVector[] targets, @Nullable FieldVector[] results) {
            for (Loop.Output output : loop.outputs()) {
                int ordinal = plan.computed().get(output.target());
                double bytes = bytesPerRow[output.target()] * ROOM;
                FieldVector vector = Targets.allocate(output.expr(), schema.field(ordinal), capacity, bytes, allocator);
                targets[output.target()] = vector;
                results[ordinal] = vector;
            }
        }

        private void complete(FieldVector[] targets, int count) {
            for (int i = 0; i < targets.length; i++) {
                Targets.complete(targets[i], outputs.get(plan.computed().get(i)), count);
                bytesPerRow[i] = Targets.bytesPerRow(targets[i], count);
            }
        }

        private void passThrough(Chunk input, int count, @Nullable FieldVector[] results) {
            for (int i = 0; i < results.length; i++) {
                Optional<Path> path = plan.passed().get(i);
                if (path.isPresent()) {
                    results[i] = count == input.rowCount()
                            ? PassThrough.all(path.get(), input)
                            : PassThrough.some(path.get(), input, rows, count, allocator);
                }
            }
        }

        private static List<FieldVector> nonNull(@Nullable FieldVector[] vectors) {
            List<FieldVector> all = new ArrayList<>(vectors.length);
            for (FieldVector vector : vectors) {
                all.add(java.util.Objects.requireNonNull(vector));
            }
            return all;
        }

        @Override
        public void close() {}
    }
}
