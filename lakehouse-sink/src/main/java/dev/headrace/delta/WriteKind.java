package dev.headrace.delta;

/// What a write does with the rows that are in the table.
enum WriteKind {
    /// Leaves them.
    APPEND,
    /// Removes them.
    OVERWRITE,
    /// Takes some out and puts others in.
    CHANGE,
    /// Expects no table at all.
    CREATE,
    /// Does nothing if there is a table.
    CREATE_OR_IGNORE
}
