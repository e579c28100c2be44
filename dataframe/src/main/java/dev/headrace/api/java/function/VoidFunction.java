package dev.headrace.api.java.function;

/// Takes a value and gives nothing back.
@FunctionalInterface
public interface VoidFunction<T> {
    void call(T value) throws Exception;
}
