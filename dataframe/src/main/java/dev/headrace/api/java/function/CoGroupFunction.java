package dev.headrace.api.java.function;

import java.util.Iterator;

/// Makes any number of values from the values that two groupings have for a key, for `cogroup`. Those of the key are
/// read while what it gives is; behind that they are gone.
@FunctionalInterface
public interface CoGroupFunction<K, V1, V2, R> {
    Iterator<R> call(K key, Iterator<V1> left, Iterator<V2> right) throws Exception;
}
