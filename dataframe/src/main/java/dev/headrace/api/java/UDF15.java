package dev.headrace.api.java;

import org.jspecify.annotations.Nullable;

/// A function of 15 arguments for use in queries. An argument that is null in the row is null here, too.
@FunctionalInterface
public interface UDF15<
        T1 extends @Nullable Object,
        T2 extends @Nullable Object,
        T3 extends @Nullable Object,
        T4 extends @Nullable Object,
        T5 extends @Nullable Object,
        T6 extends @Nullable Object,
        T7 extends @Nullable Object,
        T8 extends @Nullable Object,
        T9 extends @Nullable Object,
        T10 extends @Nullable Object,
        T11 extends @Nullable Object,
        T12 extends @Nullable Object,
        T13 extends @Nullable Object,
        T14 extends @Nullable Object,
        T15 extends @Nullable Object,
        R extends @Nullable Object> {
    R call(
            T1 t1,
            T2 t2,
            T3 t3,
            T4 t4,
            T5 t5,
            T6 t6,
            T7 t7,
            T8 t8,
            T9 t9,
            T10 t10,
            T11 t11,
            T12 t12,
            T13 t13,
            T14 t14,
            T15 t15)
            throws Exception;
}
