package dev.headrace.delta;

/// What a write does with the rows that are in the table.
enum WriteKind {
    /// Leaves them.
    APPEND,
    /// Removes them.
    OVERWRITE,
    /// Expects no table at all.
    CREATE
}
