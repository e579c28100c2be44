package dev.headrace.plan;

import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A function over the rows of groups that have columns of the input for a key. Its state begins empty and has no time
/// to live, it only gives rows, and in a batch it needs no timers.
public interface ColumnGroups extends GroupCall.Stateful {
    /// The columns of the input.
    StructType rows();

    /// Which of them are the key.
    List<Integer> keys();

    @Override
    default StructType keySchema() {
        return new StructType(keys().stream().map(rows()::field).toList());
    }

    @Override
    default List<@Nullable Object> key(int input, List<@Nullable Object> row) {
        List<@Nullable Object> key = new ArrayList<>();
        keys().forEach(column -> key.add(row.get(column)));
        return key;
    }

    @Override
    default boolean updates() {
        return false;
    }

    @Override
    default boolean timersInBatch() {
        return false;
    }

    @Override
    default void initial(Group group, List<@Nullable Object> row, Times times) {
        throw new IllegalStateException(name() + " begins with no state");
    }

    @Override
    default void expire(Group group, Times times) {
        throw new IllegalStateException("the state of " + name() + " has no time to live");
    }
}
