package dev.headrace.function.aggregate;

import dev.headrace.chunk.Cell;
import dev.headrace.function.AggregateFunction;
import dev.headrace.function.CellOrder;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// `collect_list`: the values that are not null, in the order of the rows. `collect_set`: each of them once, in
/// ascending order, so that the result does not depend on the order of the rows. Never null: an empty array if there
/// are none.
record Collect(String name, DataType element, boolean distinct) implements AggregateFunction {
    @Override
    public DataType resultType() {
        return new ArrayType(element, false);
    }

    @Override
    public boolean nullable() {
        return false;
    }

    @Override
    public boolean inOrder() {
        return !distinct;
    }

    @Override
    public List<StructField> partialFields() {
        return List.of(new StructField("values", resultType(), false));
    }

    @Override
    public long heapBytes(long groups, long valueBytes) {
        return AggregateFunction.collectedBytes(valueBytes);
    }

    @Override
    public GroupAccumulator newAccumulator(BufferAllocator allocator) {
        return new Accumulator(this);
    }

    private static final class Accumulator implements GroupAccumulator {
        private final Collect function;
        private final SlotObjects<Collection<Object>> collections = new SlotObjects<>();

        Accumulator(Collect function) {
            this.function = function;
        }

        @Override
        public void resize(int slots) {
            collections.resize(slots);
        }

        @Override
        public void update(List<FieldVector> arguments, int[] slots, int rows) {
            FieldVector values = arguments.getFirst();
            for (int i = 0; i < rows; i++) {
                Object value = Cell.detach(Cell.read(values, i));
                if (value != null) {
                    collection(slots[i]).add(value);
                }
            }
        }

        private Collection<Object> collection(int slot) {
            Collection<Object> collection = collections.get(slot);
            if (collection == null) {
                collection = function.distinct ? new TreeSet<>(CellOrder.INSTANCE) : new ArrayList<>();
                collections.set(slot, collection);
            }
            return collection;
        }

        @Override
        public void merge(List<FieldVector> partials, int[] slots, int rows) {
            for (int i = 0; i < rows; i++) {
                if (Cell.detach(Cell.read(partials.getFirst(), i)) instanceof List<?> values) {
                    for (Object value : values) {
                        collection(slots[i]).add(value);
                    }
                }
            }
        }

        @Override
        public List<FieldVector> partials(int from, int count, BufferAllocator allocator) {
            return List.of(results(from, count, allocator));
        }

        @Override
        public FieldVector results(int from, int count, BufferAllocator allocator) {
            return SlotObjects.vector(
                    "values", function.resultType(), count, i -> new ArrayList<>(collection(from + i)), allocator);
        }

        @Override
        public void close() {}
    }
}
