package dev.headrace.parquet;

import dev.headrace.chunk.Memory;
import dev.headrace.parquet.encoding.Bits;
import dev.headrace.parquet.encoding.NativeBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/// Bits for the slots of one chunk, zero until they are set; readable and writable [Bits#SLACK] bytes beyond.
final class GrowingBitmap implements AutoCloseable {
    private final NativeBuffer buffer;
    private long zeroed;

    GrowingBitmap(BufferAllocator allocator) {
        this.buffer = new NativeBuffer(allocator);
    }

    /// Begins anew, all zero.
    void begin(int slots) {
        zeroed = 0;
        reserve(Math.max(1, slots));
    }

    /// Makes room for bits up to `slots`.
    ///
    /// @return the address
    long reserve(int slots) {
        long bytes = (slots + 7L) / 8;
        if (bytes > zeroed) {
            ArrowBuf memory = buffer.grow(bytes, zeroed);
            Memory.fill(memory.memoryAddress() + zeroed, memory.capacity() - zeroed, (byte) 0);
            zeroed = memory.capacity() - Bits.SLACK;
        }
        return buffer.address();
    }

    long address() {
        return buffer.address();
    }

    /// Hands the bits over to the caller, who closes them.
    ArrowBuf take() {
        return buffer.take();
    }

    @Override
    public void close() {
        buffer.close();
    }
}
