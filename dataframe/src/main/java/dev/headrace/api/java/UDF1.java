package dev.headrace.api.java;

import org.jspecify.annotations.Nullable;

/// A function of one argument for use in queries. An argument that is null in the row is null here, too.
@FunctionalInterface
public interface UDF1<T1 extends @Nullable Object, R extends @Nullable Object> {
    R call(T1 t1) throws Exception;
}
