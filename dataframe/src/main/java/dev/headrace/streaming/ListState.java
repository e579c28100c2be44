package dev.headrace.streaming;

import java.util.Iterator;

/// A list per key; see [StatefulProcessorHandle#getListState]. It is read and written as a whole. Used within calls of
/// the processor only.
public interface ListState<S> {
    boolean exists();

    /// The elements as they are now, in order.
    Iterator<S> get();

    /// Replaces all elements.
    void put(S[] newState);

    void appendValue(S newState);

    void appendList(S[] newState);

    void clear();
}
