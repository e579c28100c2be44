package dev.headrace.api.java.function;

import java.util.Iterator;

/// Is run once per partition with its rows, for `foreachPartition`.
@FunctionalInterface
public interface ForeachPartitionFunction<T> {
    void call(Iterator<T> rows) throws Exception;
}
