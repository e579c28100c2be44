package dev.headrace.function.aggregate;

import dev.headrace.function.AggregateFunction;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import org.jspecify.annotations.Nullable;

/// What an aggregate function does with the rows of a group, one by one, in an object: for functions too rare to have
/// their own memory layout. Values are [dev.headrace.chunk.Cell] objects.
///
/// @param <S> what a group keeps; absent until the first row that counts
public interface Fold<S> {
    DataType resultType();

    /// Whether the result may be null.
    default boolean nullable() {
        return true;
    }

    /// Whether the result depends on the order of the rows.
    default boolean inOrder() {
        return false;
    }

    /// The type of what is kept, as a column. Part of the state's schema.
    DataType stateType();

    /// As [AggregateFunction#inBlocks].
    default boolean inBlocks() {
        return AggregateFunction.isExact(stateType());
    }

    /// As [AggregateFunction#heapBytes].
    default long heapBytes(long groups, long valueBytes) {
        return stateType() instanceof ArrayType ? AggregateFunction.collectedBytes(valueBytes) : 0;
    }

    /// With one more row.
    ///
    /// @param state may be changed and given back
    /// @param arguments not to be kept
    @Nullable S add(@Nullable S state, @Nullable Object[] arguments);

    S merge(S a, S b);

    Object toCell(S state);

    S fromCell(Object cell);

    @Nullable Object result(@Nullable S state);

    /// The aggregate function that this is.
    default AggregateFunction named(String name) {
        return new Folded<>(name, this);
    }
}
