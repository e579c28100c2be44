package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.types.StructType;

/// Gives the columns other names.
final class RenameOperator implements Operator {
    private final StructType schema;

    RenameOperator(StructType schema) {
        this.schema = schema;
    }

    @Override
    public void process(Chunk input, Output out) {
        out.accept(input.withSchema(schema));
    }
}
