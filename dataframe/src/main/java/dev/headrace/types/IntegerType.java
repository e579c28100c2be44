package dev.headrace.types;

/// A signed 32-bit integer.
public record IntegerType() implements NumericType {
    @Override
    public String simpleString() {
        return "int";
    }

    @Override
    public String typeName() {
        return "integer";
    }

    @Override
    public String toString() {
        return "IntegerType";
    }
}
