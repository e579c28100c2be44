package dev.headrace.api.java.function;

/// Is run once per row, for `foreach`.
@FunctionalInterface
public interface ForeachFunction<T> {
    void call(T value) throws Exception;
}
