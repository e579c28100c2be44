package dev.headrace.types;

/// A signed 8-bit integer.
public record ByteType() implements NumericType {
    @Override
    public String simpleString() {
        return "tinyint";
    }

    @Override
    public String typeName() {
        return "byte";
    }

    @Override
    public String toString() {
        return "ByteType";
    }
}
