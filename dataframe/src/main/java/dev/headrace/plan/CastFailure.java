package dev.headrace.plan;

/// What a cast does with a value that does not fit the target type.
public enum CastFailure {
    /// Fails the query (ANSI).
    ERROR,
    /// Gives null (`try_cast`).
    NULL
}
