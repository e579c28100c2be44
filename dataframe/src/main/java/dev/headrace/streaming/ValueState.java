package dev.headrace.streaming;

import org.jspecify.annotations.Nullable;

/// One value per key; see [StatefulProcessorHandle#getValueState]. Used within calls of the processor only.
public interface ValueState<S> {
    boolean exists();

    /// The value, or null if there is none.
    @Nullable S get();

    void update(S newState);

    void clear();
}
