package dev.headrace.delta.log;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What is known of the values of one column of a file. Nothing may be known.
public sealed interface ColumnStatistics {
    /// A column that is not a struct.
    ///
    /// @param min no value but null is smaller; an object as [dev.headrace.chunk.Cell] describes it
    /// @param max no value but null is larger, but a NaN may be
    /// @param nullCount how many values are null
    record Leaf(Optional<Object> min, Optional<Object> max, OptionalLong nullCount) implements ColumnStatistics {
        public static final Leaf UNKNOWN = new Leaf(Optional.empty(), Optional.empty(), OptionalLong.empty());
    }

    /// A struct: its fields by name; a field of which nothing is known may be missing.
    record Struct(Map<String, ColumnStatistics> fields) implements ColumnStatistics {
        public Struct {
            fields = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(fields));
        }
    }
}
