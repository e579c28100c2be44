package dev.headrace.exec;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.codegen.ComputeProgram;
import dev.headrace.function.EvalContext;
import dev.headrace.function.Interpreter;
import dev.headrace.function.RowView;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// A filter and projection run by the interpreter: the oracle of generated code, and what runs where code can't be
/// generated.
public final class InterpretedProgram implements ComputeProgram {
    private final Optional<BoundExpr> predicate;
    private final List<BoundExpr> outputs;
    private final StructType schema;

    public InterpretedProgram(Optional<BoundExpr> predicate, List<BoundExpr> outputs, StructType schema) {
        this.predicate = predicate;
        this.outputs = List.copyOf(outputs);
        this.schema = schema;
    }

    @Override
    public Worker start(EvalContext context, BufferAllocator allocator) {
        ChunkBuilder builder = new ChunkBuilder(schema, allocator);
        return new Worker() {
            @Override
            public Chunk run(Chunk input) {
                for (int row = 0; row < input.rowCount(); row++) {
                    context.check();
                    addIfTrue(input, row, context, builder);
                }
                return builder.build();
            }

            @Override
            public void close() {
                builder.close();
            }
        };
    }

    private void addIfTrue(Chunk input, int row, EvalContext context, ChunkBuilder builder) {
        RowView view = ordinal -> Cell.read(input.column(ordinal), row);
        if (predicate.isPresent() && !Boolean.TRUE.equals(Interpreter.evaluate(predicate.get(), view, context))) {
            return;
        }
        List<@Nullable Object> values = new ArrayList<>(outputs.size());
        for (BoundExpr output : outputs) {
            values.add(Interpreter.evaluate(output, view, context));
        }
        builder.add(values);
    }

    @Override
    public String source() {
        return "interpreted: " + outputs + predicate.map(p -> " where " + p).orElse("") + " as "
                + schema.fieldList().stream().map(StructField::name).toList();
    }
}
