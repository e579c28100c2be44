package dev.headrace.plan;

import dev.headrace.chunk.Cell;
import dev.headrace.function.AggregateFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;

/// What aggregate functions give over no rows: found out by asking them.
final class EmptyGroups {
    Scalar resultOf(AggregateFunction function) {
        try (BufferAllocator allocator = new RootAllocator();
                AggregateFunction.GroupAccumulator accumulator = function.newAccumulator(allocator)) {
            accumulator.resize(1);
            try (FieldVector result = accumulator.results(0, 1, allocator)) {
                return new Scalar(Cell.detach(Cell.read(result, 0)), function.resultType());
            }
        }
    }
}
