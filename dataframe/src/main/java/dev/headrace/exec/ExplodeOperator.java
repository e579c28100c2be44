package dev.headrace.exec;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.Widths;
import dev.headrace.types.DataTypes;
import dev.headrace.types.MapType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;

/// Gives each row, without its collection, once per element of that. A chunk goes on as soon as it is full: what comes
/// of a row is never held at once.
final class ExplodeOperator implements Operator {
    private final PhysicalPlan.Explode node;
    private final RunContext run;
    private final int[] rows = new int[Chunk.TARGET_ROWS];
    private final int[] elements = new int[Chunk.TARGET_ROWS];
    private final int[] positions = new int[Chunk.TARGET_ROWS];
    private int count;

    /// So many rows make a chunk.
    private int atOnce = Chunk.TARGET_ROWS;

    /// Those beside the collection, whose values are repeated.
    private final int[] repeated;

    /// How many bytes a chunk may take; and where some of the repeated values are so much longer than others that a
    /// chunk of them would take more, how many those of the row take whose elements come now, and those of the next
    /// chunk.
    private final long share;

    private long rowBytes;
    private long bytes;

    ExplodeOperator(PhysicalPlan.Explode node, RunContext run) {
        this.node = node;
        this.run = run;
        this.share = run.chunkShare();
        this.repeated = IntStream.range(0, node.input().schema().size())
                .filter(i -> i != node.collection())
                .toArray();
    }

    @Override
    public void process(Chunk input, Output out) {
        ListVector collection = (ListVector) input.column(node.collection());
        atOnce = rowsAtOnce(input, collection.getDataVector());
        boolean even = !mayBeTooMany(input);
        for (int row = 0; row < input.rowCount() && !isEnough(out); row++) {
            rowBytes = even ? 0 : Widths.of(input, repeated, row, row + 1);
            int from = collection.isNull(row) ? 0 : collection.getElementStartIndex(row);
            int end = collection.isNull(row) ? 0 : collection.getElementEndIndex(row);
            if (from == end && node.outer()) {
                add(row, Columns.NULL_ROW, Columns.NULL_ROW, input, out);
            }
            for (int element = from; element < end && !isEnough(out); element++) {
                add(row, element, element - from, input, out);
            }
        }
        give(input, out);
    }

    /// How many of the rows that come of a chunk take a small share of the memory.
    private int rowsAtOnce(Chunk input, FieldVector data) {
        long mean = data.getBufferSize() / Math.max(1, data.getValueCount());
        for (int column : repeated) {
            mean += input.column(column).getBufferSize() / Math.max(1, input.rowCount());
        }
        return Math.clamp(share / Math.max(1, mean), 1, Chunk.TARGET_ROWS);
    }

    /// Whether so many rows of the longest values take more than that.
    private boolean mayBeTooMany(Chunk input) {
        return Widths.of(input, repeated, 0, input.rowCount()) * atOnce > share
                && Widths.ofLongest(input, repeated) * atOnce > share;
    }

    /// Asked once per chunk that has gone on.
    private boolean isEnough(Output out) {
        return count == 0 && out.isFull();
    }

    private void add(int row, int element, int position, Chunk input, Output out) {
        rows[count] = row;
        elements[count] = element;
        positions[count++] = position;
        bytes += rowBytes;
        if (count == atOnce || bytes > share) {
            give(input, out);
        }
    }

    private void give(Chunk input, Output out) {
        if (count > 0) {
            run.checkCancelled();
            Chunk full = chunk(input);
            count = 0;
            bytes = 0;
            out.accept(full);
        }
    }

    private Chunk chunk(Chunk input) {
        List<FieldVector> columns = new ArrayList<>();
        try {
            for (int column : repeated) {
                columns.add(gather(input.column(column), rows));
            }
            if (node.withPosition()) {
                addPositions(columns);
            }
            FieldVector data = ((ListVector) input.column(node.collection())).getDataVector();
            if (input.type(node.collection()) instanceof MapType) {
                for (FieldVector part : ((StructVector) data).getChildrenFromFields()) {
                    columns.add(gather(part, elements));
                }
            } else {
                columns.add(gather(data, elements));
            }
            return new Chunk(node.schema(), columns, count);
        } catch (Throwable failed) {
            Closing.all(columns);
            throw failed;
        }
    }

    private FieldVector gather(FieldVector column, int[] indexes) {
        return Columns.gather(column, indexes, 0, count, run.allocator());
    }

    private void addPositions(List<FieldVector> columns) {
        IntVector vector = (IntVector) ArrowTypes.newVector("pos", DataTypes.IntegerType, run.allocator());
        columns.add(vector);
        vector.allocateNew(count);
        for (int i = 0; i < count; i++) {
            if (positions[i] == Columns.NULL_ROW) {
                vector.setNull(i);
            } else {
                vector.set(i, positions[i]);
            }
        }
        vector.setValueCount(count);
    }
}
