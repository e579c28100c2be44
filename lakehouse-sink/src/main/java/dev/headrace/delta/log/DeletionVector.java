package dev.headrace.delta.log;

import java.util.OptionalInt;

/// Where to find the set of deleted rows of a file.
///
/// @param storageType `u` (file named by a UUID), `i` (inline) or `p` (file named by a path)
/// @param cardinality how many rows are deleted
public record DeletionVector(
        String storageType, String pathOrInlineDv, OptionalInt offset, int sizeInBytes, long cardinality) {}
