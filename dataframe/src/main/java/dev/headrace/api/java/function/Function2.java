package dev.headrace.api.java.function;

/// Makes a value from two others.
@FunctionalInterface
public interface Function2<T1, T2, R> {
    R call(T1 first, T2 second) throws Exception;
}
