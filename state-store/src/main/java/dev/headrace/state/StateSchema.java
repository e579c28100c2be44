package dev.headrace.state;

import dev.headrace.types.StructType;

/// The shape of a store's entries. It is written beside the state; a store is only opened with the schema it was
/// written with.
///
/// @param key the key's columns
/// @param value the value's columns; may be empty, when only the presence of the key matters
/// @param expiring whether each entry carries a time at which it expires, see [StateWriter#takeExpired]
public record StateSchema(StructType key, StructType value, boolean expiring) {}
