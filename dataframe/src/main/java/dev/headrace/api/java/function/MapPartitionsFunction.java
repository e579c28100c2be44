package dev.headrace.api.java.function;

import java.util.Iterator;

/// Makes any number of values from many, for typed `mapPartitions`.
@FunctionalInterface
public interface MapPartitionsFunction<T, R> {
    Iterator<R> call(Iterator<T> input) throws Exception;
}
