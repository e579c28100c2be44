package dev.headrace.api.java.function;

/// Makes a value from another.
@FunctionalInterface
public interface Function<T1, R> {
    R call(T1 value) throws Exception;
}
