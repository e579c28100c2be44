package dev.headrace.function;

import dev.headrace.errors.DataException;
import dev.headrace.plan.CastFailure;
import dev.headrace.types.DataType;
import org.jspecify.annotations.Nullable;

/// Casts at run time.
public final class Casts {
    private Casts() {}

    /// A value of type `from` as a value of type `to`, both as [dev.headrace.chunk.Cell] objects.
    ///
    /// @throws DataException `CAST_INVALID_INPUT` or `CAST_OVERFLOW` if it doesn't fit and `failure` says so
    public static @Nullable Object cast(
            @Nullable Object value, DataType from, DataType to, CastFailure failure, EvalContext context) {
        if (value == null || from.equals(to)) {
            return value;
        }
        throw new IllegalArgumentException("no cast from " + from.simpleString() + " to " + to.simpleString());
    }
}
