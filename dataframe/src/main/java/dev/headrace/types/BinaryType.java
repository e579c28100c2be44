package dev.headrace.types;

/// Bytes, compared as unsigned.
public record BinaryType() implements DataType {
    @Override
    public String simpleString() {
        return "binary";
    }

    @Override
    public String toString() {
        return "BinaryType";
    }
}
