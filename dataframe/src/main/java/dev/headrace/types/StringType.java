package dev.headrace.types;

/// UTF-8 text, compared by its bytes.
public record StringType() implements DataType {
    @Override
    public String simpleString() {
        return "string";
    }

    @Override
    public String toString() {
        return "StringType";
    }
}
