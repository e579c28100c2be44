package dev.headrace.api.java.function;

import java.util.Iterator;

/// Makes any number of values from the values of a key, for `flatMapGroups`.
@FunctionalInterface
public interface FlatMapGroupsFunction<K, V, R> {
    Iterator<R> call(K key, Iterator<V> values) throws Exception;
}
