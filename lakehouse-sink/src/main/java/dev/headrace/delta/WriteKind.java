package dev.headrace.delta;

/// What a write does with the rows that are in the table.
enum WriteKind {
    /// Leaves them.
    APPEND,
    /// Removes them.
    OVERWRITE,
    /// Removes those of the partitions that get rows.
    OVERWRITE_PARTITIONS,
    /// Takes some out and puts others in.
    CHANGE,
    /// Puts them into other files.
    COMPACT,
    /// Expects no table at all.
    CREATE,
    /// Does nothing if there is a table.
    CREATE_OR_IGNORE
}
