package dev.headrace.types;

/// A signed 16-bit integer.
public record ShortType() implements NumericType {
    @Override
    public String simpleString() {
        return "smallint";
    }

    @Override
    public String typeName() {
        return "short";
    }

    @Override
    public String toString() {
        return "ShortType";
    }
}
