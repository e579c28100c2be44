package dev.headrace.connector;

/// A table that gives the rows of some keys without being read as a whole.
public interface LookupTable extends BatchTable {
    /// @param keys the ordinals of the key's columns
    LookupSource lookup(int[] keys);
}
