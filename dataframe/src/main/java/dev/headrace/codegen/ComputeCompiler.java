package dev.headrace.codegen;

import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Optional;

/// Makes programs of filters and projections.
public final class ComputeCompiler {
    private ComputeCompiler() {}

    /// A program that is compiled once it has run over enough rows; for batch queries.
    ///
    /// @param interpreted the same program interpreted
    public static ComputeProgram whenWorthwhile(
            ComputeProgram interpreted, Optional<BoundExpr> predicate, List<BoundExpr> outputs, StructType schema) {
        return adaptive(interpreted, predicate, outputs, schema);
    }

    /// A program that is being compiled from now on, and interpreted until that is done; for streaming queries.
    ///
    /// @param interpreted the same program interpreted
    public static ComputeProgram ahead(
            ComputeProgram interpreted, Optional<BoundExpr> predicate, List<BoundExpr> outputs, StructType schema) {
        AdaptiveProgram program = adaptive(interpreted, predicate, outputs, schema);
        program.compileInBackground();
        return program;
    }

    /// A program that has been compiled; to compare it with the interpreter.
    ///
    /// @throws CodeRejectedException if it can't be
    public static ComputeProgram atOnce(Optional<BoundExpr> predicate, List<BoundExpr> outputs, StructType schema) {
        return CompiledProgram.compile(predicate, outputs, schema);
    }

    private static AdaptiveProgram adaptive(
            ComputeProgram interpreted, Optional<BoundExpr> predicate, List<BoundExpr> outputs, StructType schema) {
        return new AdaptiveProgram(
                interpreted,
                () -> GeneratedSource.of(ComputePlan.of(predicate, outputs)),
                () -> CompiledProgram.compile(predicate, outputs, schema),
                GeneratedClasses::warm);
    }
}
