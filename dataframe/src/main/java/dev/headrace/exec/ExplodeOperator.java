package dev.headrace.exec;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.types.DataTypes;
import dev.headrace.types.MapType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;

/// Gives each row, without its collection, once per element of that.
final class ExplodeOperator implements Operator {
    private final PhysicalPlan.Explode node;
    private final BufferAllocator allocator;
    private int[] rows = new int[Chunk.TARGET_ROWS];
    private int[] elements = new int[Chunk.TARGET_ROWS];
    private int[] positions = new int[Chunk.TARGET_ROWS];
    private int count;

    ExplodeOperator(PhysicalPlan.Explode node, BufferAllocator allocator) {
        this.node = node;
        this.allocator = allocator;
    }

    @Override
    public void process(Chunk input, Output out) {
        ListVector collection = (ListVector) input.column(node.collection());
        count = 0;
        for (int row = 0; row < input.rowCount(); row++) {
            int from = collection.isNull(row) ? 0 : collection.getElementStartIndex(row);
            int end = collection.isNull(row) ? 0 : collection.getElementEndIndex(row);
            if (from == end && node.outer()) {
                add(row, Columns.NULL_ROW, Columns.NULL_ROW);
            }
            for (int element = from; element < end; element++) {
                add(row, element, element - from);
            }
        }
        for (int from = 0; from < count; from += Chunk.TARGET_ROWS) {
            out.accept(chunk(input, collection, from, Math.min(Chunk.TARGET_ROWS, count - from)));
        }
    }

    private void add(int row, int element, int position) {
        if (count == rows.length) {
            rows = Arrays.copyOf(rows, count * 2);
            elements = Arrays.copyOf(elements, count * 2);
            positions = Arrays.copyOf(positions, count * 2);
        }
        rows[count] = row;
        elements[count] = element;
        positions[count++] = position;
    }

    private Chunk chunk(Chunk input, ListVector collection, int from, int size) {
        List<FieldVector> columns = new ArrayList<>();
        for (int i = 0; i < input.columnCount(); i++) {
            if (i != node.collection()) {
                columns.add(Columns.gather(input.column(i), rows, from, size, allocator));
            }
        }
        if (node.withPosition()) {
            columns.add(positions(from, size));
        }
        FieldVector data = collection.getDataVector();
        if (input.type(node.collection()) instanceof MapType) {
            for (FieldVector part : ((StructVector) data).getChildrenFromFields()) {
                columns.add(Columns.gather(part, elements, from, size, allocator));
            }
        } else {
            columns.add(Columns.gather(data, elements, from, size, allocator));
        }
        return new Chunk(node.schema(), columns, size);
    }

    private FieldVector positions(int from, int size) {
        IntVector vector = (IntVector) ArrowTypes.newVector("pos", DataTypes.IntegerType, allocator);
        vector.allocateNew(size);
        for (int i = 0; i < size; i++) {
            if (positions[from + i] == Columns.NULL_ROW) {
                vector.setNull(i);
            } else {
                vector.set(i, positions[from + i]);
            }
        }
        vector.setValueCount(size);
        return vector;
    }
}
