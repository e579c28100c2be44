package dev.headrace.sql;

/// Where something stands in an SQL text.
///
/// @param line from 1
/// @param column from 1, in characters
/// @param length how many characters to underline, at least 1
record Place(int line, int column, int length) {
    Place {
        length = Math.max(1, length);
    }
}
