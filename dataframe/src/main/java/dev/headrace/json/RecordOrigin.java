package dev.headrace.json;

/// Says in messages which record is meant.
@FunctionalInterface
interface RecordOrigin {
    /// @param position of the record's first byte in the bytes that are being parsed
    String describe(int position);
}
