package dev.headrace.plan;

import dev.headrace.types.StructField;

/// A result column: an expression and the name it gets.
public record OutputColumn(String name, BoundExpr expr) {
    public StructField field() {
        return new StructField(name, expr.type(), expr.nullable());
    }

    @Override
    public String toString() {
        return expr instanceof BoundExpr.Column column && column.name().equals(name)
                ? expr.toString()
                : expr + " AS " + name;
    }
}
