package dev.headrace.engine.stateful;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.function.AggregateFunction;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/// An aggregate that goes on from a partial result over rows that are not there: what a running function has taken in
/// before the first row. If rows are taken in one by one, sums of doubles are the same to the last digit as if the
/// others had been there.
///
/// Its arguments are those of the function, then if rows are filtered whether the row counts, then whether the row is a
/// first one, and the partial result before it, a struct, null if there is nothing before.
///
/// @param filtered whether an argument says which rows count
/// @param partial whether the result is the partial result, to go on from later
record ResumedAggregate(AggregateFunction function, boolean filtered, boolean partial) implements AggregateFunction {
    /// The type of a partial result of a function.
    static StructType stateType(AggregateFunction function) {
        return new StructType(function.partialFields().stream()
                .map(field -> field.withNullable(true))
                .toList());
    }

    @Override
    public String name() {
        return function.name();
    }

    @Override
    public DataType resultType() {
        return partial ? stateType(function) : function.resultType();
    }

    @Override
    public boolean nullable() {
        return !partial && function.nullable();
    }

    @Override
    public boolean inOrder() {
        return function.inOrder();
    }

    @Override
    public boolean inBlocks() {
        return function.inBlocks();
    }

    @Override
    public List<StructField> partialFields() {
        return function.partialFields();
    }

    @Override
    public long heapBytes(long groups, long valueBytes) {
        return function.heapBytes(groups, valueBytes);
    }

    @Override
    public GroupAccumulator newAccumulator(BufferAllocator allocator) {
        return new Accumulator(this, function.newAccumulator(allocator), allocator);
    }

    private static final class Accumulator implements GroupAccumulator {
        private final ResumedAggregate resumed;
        private final GroupAccumulator groups;
        private final BufferAllocator allocator;

        Accumulator(ResumedAggregate resumed, GroupAccumulator groups, BufferAllocator allocator) {
            this.resumed = resumed;
            this.groups = groups;
            this.allocator = allocator;
        }

        @Override
        public void resize(int slots) {
            groups.resize(slots);
        }

        @Override
        public void update(List<FieldVector> arguments, int[] slots, int rows) {
            int width = arguments.size() - 2;
            resume((BitVector) arguments.get(width), (StructVector) arguments.getLast(), slots, rows);
            if (!resumed.filtered) {
                groups.update(arguments.subList(0, width), slots, rows);
                return;
            }
            BitVector counts = (BitVector) arguments.get(width - 1);
            int[] kept = new int[rows];
            int[] slotOf = new int[rows];
            int count = 0;
            for (int i = 0; i < rows; i++) {
                if (!counts.isNull(i) && counts.get(i) != 0) {
                    kept[count] = i;
                    slotOf[count++] = slots[i];
                }
            }
            List<FieldVector> chosen = gather(arguments.subList(0, width - 1), kept, count);
            try {
                groups.update(chosen, slotOf, count);
            } finally {
                Closing.all(chosen);
            }
        }

        /// A first row is before all others of its group.
        private void resume(BitVector first, StructVector states, int[] slots, int rows) {
            int[] from = new int[rows];
            int[] into = new int[rows];
            int count = 0;
            for (int i = 0; i < rows; i++) {
                if (first.get(i) != 0 && !states.isNull(i)) {
                    from[count] = i;
                    into[count++] = slots[i];
                }
            }
            if (count > 0) {
                List<FieldVector> partials = gather(states.getChildrenFromFields(), from, count);
                try {
                    groups.merge(partials, into, count);
                } finally {
                    Closing.all(partials);
                }
            }
        }

        private List<FieldVector> gather(List<FieldVector> columns, int[] rows, int count) {
            List<FieldVector> gathered = new ArrayList<>();
            columns.forEach(column -> gathered.add(Columns.gather(column, rows, 0, count, allocator)));
            return gathered;
        }

        @Override
        public void merge(List<FieldVector> partials, int[] slots, int rows) {
            groups.merge(partials, slots, rows);
        }

        @Override
        public List<FieldVector> partials(int from, int count, BufferAllocator target) {
            return groups.partials(from, count, target);
        }

        @Override
        public FieldVector results(int from, int count, BufferAllocator target) {
            return resumed.partial ? states(from, count, target) : groups.results(from, count, target);
        }

        private FieldVector states(int from, int count, BufferAllocator target) {
            List<FieldVector> partials = groups.partials(from, count, target);
            FieldVector states = ArrowTypes.newVector("state", stateType(resumed.function), target);
            try {
                for (int i = 0; i < count; i++) {
                    List<@Nullable Object> cells = new ArrayList<>(partials.size());
                    for (FieldVector partial : partials) {
                        cells.add(Cell.read(partial, i));
                    }
                    Cell.write(states, i, cells);
                }
                states.setValueCount(count);
                return states;
            } catch (Throwable failed) {
                states.close();
                throw failed;
            } finally {
                Closing.all(partials);
            }
        }

        @Override
        public long heapBytes() {
            return groups.heapBytes();
        }

        @Override
        public void close() {
            groups.close();
        }
    }
}
