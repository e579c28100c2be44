package dev.headrace.csv;

/// What a quote means that stands within a quoted value, is not escaped, and does not end the value.
enum UnescapedQuotes {
    /// The value goes on to the next separator, with all its quotes.
    STOP_AT_DELIMITER,
    /// The value is null.
    SKIP_VALUE,
    /// The record is malformed.
    RAISE_ERROR
}
