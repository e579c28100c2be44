package dev.headrace.types;

/// A named, typed member of a [StructType].
///
/// @param nullable whether the value may be null; sources may rely on false
/// @param metadata what else is known about the column, such as its comment
public record StructField(String name, DataType dataType, boolean nullable, Metadata metadata) {
    public StructField(String name, DataType dataType, boolean nullable) {
        this(name, dataType, nullable, Metadata.empty());
    }

    public StructField withName(String newName) {
        return new StructField(newName, dataType, nullable, metadata);
    }

    public StructField withNullable(boolean newNullable) {
        return new StructField(name, dataType, newNullable, metadata);
    }

    public StructField withDataType(DataType newType) {
        return new StructField(name, newType, nullable, metadata);
    }
}
