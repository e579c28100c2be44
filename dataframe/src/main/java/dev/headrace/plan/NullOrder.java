package dev.headrace.plan;

/// Where a sort puts nulls.
public enum NullOrder {
    /// Before all values.
    FIRST,
    /// After all values.
    LAST
}
