package dev.headrace.types;

/// A list of values of one type; `containsNull` says whether an element may be null.
public record ArrayType(DataType elementType, boolean containsNull) implements DataType {
    @Override
    public String simpleString() {
        return "array<" + elementType.simpleString() + ">";
    }

    @Override
    public String sql() {
        return "ARRAY<" + elementType.sql() + ">";
    }

    @Override
    public String typeName() {
        return "array";
    }
}
