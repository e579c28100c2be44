package dev.headrace.api.java.function;

/// Makes one value from another, for typed `map`.
@FunctionalInterface
public interface MapFunction<T, U> {
    U call(T value) throws Exception;
}
