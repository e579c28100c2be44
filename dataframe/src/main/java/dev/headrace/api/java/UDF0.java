package dev.headrace.api.java;

import org.jspecify.annotations.Nullable;

/// A function of no argument for use in queries. An argument that is null in the row is null here, too.
@FunctionalInterface
public interface UDF0<R extends @Nullable Object> {
    R call() throws Exception;
}
