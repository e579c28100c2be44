package dev.headrace.api.java;

import org.jspecify.annotations.Nullable;

/// A function of 3 arguments for use in queries. An argument that is null in the row is null here, too.
@FunctionalInterface
public interface UDF3<
        T1 extends @Nullable Object,
        T2 extends @Nullable Object,
        T3 extends @Nullable Object,
        R extends @Nullable Object> {
    R call(T1 t1, T2 t2, T3 t3) throws Exception;
}
