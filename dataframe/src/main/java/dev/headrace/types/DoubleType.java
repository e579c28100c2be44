package dev.headrace.types;

/// A 64-bit IEEE 754 number. NaN equals NaN and is larger than any other value; -0.0 equals 0.0.
public record DoubleType() implements NumericType {
    @Override
    public String simpleString() {
        return "double";
    }

    @Override
    public String toString() {
        return "DoubleType";
    }
}
