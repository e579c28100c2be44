package dev.headrace.function.aggregate;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Columns;
import dev.headrace.function.AggregateFunction;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/// The value of the first or last row of a group, in the order in which rows and partial results come.
///
/// @param name `first` or `last`
/// @param ignoreNulls whether rows in which the value is null don't count
record FirstLast(String name, DataType resultType, boolean ignoreNulls) implements AggregateFunction {
    @Override
    public boolean inOrder() {
        return true;
    }

    @Override
    public boolean inBlocks() {
        return true;
    }

    @Override
    public List<StructField> partialFields() {
        return List.of(
                new StructField("value", resultType, true), new StructField("found", DataTypes.BooleanType, false));
    }

    @Override
    public GroupAccumulator newAccumulator(BufferAllocator allocator) {
        return new Accumulator(this);
    }

    private static final class Accumulator implements GroupAccumulator {
        private final FirstLast function;
        private final boolean last;
        private final SlotCells values;
        /// Per slot the number of the update that found its value; 0 if none has.
        private int[] foundIn = new int[16];
        private int updates;

        Accumulator(FirstLast function) {
            this.function = function;
            last = function.name().equals("last");
            values = new SlotCells(function.resultType);
        }

        @Override
        public void resize(int slots) {
            values.resize(slots);
            if (slots > foundIn.length) {
                foundIn = Arrays.copyOf(foundIn, Math.max(slots, foundIn.length * 2));
            }
        }

        @Override
        public void update(List<FieldVector> arguments, int[] slots, int rows) {
            updates++;
            FieldVector column = arguments.getFirst();
            if (last) {
                for (int i = rows - 1; i >= 0; i--) {
                    if (foundIn[slots[i]] != updates) {
                        take(column, i, slots[i]);
                    }
                }
            } else {
                for (int i = 0; i < rows; i++) {
                    if (foundIn[slots[i]] == 0) {
                        take(column, i, slots[i]);
                    }
                }
            }
        }

        private void take(FieldVector column, int row, int slot) {
            if (!function.ignoreNulls || !column.isNull(row)) {
                values.set(slot, Cell.read(column, row));
                foundIn[slot] = updates;
            }
        }

        @Override
        public void merge(List<FieldVector> partials, int[] slots, int rows) {
            updates++;
            FieldVector column = partials.get(0);
            BitVector found = (BitVector) partials.get(1);
            for (int i = 0; i < rows; i++) {
                if (found.get(i) != 0 && (last || foundIn[slots[i]] == 0)) {
                    values.set(slots[i], Cell.read(column, i));
                    foundIn[slots[i]] = updates;
                }
            }
        }

        @Override
        public List<FieldVector> partials(int from, int count, BufferAllocator allocator) {
            return Columns.make(
                    2,
                    column -> column == 0
                            ? results(from, count, allocator)
                            : SlotObjects.vector(
                                    "found", DataTypes.BooleanType, count, i -> foundIn[from + i] != 0, allocator));
        }

        @Override
        public FieldVector results(int from, int count, BufferAllocator allocator) {
            return values.vector("value", from, count, allocator);
        }

        @Override
        public long heapBytes() {
            return values.heapBytes();
        }

        @Override
        public void close() {}
    }
}
