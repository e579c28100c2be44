package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import org.jspecify.annotations.Nullable;

/// Choices among values of any type, and errors on purpose.
public final class ConditionFunctions {
    private ConditionFunctions() {}

    /// The greater of two, a null skipped.
    public static @Nullable Object greatest(@Nullable Object a, @Nullable Object b) {
        return a == null || b != null && CellOrder.compareCells(b, a) > 0 ? b : a;
    }

    /// The lesser of two, a null skipped.
    public static @Nullable Object least(@Nullable Object a, @Nullable Object b) {
        return a == null || b != null && CellOrder.compareCells(b, a) < 0 ? b : a;
    }

    public static @Nullable Object raiseError(@Nullable Slice message) {
        throw new DataException("USER_RAISED_EXCEPTION", message == null ? "null" : message.toString());
    }

    public static @Nullable Object tooManyRows() {
        throw new DataException(
                "SCALAR_SUBQUERY_TOO_MANY_ROWS",
                "A subquery that stands for a value has given more than one row. Aggregate them, as in max(…), or take one"
                        + " with ORDER BY … LIMIT 1.");
    }

    public static @Nullable Object assertTrue(@Nullable Boolean condition) {
        return assertTrue(condition, Slice.utf8("assert_true: the condition is " + condition + "."));
    }

    public static @Nullable Object assertTrue(@Nullable Boolean condition, @Nullable Slice message) {
        if (!Boolean.TRUE.equals(condition)) {
            raiseError(message);
        }
        return null;
    }
}
