package dev.headrace.columns;

import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/// A column of strings or binaries.
///
/// A value is either [put][#put] whole, or written piece by piece: [#begin], bytes written at the address while it is
/// below [#limit] (else [#more]), [#end].
public final class BytesWriter extends ColumnWriter {
    /// Bytes that may be written beyond [#limit], so that a copy may go in whole words.
    public static final int SLACK = 32;

    private final Block offsetBlock;
    private final Block dataBlock;
    private long offsets;
    private long data;
    private long limit;
    /// The number of rows whose end is known, and the end of the last of them.
    private int rows;

    private int end;
    /// How much the last vector took: what to allocate next time.
    private long usualBytes = 1024;

    BytesWriter(Optional<BufferAllocator> allocator) {
        super(allocator);
        this.offsetBlock = new Block(allocator);
        this.dataBlock = new Block(allocator);
    }

    /// Begins the value of a row.
    ///
    /// @return the address of its first byte
    public long begin(int row) {
        if (rows != row) {
            fill(row);
        }
        return data + end;
    }

    /// The address at which [#more] must be asked for.
    public long limit() {
        return limit;
    }

    /// Makes room for at least `bytes` bytes after `at`, which may move the memory.
    ///
    /// @param at how far the present value has been written
    /// @return the address at which to go on
    public long more(long at, long bytes) {
        long used = at - data;
        reserve(used + bytes, used);
        return data + used;
    }

    /// Ends the value of a row.
    ///
    /// @param at the address after its last byte
    public void end(int row, long at) {
        end = (int) (at - data);
        rows = row + 1;
        Memory.putInt(offsets + rows * 4L, end);
        setValid(row);
    }

    /// Puts a value whole.
    public void put(int row, byte[] bytes, int from, int length) {
        long at = begin(row);
        if (at + length > limit) {
            at = more(at, length);
        }
        copy(bytes, from, at, length);
        end(row, at + length);
    }

    private static void copy(byte[] bytes, int from, long to, int length) {
        if (length > SLACK || from + SLACK > bytes.length) {
            Memory.copy(bytes, Memory.BYTES + from, null, to, length);
            return;
        }
        long source = Memory.BYTES + from;
        for (int i = 0; i < length; i += 8) {
            Memory.putLong(to + i, Memory.getLong(bytes, source + i));
        }
    }

    /// Ends the rows before `row` that have not been written, or takes back those from `row` on.
    private void fill(int row) {
        if (rows > row) {
            rows = row;
            end = Memory.getInt(offsets + rows * 4L);
            return;
        }
        while (rows < row) {
            Memory.putInt(offsets + ++rows * 4L, end);
        }
    }

    private void reserve(long bytes, long kept) {
        dataBlock.ensure(Math.max(bytes, usualBytes) + SLACK, kept);
        data = dataBlock.address();
        limit = data + dataBlock.capacity() - SLACK;
    }

    @Override
    public long byteCount(int rows) {
        return end + 4L * rows;
    }

    @Override
    void grow(int kept, int capacity) {
        boolean fresh = offsetBlock.capacity() == 0;
        offsetBlock.ensure((capacity + 1) * 4L, (kept + 1) * 4L * (fresh ? 0 : 1));
        offsets = offsetBlock.address();
        if (fresh) {
            Memory.putInt(offsets, 0);
            reserve(0, 0);
        }
    }

    @Override
    void forget(int from, int to) {
        if (rows > from) {
            fill(from);
        }
    }

    @Override
    void writeCell(int row, Object cell) {
        Slice slice = (Slice) cell;
        long at = begin(row);
        if (at + slice.length() > limit) {
            at = more(at, slice.length());
        }
        slice.copyTo(null, at);
        end(row, at + slice.length());
    }

    @Override
    Object value(int row) {
        int start = Memory.getInt(offsets + row * 4L);
        return Slice.at(data + start, Memory.getInt(offsets + row * 4L + 4) - start)
                .copy();
    }

    @Override
    void loadBuffers(FieldVector target, ArrowFieldNode node, ArrowBuf validity) {
        fill(node.getLength());
        try (ArrowBuf ends = offsetBlock.take();
                ArrowBuf bytes = dataBlock.take()) {
            ends.writerIndex((node.getLength() + 1) * 4L);
            bytes.writerIndex(end);
            target.loadFieldBuffers(node, List.of(validity, ends, bytes));
        }
        usualBytes = Math.max(1024, end);
        forgetMemory();
    }

    private void forgetMemory() {
        offsets = 0;
        data = 0;
        limit = 0;
        restart();
    }

    @Override
    void restart() {
        rows = 0;
        end = 0;
    }

    @Override
    public void close() {
        super.close();
        offsetBlock.close();
        dataBlock.close();
        forgetMemory();
    }
}
