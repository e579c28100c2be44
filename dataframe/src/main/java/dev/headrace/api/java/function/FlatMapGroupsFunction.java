package dev.headrace.api.java.function;

import java.util.Iterator;

/// Makes any number of values from the values of a key, for `flatMapGroups`. Those of the key are read while what it
/// gives is; behind that they are gone.
@FunctionalInterface
public interface FlatMapGroupsFunction<K, V, R> {
    Iterator<R> call(K key, Iterator<V> values) throws Exception;
}
