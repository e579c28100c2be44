package dev.headrace.protobuf;

/// Writes values of one type, which are not null, in the form of a field, without its tag.
@FunctionalInterface
interface CellWriter {
    void write(Object cell, WireWriter out);
}
