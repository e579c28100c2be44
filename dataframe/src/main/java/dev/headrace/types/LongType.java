package dev.headrace.types;

/// A signed 64-bit integer.
public record LongType() implements NumericType {
    @Override
    public String simpleString() {
        return "bigint";
    }

    @Override
    public String typeName() {
        return "long";
    }

    @Override
    public String toString() {
        return "LongType";
    }
}
