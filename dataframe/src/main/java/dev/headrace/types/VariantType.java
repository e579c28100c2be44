package dev.headrace.types;

/// Values of any shape that carry their types: null, scalars, objects and arrays. They have no order, and are not
/// compared.
public record VariantType() implements DataType {
    @Override
    public String simpleString() {
        return "variant";
    }

    @Override
    public String toString() {
        return "VariantType";
    }
}
