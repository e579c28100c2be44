package dev.headrace.api.java.function;

/// Makes a value from three others.
@FunctionalInterface
public interface Function3<T1, T2, T3, R> {
    R call(T1 first, T2 second, T3 third) throws Exception;
}
