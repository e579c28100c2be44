package dev.headrace.variant;

/// What a [Variant] holds. Integers of all sizes are one kind.
public enum VariantKind {
    NULL,
    BOOLEAN,
    LONG,
    DOUBLE,
    FLOAT,
    DECIMAL,
    DATE,
    TIMESTAMP,
    TIMESTAMP_NTZ,
    BINARY,
    STRING,
    UUID,
    OBJECT,
    ARRAY
}
