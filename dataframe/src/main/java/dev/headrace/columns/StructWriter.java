package dev.headrace.columns;

import dev.headrace.chunk.Closing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.jspecify.annotations.Nullable;

/// A column of structs: its fields are written at the same row, in any order.
public final class StructWriter extends ColumnWriter {
    private final List<ColumnWriter> fields;

    StructWriter(List<ColumnWriter> fields, Optional<BufferAllocator> allocator) {
        super(allocator);
        this.fields = List.copyOf(fields);
    }

    public ColumnWriter field(int ordinal) {
        return fields.get(ordinal);
    }

    public int fieldCount() {
        return fields.size();
    }

    /// Says that the row holds a struct, whatever its fields are.
    public void putStruct(int row) {
        setValid(row);
    }

    /// Moves the first `rows` rows of the fields into empty vectors, as columns of their own, whatever the structs' own
    /// nulls; the writer is empty afterwards.
    public void loadColumns(List<? extends FieldVector> targets, int rows) {
        for (int i = 0; i < fields.size(); i++) {
            fields.get(i).load(targets.get(i), rows);
        }
        super.close();
    }

    @Override
    public long byteCount(int rows) {
        long bytes = rows / 8;
        for (ColumnWriter field : fields) {
            bytes += field.byteCount(rows);
        }
        return bytes;
    }

    @Override
    void grow(int kept, int rows) {
        fields.forEach(field -> field.ensure(rows));
    }

    @Override
    void forget(int from, int to) {
        fields.forEach(field -> field.clear(from, to));
    }

    @Override
    void writeCell(int row, Object cell) {
        putStruct(row);
        List<?> values = (List<?>) cell;
        for (int i = 0; i < fields.size(); i++) {
            fields.get(i).write(row, values.get(i));
        }
    }

    @Override
    Object value(int row) {
        List<@Nullable Object> values = new ArrayList<>(fields.size());
        for (ColumnWriter field : fields) {
            values.add(field.read(row));
        }
        return values;
    }

    @Override
    void loadBuffers(FieldVector target, ArrowFieldNode node, ArrowBuf validity) {
        target.loadFieldBuffers(node, List.of(validity));
        for (int i = 0; i < fields.size(); i++) {
            fields.get(i).load((FieldVector) ((StructVector) target).getChildByOrdinal(i), node.getLength());
        }
    }

    @Override
    void restart() {
        fields.forEach(ColumnWriter::reset);
    }

    @Override
    public void close() {
        super.close();
        Closing.all(fields);
    }
}
