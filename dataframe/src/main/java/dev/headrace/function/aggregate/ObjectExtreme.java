package dev.headrace.function.aggregate;

import dev.headrace.chunk.Cell;
import dev.headrace.function.AggregateFunction.GroupAccumulator;
import dev.headrace.function.CellOrder;
import dev.headrace.types.DataType;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// The extreme of values of any type that has an order: arrays, structs.
final class ObjectExtreme implements GroupAccumulator {
    private final boolean max;
    private final SlotCells best;

    ObjectExtreme(DataType type, boolean max) {
        this.max = max;
        this.best = new SlotCells(type);
    }

    @Override
    public void resize(int slots) {
        best.resize(slots);
    }

    @Override
    public void update(List<FieldVector> arguments, int[] slots, int rows) {
        FieldVector values = arguments.getFirst();
        for (int i = 0; i < rows; i++) {
            Object value = Cell.read(values, i);
            if (value != null && beats(value, best.get(slots[i]))) {
                best.set(slots[i], value);
            }
        }
    }

    private boolean beats(Object value, @Nullable Object current) {
        if (current == null) {
            return true;
        }
        int order = CellOrder.compareCells(value, current);
        return max ? order > 0 : order < 0;
    }

    @Override
    public void merge(List<FieldVector> partials, int[] slots, int rows) {
        update(partials, slots, rows);
    }

    @Override
    public List<FieldVector> partials(int from, int count, BufferAllocator allocator) {
        return List.of(results(from, count, allocator));
    }

    @Override
    public FieldVector results(int from, int count, BufferAllocator allocator) {
        return best.vector("extreme", from, count, allocator);
    }

    @Override
    public long heapBytes() {
        return best.heapBytes();
    }

    @Override
    public void close() {}
}
