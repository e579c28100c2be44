package dev.headrace.parquet.encoding;

import dev.headrace.chunk.Memory;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/// Bytes that are appended one after another, in memory that grows.
public final class NativeOutput implements AutoCloseable {
    private final NativeBuffer buffer;
    private long used;

    public NativeOutput(BufferAllocator allocator) {
        this.buffer = new NativeBuffer(allocator);
    }

    /// Makes room for `bytes` more bytes, and [Bits#SLACK] beyond.
    ///
    /// @return the address of the next byte
    public long reserve(long bytes) {
        return buffer.grow(used + bytes, used).memoryAddress() + used;
    }

    /// Counts bytes in that were written where [#reserve] said.
    public void advance(long bytes) {
        used += bytes;
    }

    public void putByte(int value) {
        Memory.putByte(reserve(1), (byte) value);
        used++;
    }

    public void putInt(int value) {
        Memory.putInt(reserve(4), value);
        used += 4;
    }

    public void setInt(long at, int value) {
        Memory.putInt(address() + at, value);
    }

    public void putBytes(long from, long bytes) {
        Memory.copy(null, from, null, reserve(bytes), bytes);
        used += bytes;
    }

    void putVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            putByte(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        putByte(rest);
    }

    public long size() {
        return used;
    }

    /// Where the bytes lie; moves when they grow.
    public long address() {
        return buffer.grow(used, used).memoryAddress();
    }

    /// The memory that holds the bytes from 0 to [#size]; it stays this object's.
    public ArrowBuf bytes() {
        return bytes(0);
    }

    /// The same, with room for `more` bytes.
    public ArrowBuf bytes(long more) {
        return buffer.grow(used + more, used);
    }

    /// Forgets the bytes and keeps the memory.
    public void clear() {
        used = 0;
    }

    @Override
    public void close() {
        used = 0;
        buffer.close();
    }
}
