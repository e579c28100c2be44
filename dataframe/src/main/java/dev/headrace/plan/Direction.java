package dev.headrace.plan;

/// The direction of a sort.
public enum Direction {
    /// Smallest first.
    ASC,
    /// Largest first.
    DESC
}
