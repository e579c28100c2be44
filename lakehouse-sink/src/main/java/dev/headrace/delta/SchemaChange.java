package dev.headrace.delta;

/// What a write may do to the columns of a table.
enum SchemaChange {
    NONE,
    /// Add the columns that the rows have and the table has not.
    MERGE,
    /// Replace all columns and the partitioning, with all rows.
    OVERWRITE,
    /// As OVERWRITE, and the table's properties and its description, too: it is made anew.
    REPLACE
}
