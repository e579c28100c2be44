package dev.headrace.state;

/// The fixed number of groups into which keys are hashed, and the range of them that one store owns. Files are
/// organised by key group, so that a query can be restarted with more or fewer stores.
///
/// @param count how many groups there are in all; never changes for a query
/// @param from the first group of the range
/// @param end one past the last group of the range
public record KeyGroups(int count, int from, int end) {
    public static final int DEFAULT_COUNT = 128;

    public KeyGroups {
        if (Integer.bitCount(count) != 1 || from < 0 || from >= end || end > count) {
            throw new IllegalArgumentException("key groups [" + from + ", " + end + ") of " + count);
        }
    }

    /// All groups.
    public static KeyGroups all() {
        return new KeyGroups(DEFAULT_COUNT, 0, DEFAULT_COUNT);
    }

    /// The group of a key.
    ///
    /// @param hash the [dev.headrace.chunk.Hash] of the key's [dev.headrace.chunk.RowLayout] bytes
    public int groupOf(long hash) {
        return (int) (hash >>> 32) & count - 1;
    }
}
