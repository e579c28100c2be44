package dev.headrace.codegen;

import dev.headrace.plan.BoundExpr;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// One loop over rows: with a predicate over all rows of the input, without one over the rows that a loop before it
/// chose.
///
/// @param outputs what is computed for the rows that pass
/// @param filtered whether the program has a filter, so that a loop without predicate goes over chosen rows
record Loop(Optional<BoundExpr> predicate, List<Output> outputs, boolean filtered) {
    /// An expression and the target that its values go to.
    record Output(int target, BoundExpr expr) {}

    Loop {
        outputs = List.copyOf(outputs);
    }

    /// Writes the method `name`.
    ///
    /// @param dense whether no column is null in any row
    /// @param paths gets what the loop reads
    void write(SourceWriter code, String name, boolean dense, ClassParts parts, Set<Path> paths) {
        SourceWriter body = new SourceWriter();
        LoopInputs inputs = new LoopInputs(dense);
        ExprWriter exprs = new ExprWriter(body, inputs, parts);
        String row = predicate.isPresent() ? "count" : filtered ? "out" : "row";
        if (mayTakeLong()) {
            body.line("context.check();");
        }
        predicate.ifPresent(condition -> writePredicate(body, exprs, condition));
        TargetWriter targets = new TargetWriter(inputs.header(), body, exprs, row);
        for (Output output : outputs) {
            targets.write(output.target(), output.expr());
        }
        code.blank();
        // Not private: Janino makes a static method of a private one, which names its class, and a hidden class has no
        // name.
        if (predicate.isPresent()) {
            code.open("int " + name + "(Chunk input, int[] rows, FieldVector[] targets)");
            writeSelecting(code, inputs, body);
        } else {
            code.open("void " + name + "(Chunk input, int[] rows, int count, FieldVector[] targets)");
            writeProjecting(code, inputs, body);
        }
        code.close();
        paths.addAll(inputs.paths());
    }

    /// A query that is cancelled ends between two rows of those that may take long.
    private boolean mayTakeLong() {
        return Stream.concat(predicate.stream(), outputs.stream().map(Output::expr))
                .anyMatch(Cost::mayTakeLong);
    }

    private void writePredicate(SourceWriter body, ExprWriter exprs, BoundExpr condition) {
        body.comment("where " + condition);
        exprs.continueUnlessTrue(condition);
        body.line("rows[count] = row;");
    }

    private static void writeSelecting(SourceWriter code, LoopInputs inputs, SourceWriter body) {
        code.append(inputs.header());
        code.line("int count = 0;");
        code.line("int end = input.rowCount();");
        code.open("for (int row = 0; row < end; row++)");
        code.append(body);
        code.line("count++;");
        code.close();
        code.line("return count;");
    }

    private void writeProjecting(SourceWriter code, LoopInputs inputs, SourceWriter body) {
        code.append(inputs.header());
        if (filtered) {
            code.open("for (int out = 0; out < count; out++)");
            code.line("int row = rows[out];");
        } else {
            code.open("for (int row = 0; row < count; row++)");
        }
        code.append(body);
        code.close();
    }
}
