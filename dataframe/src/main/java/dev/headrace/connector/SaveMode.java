package dev.headrace.connector;

/// What a batch write does when its target exists.
public enum SaveMode {
    APPEND,
    OVERWRITE,
    ERROR_IF_EXISTS,
    IGNORE
}
