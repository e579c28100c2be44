package dev.headrace.function;

import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// The partial result of an aggregate function over some rows of a group, as a struct of its fields: what [TotalOf]
/// takes. A grouping of nothing but these may give a group in several pieces, each over other rows of it, and so needs
/// not hold all groups.
public record PieceOf(AggregateFunction whole) implements AggregateFunction {
    @Override
    public String name() {
        return "piece of " + whole.name();
    }

    @Override
    public DataType resultType() {
        return partial().resultType();
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
        return partial().newAccumulator(allocator);
    }

    private PartialOf partial() {
        return new PartialOf(whole);
    }
}
