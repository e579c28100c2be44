package dev.headrace.api.java.function;

import java.util.Iterator;

/// Makes one value from the values of a key, for `mapGroups`. They can be read until it comes back.
@FunctionalInterface
public interface MapGroupsFunction<K, V, R> {
    R call(K key, Iterator<V> values) throws Exception;
}
