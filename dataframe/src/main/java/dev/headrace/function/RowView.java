package dev.headrace.function;

import org.jspecify.annotations.Nullable;

/// One row, column by column: each value as a [dev.headrace.chunk.Cell] object.
@FunctionalInterface
public interface RowView {
    @Nullable Object get(int ordinal);
}
