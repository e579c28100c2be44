package dev.headrace.api.java.function;

import java.util.Iterator;

/// Makes any number of values from one, for typed `flatMap`.
@FunctionalInterface
public interface FlatMapFunction<T, R> {
    Iterator<R> call(T value) throws Exception;
}
