package dev.headrace.columns;

import dev.headrace.chunk.Memory;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/// A column of booleans.
public final class BitWriter extends ColumnWriter {
    private final Block dataBlock;

    BitWriter(Optional<BufferAllocator> allocator) {
        super(allocator);
        this.dataBlock = new Block(allocator);
    }

    public void putBoolean(int row, boolean value) {
        long address = dataBlock.address() + (row >>> 3);
        int others = Memory.getByte(address) & ~(1 << (row & 7));
        Memory.putByte(address, (byte) (others | (value ? 1 << (row & 7) : 0)));
        setValid(row);
    }

    @Override
    public long byteCount(int rows) {
        return rows / 8;
    }

    @Override
    void grow(int kept, int rows) {
        dataBlock.ensure(rows / 8L, kept / 8L);
        dataBlock.zero(kept / 8L, rows / 8L);
    }

    @Override
    void forget(int from, int to) {}

    @Override
    void writeCell(int row, Object cell) {
        putBoolean(row, (Boolean) cell);
    }

    @Override
    Object value(int row) {
        return Memory.bit(dataBlock.address(), row);
    }

    @Override
    void loadBuffers(FieldVector target, ArrowFieldNode node, ArrowBuf validity) {
        try (ArrowBuf values = dataBlock.take()) {
            values.writerIndex((node.getLength() + 7L) / 8);
            target.loadFieldBuffers(node, List.of(validity, values));
        }
    }

    @Override
    void restart() {}

    @Override
    public void close() {
        super.close();
        dataBlock.close();
    }
}
