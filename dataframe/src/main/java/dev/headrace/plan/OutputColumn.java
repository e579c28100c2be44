package dev.headrace.plan;

import dev.headrace.function.FunctionRegistry;
import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;

/// A result column: an expression, the name it gets, and what is known about it beside its type.
public record OutputColumn(String name, BoundExpr expr, Metadata metadata) {
    public OutputColumn(String name, BoundExpr expr) {
        this(name, expr, Metadata.empty());
    }

    public StructField field() {
        return new StructField(name, expr.type(), expr.nullable(), metadata);
    }

    /// The same by which rows can be grouped, as [FunctionRegistry#comparable] says.
    OutputColumn comparable() {
        return new OutputColumn(name, FunctionRegistry.comparable(expr), metadata);
    }

    @Override
    public String toString() {
        return expr instanceof BoundExpr.Column column && column.name().equals(name)
                ? expr.toString()
                : expr + " AS " + name;
    }
}
