package dev.headrace.api.java.function;

/// Says whether a row stays, for typed `filter`.
@FunctionalInterface
public interface FilterFunction<T> {
    boolean call(T value) throws Exception;
}
