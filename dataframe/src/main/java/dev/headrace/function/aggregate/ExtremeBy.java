package dev.headrace.function.aggregate;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Columns;
import dev.headrace.function.AggregateFunction;
import dev.headrace.function.CellOrder;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// `min_by` and `max_by`: the value of the row in which another is extreme, the first of equal ones. Rows in which that
/// other is null don't count.
record ExtremeBy(String name, DataType resultType, DataType byType) implements AggregateFunction {
    @Override
    public boolean inBlocks() {
        return true;
    }

    @Override
    public List<StructField> partialFields() {
        return List.of(new StructField("value", resultType, true), new StructField("by", byType, true));
    }

    @Override
    public GroupAccumulator newAccumulator(BufferAllocator allocator) {
        return new Accumulator(this);
    }

    private static final class Accumulator implements GroupAccumulator {
        private final boolean max;
        private final SlotCells values;
        private final SlotCells bys;

        Accumulator(ExtremeBy function) {
            max = function.name().equals("max_by");
            values = new SlotCells(function.resultType);
            bys = new SlotCells(function.byType);
        }

        @Override
        public void resize(int slots) {
            values.resize(slots);
            bys.resize(slots);
        }

        @Override
        public void update(List<FieldVector> arguments, int[] slots, int rows) {
            FieldVector value = arguments.get(0);
            FieldVector by = arguments.get(1);
            for (int i = 0; i < rows; i++) {
                Object candidate = Cell.read(by, i);
                if (candidate != null && beats(candidate, bys.get(slots[i]))) {
                    bys.set(slots[i], candidate);
                    values.set(slots[i], Cell.read(value, i));
                }
            }
        }

        private boolean beats(Object candidate, @Nullable Object current) {
            if (current == null) {
                return true;
            }
            int order = CellOrder.compareCells(candidate, current);
            return max ? order > 0 : order < 0;
        }

        @Override
        public void merge(List<FieldVector> partials, int[] slots, int rows) {
            update(partials, slots, rows);
        }

        @Override
        public List<FieldVector> partials(int from, int count, BufferAllocator allocator) {
            return Columns.make(
                    2,
                    column -> column == 0 ? results(from, count, allocator) : bys.vector("by", from, count, allocator));
        }

        @Override
        public FieldVector results(int from, int count, BufferAllocator allocator) {
            return values.vector("value", from, count, allocator);
        }

        @Override
        public long heapBytes() {
            return values.heapBytes() + bys.heapBytes();
        }

        @Override
        public void close() {}
    }
}
