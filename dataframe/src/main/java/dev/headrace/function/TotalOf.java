package dev.headrace.function;

import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;

/// The result of an aggregate function over the rows of several groups, from the groups' partial results: of structs
/// that [PartialOf] has given, none of them null.
public record TotalOf(AggregateFunction whole) implements AggregateFunction {
    @Override
    public String name() {
        return "total " + whole.name();
    }

    @Override
    public DataType resultType() {
        return whole.resultType();
    }

    @Override
    public boolean nullable() {
        return whole.nullable();
    }

    @Override
    public List<StructField> partialFields() {
        return whole.partialFields();
    }

    @Override
    public long heapBytes(long groups, long valueBytes) {
        return whole.heapBytes(groups, valueBytes);
    }

    @Override
    public GroupAccumulator newAccumulator(BufferAllocator allocator) {
        GroupAccumulator accumulator = whole.newAccumulator(allocator);
        return new GroupAccumulator() {
            @Override
            public void resize(int slots) {
                accumulator.resize(slots);
            }

            @Override
            public void update(List<FieldVector> arguments, int[] slots, int rows) {
                accumulator.merge(((StructVector) arguments.getFirst()).getChildrenFromFields(), slots, rows);
            }

            @Override
            public void merge(List<FieldVector> partials, int[] slots, int rows) {
                accumulator.merge(partials, slots, rows);
            }

            @Override
            public List<FieldVector> partials(int from, int count, BufferAllocator target) {
                return accumulator.partials(from, count, target);
            }

            @Override
            public FieldVector results(int from, int count, BufferAllocator target) {
                return accumulator.results(from, count, target);
            }

            @Override
            public long heapBytes() {
                return accumulator.heapBytes();
            }

            @Override
            public void close() {
                accumulator.close();
            }
        };
    }
}
