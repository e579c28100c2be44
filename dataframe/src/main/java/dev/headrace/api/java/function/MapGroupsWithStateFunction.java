package dev.headrace.api.java.function;

import dev.headrace.streaming.GroupState;
import java.util.Iterator;

/// Makes one value from a key's new values and its state, for `mapGroupsWithState`.
@FunctionalInterface
public interface MapGroupsWithStateFunction<K, V, S, R> {
    R call(K key, Iterator<V> values, GroupState<S> state) throws Exception;
}
