package dev.headrace.codegen;

import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Optional;

/// Makes programs of filters and projections.
public final class ComputeCompiler {
    private ComputeCompiler() {}

    /// A program of generated code, compiled now.
    static ComputeProgram compile(Optional<BoundExpr> predicate, List<BoundExpr> outputs, StructType schema) {
        return CompiledProgram.compile(predicate, outputs, schema);
    }
}
