package dev.headrace.types;

/// Keys, never null and each at most once, with a value each; `valueContainsNull` says whether a value may be null.
public record MapType(DataType keyType, DataType valueType, boolean valueContainsNull) implements DataType {
    @Override
    public String simpleString() {
        return "map<" + keyType.simpleString() + "," + valueType.simpleString() + ">";
    }

    @Override
    public String sql() {
        return "MAP<" + keyType.sql() + ", " + valueType.sql() + ">";
    }

    @Override
    public String typeName() {
        return "map";
    }
}
