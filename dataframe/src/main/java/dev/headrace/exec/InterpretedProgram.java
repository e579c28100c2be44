package dev.headrace.exec;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.codegen.ComputeProgram;
import dev.headrace.errors.DataException;
import dev.headrace.function.EvalContext;
import dev.headrace.function.HigherOrder;
import dev.headrace.function.Interpreter;
import dev.headrace.function.RowView;
import dev.headrace.function.UserFunction;
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

    /// The error that a program of the same expressions failed with over these rows, with the place of the one that
    /// fails like this. As it is if none does or none is written anywhere. What depends on a draw is not asked, nor
    /// what calls a function of the program, which may take long or be seen.
    DataException located(DataException failed, Chunk input, EvalContext context) {
        List<BoundExpr> asked =
                outputs.stream().filter(InterpretedProgram::canBeAsked).toList();
        boolean sameRows = predicate.map(InterpretedProgram::isRepeatable).orElse(true);
        boolean anywhere = !asked.isEmpty()
                || predicate.filter(InterpretedProgram::canBeAsked).isPresent();
        if (!sameRows || !anywhere) {
            return failed;
        }
        try {
            for (int row = 0; row < input.rowCount(); row++) {
                context.check();
                int at = row;
                Optional<String> place = place(failed, asked, ordinal -> Cell.read(input.column(ordinal), at), context);
                if (place.isPresent()) {
                    return failed.at(place.get());
                }
            }
        } catch (RuntimeException other) {
            // What came first counts.
            return failed;
        }
        return failed;
    }

    private static boolean canBeAsked(BoundExpr expr) {
        return isWritten(expr) && isRepeatable(expr);
    }

    private static boolean isRepeatable(BoundExpr expr) {
        return expr.deterministic() && !callsTheProgram(expr);
    }

    private static boolean callsTheProgram(BoundExpr expr) {
        boolean itself = expr instanceof BoundExpr.Call call
                && switch (call.function().receiver().orElse("")) {
                    case UserFunction.Code _ -> true;
                    case HigherOrder lambdas -> callsTheProgram(lambdas.lambda().body());
                    default -> false;
                };
        return itself || expr.operands().stream().anyMatch(InterpretedProgram::callsTheProgram);
    }

    private static boolean isWritten(BoundExpr expr) {
        return expr.origin().isKnown() || expr.operands().stream().anyMatch(InterpretedProgram::isWritten);
    }

    private Optional<String> place(DataException failed, List<BoundExpr> asked, RowView row, EvalContext context) {
        try {
            if (predicate.isPresent() && !Interpreter.isTrue(predicate.get(), row, context)) {
                return Optional.empty();
            }
        } catch (DataException again) {
            return place(failed, again);
        }
        for (BoundExpr output : asked) {
            try {
                Interpreter.evaluate(output, row, context);
            } catch (DataException again) {
                Optional<String> place = place(failed, again);
                if (place.isPresent()) {
                    return place;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> place(DataException failed, DataException again) {
        return again.place()
                .filter(place -> failed.at(place).text().equals(again.text())
                        && failed.code().equals(again.code()));
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
