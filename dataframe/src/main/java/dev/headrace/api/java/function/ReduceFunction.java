package dev.headrace.api.java.function;

/// Makes one value from two, for `reduceGroups`; in whatever order, the result is the same.
@FunctionalInterface
public interface ReduceFunction<T> {
    T call(T first, T second) throws Exception;
}
