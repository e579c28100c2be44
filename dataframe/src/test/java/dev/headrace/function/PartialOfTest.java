package dev.headrace.function;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.function.AggregateFunction.GroupAccumulator;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import java.lang.reflect.Proxy;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Closing the allocator asserts that nothing has leaked.
class PartialOfTest {
    @AutoClose
    private final RootAllocator allocator = new RootAllocator();

    /// When there is no heap for the struct that they would be in.
    @Test
    void fieldsThatCanNotBePutTogetherAreClosed() {
        BufferAllocator failing = (BufferAllocator) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BufferAllocator.class}, (_, _, _) -> {
                    throw new OutOfMemoryError("there is no more");
                });
        try (GroupAccumulator partials = new PartialOf(new One()).newAccumulator(allocator)) {
            assertThrows(OutOfMemoryError.class, () -> partials.results(0, 1, failing));
        }
    }

    /// Has one group, and its partial result in memory of its own.
    private record One() implements AggregateFunction {
        @Override
        public String name() {
            return "one";
        }

        @Override
        public DataType resultType() {
            return DataTypes.LongType;
        }

        @Override
        public List<StructField> partialFields() {
            return List.of(new StructField("one", DataTypes.LongType, false));
        }

        @Override
        public GroupAccumulator newAccumulator(BufferAllocator own) {
            return new GroupAccumulator() {
                @Override
                public void resize(int slots) {}

                @Override
                public void update(List<FieldVector> arguments, int[] slots, int rows) {}

                @Override
                public void merge(List<FieldVector> partials, int[] slots, int rows) {}

                @Override
                public List<FieldVector> partials(int from, int count, BufferAllocator target) {
                    return List.of(results(from, count, own));
                }

                @Override
                public FieldVector results(int from, int count, BufferAllocator target) {
                    FieldVector one = ArrowTypes.newVector("one", DataTypes.LongType, own);
                    Cell.write(one, 0, 1L);
                    one.setValueCount(1);
                    return one;
                }

                @Override
                public void close() {}
            };
        }
    }
}
