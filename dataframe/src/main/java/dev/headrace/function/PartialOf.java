package dev.headrace.function;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Closing;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;

/// The partial result of an aggregate function, as a struct of its fields: what [TotalOf] takes.
public record PartialOf(AggregateFunction whole) implements AggregateFunction {
    @Override
    public String name() {
        return "partial " + whole.name();
    }

    @Override
    public DataType resultType() {
        return new StructType(whole.partialFields());
    }

    @Override
    public boolean nullable() {
        return false;
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
                accumulator.update(arguments, slots, rows);
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
                return struct(accumulator.partials(from, count, target), count, target);
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

    /// Takes the fields over.
    private FieldVector struct(List<FieldVector> fields, int count, BufferAllocator allocator) {
        try {
            StructVector struct = (StructVector) ArrowTypes.newVector("partial", resultType(), allocator);
            try {
                struct.setInitialCapacity(count);
                List<FieldVector> children = struct.getChildrenFromFields();
                for (int c = 0; c < children.size(); c++) {
                    fields.get(c).makeTransferPair(children.get(c)).transfer();
                }
                for (int i = 0; i < count; i++) {
                    struct.setIndexDefined(i);
                }
                struct.setValueCount(count);
                return struct;
            } catch (Throwable failed) {
                struct.close();
                throw failed;
            }
        } finally {
            // Empty where they have been moved.
            Closing.all(fields);
        }
    }
}
