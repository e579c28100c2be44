package dev.headrace.parse;

/// What a reader does with rows that are malformed or hold values that don't fit the schema. They are always counted.
public enum ParseMode {
    /// Keeps the row: what can't be read is null, and the row's text goes into the column for corrupt records, if the
    /// schema has it.
    PERMISSIVE,
    /// Leaves the row out.
    DROPMALFORMED,
    /// Stops with an error.
    FAILFAST
}
