package dev.headrace.exec;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.function.AggregateFunction.GroupAccumulator;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/// Lets each combination of arguments through to the function once per group. It sees all rows of its groups: it has no
/// partial results.
final class DistinctAccumulator implements GroupAccumulator {
    private final GroupAccumulator inner;
    private final KeyTable seen;
    private final BufferAllocator allocator;

    DistinctAccumulator(AggregateCall call, BufferAllocator allocator) {
        this.inner = call.function().newAccumulator(allocator);
        this.allocator = allocator;
        List<DataType> types = new ArrayList<>();
        types.add(DataTypes.IntegerType);
        call.arguments().stream().map(BoundExpr::type).forEach(types::add);
        try {
            this.seen = new KeyTable(new RowLayout(types), allocator);
        } catch (Throwable failed) {
            inner.close();
            throw failed;
        }
    }

    @Override
    public void resize(int slots) {
        inner.resize(slots);
    }

    @Override
    public void update(List<FieldVector> arguments, int[] slots, int rows) {
        int before = seen.slotCount();
        int[] pairs = new int[rows];
        try (IntVector group = (IntVector) ArrowTypes.newVector("group", DataTypes.IntegerType, allocator)) {
            group.allocateNew(Math.max(rows, 1));
            for (int i = 0; i < rows; i++) {
                group.set(i, slots[i]);
            }
            group.setValueCount(rows);
            List<FieldVector> key = new ArrayList<>();
            key.add(group);
            key.addAll(arguments);
            seen.assign(key, rows, pairs);
        }
        int[] newRows = new int[rows];
        int[] newSlots = new int[rows];
        int count = 0;
        int next = before;
        for (int i = 0; i < rows; i++) {
            if (pairs[i] == next) {
                newRows[count] = i;
                newSlots[count++] = slots[i];
                next++;
            }
        }
        List<FieldVector> firsts = new ArrayList<>();
        try {
            for (FieldVector argument : arguments) {
                firsts.add(Columns.gather(argument, newRows, 0, count, allocator));
            }
            inner.update(firsts, newSlots, count);
        } finally {
            firsts.forEach(FieldVector::close);
        }
    }

    @Override
    public void merge(List<FieldVector> partials, int[] slots, int rows) {
        throw new IllegalStateException("distinct aggregates are computed in one piece");
    }

    @Override
    public List<FieldVector> partials(int from, int count, BufferAllocator target) {
        throw new IllegalStateException("distinct aggregates are computed in one piece");
    }

    @Override
    public FieldVector results(int from, int count, BufferAllocator target) {
        return inner.results(from, count, target);
    }

    @Override
    public void close() {
        inner.close();
        seen.close();
    }
}
