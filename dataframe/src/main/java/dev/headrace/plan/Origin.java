package dev.headrace.plan;

import dev.headrace.errors.DataException;
import java.util.function.Supplier;

/// Where in an SQL text an expression is written: what an error shows that comes while a query runs.
///
/// All origins are equal: expressions are the same wherever they are written.
public final class Origin {
    /// Of expressions that stand in no text.
    public static final Origin NONE = new Origin(() -> "");

    private final Supplier<String> pointer;

    /// @param pointer the line and a caret under the expression
    public Origin(Supplier<String> pointer) {
        this.pointer = pointer;
    }

    @SuppressWarnings("ReferenceEquality") // all are equal
    public boolean isKnown() {
        return this != NONE;
    }

    /// The error of an expression that is written here; as it is if it knows a place, which is one further inside.
    public DataException in(DataException failed) {
        return isKnown() && failed.place().isEmpty() ? failed.at(pointer.get()) : failed;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Origin;
    }

    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return pointer.get();
    }
}
