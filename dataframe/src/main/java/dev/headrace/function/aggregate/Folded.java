package dev.headrace.function.aggregate;

import dev.headrace.chunk.Cell;
import dev.headrace.function.AggregateFunction;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// An aggregate function that is a [Fold].
record Folded<S>(String name, Fold<S> fold) implements AggregateFunction {
    @Override
    public DataType resultType() {
        return fold.resultType();
    }

    @Override
    public boolean nullable() {
        return fold.nullable();
    }

    @Override
    public boolean inOrder() {
        return fold.inOrder();
    }

    @Override
    public long heapBytes(long groups, long valueBytes) {
        return fold.heapBytes(groups, valueBytes);
    }

    @Override
    public boolean inBlocks() {
        return fold.inBlocks();
    }

    @Override
    public List<StructField> partialFields() {
        return List.of(new StructField("state", fold.stateType(), true));
    }

    @Override
    public GroupAccumulator newAccumulator(BufferAllocator allocator) {
        return new Accumulator<>(fold);
    }

    private static final class Accumulator<S> implements GroupAccumulator {
        private final Fold<S> fold;
        private final SlotObjects<S> states = new SlotObjects<>();

        Accumulator(Fold<S> fold) {
            this.fold = fold;
        }

        @Override
        public void resize(int slots) {
            states.resize(slots);
        }

        @Override
        public void update(List<FieldVector> arguments, int[] slots, int rows) {
            @Nullable Object[] row = new @Nullable Object[arguments.size()];
            for (int i = 0; i < rows; i++) {
                for (int a = 0; a < row.length; a++) {
                    row[a] = Cell.read(arguments.get(a), i);
                }
                states.set(slots[i], fold.add(states.get(slots[i]), row));
            }
        }

        @Override
        public void merge(List<FieldVector> partials, int[] slots, int rows) {
            for (int i = 0; i < rows; i++) {
                Object cell = Cell.detach(Cell.read(partials.getFirst(), i));
                if (cell != null) {
                    S other = fold.fromCell(cell);
                    S own = states.get(slots[i]);
                    states.set(slots[i], own == null ? other : fold.merge(own, other));
                }
            }
        }

        @Override
        public List<FieldVector> partials(int from, int count, BufferAllocator allocator) {
            return List.of(SlotObjects.vector("state", fold.stateType(), count, i -> partial(from + i), allocator));
        }

        private @Nullable Object partial(int slot) {
            S state = states.get(slot);
            return state == null ? null : fold.toCell(state);
        }

        @Override
        public FieldVector results(int from, int count, BufferAllocator allocator) {
            return SlotObjects.vector(
                    "result", fold.resultType(), count, i -> fold.result(states.get(from + i)), allocator);
        }

        @Override
        public void close() {}
    }
}
