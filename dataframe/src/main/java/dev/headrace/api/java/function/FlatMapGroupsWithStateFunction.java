package dev.headrace.api.java.function;

import dev.headrace.streaming.GroupState;
import java.util.Iterator;

/// Makes any number of values from a key's new values and its state, for `flatMapGroupsWithState`.
@FunctionalInterface
public interface FlatMapGroupsWithStateFunction<K, V, S, R> {
    Iterator<R> call(K key, Iterator<V> values, GroupState<S> state) throws Exception;
}
