package dev.headrace.columns;

import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/// A column of type void, all null.
public final class NullWriter extends ColumnWriter {
    NullWriter(Optional<BufferAllocator> allocator) {
        super(allocator);
    }

    @Override
    public long byteCount(int rows) {
        return rows / 8;
    }

    @Override
    void grow(int kept, int rows) {}

    @Override
    void forget(int from, int to) {}

    @Override
    void writeCell(int row, Object cell) {
        throw new IllegalArgumentException("a void column holds no values");
    }

    @Override
    Object value(int row) {
        throw new IllegalStateException("a void column holds no values");
    }

    @Override
    void loadBuffers(FieldVector target, ArrowFieldNode node, ArrowBuf validity) {
        target.setValueCount(node.getLength());
    }

    @Override
    void restart() {}
}
