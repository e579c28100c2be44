package dev.headrace.codegen;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.errors.DataException;
import dev.headrace.function.EvalContext;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// What came of running a program over a chunk: its rows, or the code of its error.
sealed interface Outcome {
    record Rows(List<List<@Nullable Object>> rows) implements Outcome {}

    record Failed(String code) implements Outcome {}

    static Outcome of(ComputeProgram program, Chunk input, EvalContext context, BufferAllocator allocator) {
        try (ComputeProgram.Worker worker = program.start(context, allocator);
                Chunk result = worker.run(input)) {
            return new Rows(rows(result));
        } catch (DataException ofTheData) {
            return new Failed(ofTheData.code());
        } catch (ArithmeticException | IllegalArgumentException | ClassCastException bugOfAFunction) {
            return new Failed(bugOfAFunction.getClass().getName());
        }
    }

    /// The rows as objects that outlive the chunk.
    static List<List<@Nullable Object>> rows(Chunk chunk) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int row = 0; row < chunk.rowCount(); row++) {
            List<@Nullable Object> values = new ArrayList<>();
            for (FieldVector column : chunk.columns()) {
                values.add(Cell.detach(Cell.read(column, row)));
            }
            rows.add(values);
        }
        return rows;
    }
}
