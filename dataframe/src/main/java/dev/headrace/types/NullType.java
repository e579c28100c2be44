package dev.headrace.types;

/// The type of `NULL` alone.
public record NullType() implements DataType {
    @Override
    public String simpleString() {
        return "void";
    }

    @Override
    public String toString() {
        return "NullType";
    }
}
