package dev.headrace.types;

/// True or false.
public record BooleanType() implements DataType {
    @Override
    public String simpleString() {
        return "boolean";
    }

    @Override
    public String toString() {
        return "BooleanType";
    }
}
