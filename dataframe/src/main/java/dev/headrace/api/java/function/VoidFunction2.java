package dev.headrace.api.java.function;

/// Takes two values and gives nothing back, such as what `foreachBatch` runs.
@FunctionalInterface
public interface VoidFunction2<T1, T2> {
    void call(T1 first, T2 second) throws Exception;
}
