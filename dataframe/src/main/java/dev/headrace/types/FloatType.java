package dev.headrace.types;

/// A 32-bit IEEE 754 number. NaN equals NaN and is larger than any other value; -0.0 equals 0.0.
public record FloatType() implements NumericType {
    @Override
    public String simpleString() {
        return "float";
    }

    @Override
    public String toString() {
        return "FloatType";
    }
}
