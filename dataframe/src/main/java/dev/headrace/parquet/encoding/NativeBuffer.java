package dev.headrace.parquet.encoding;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Memory that grows on demand and is used again and again; it is readable for [Bits#SLACK] bytes beyond its capacity.
public final class NativeBuffer implements AutoCloseable {
    private final BufferAllocator allocator;
    private @Nullable ArrowBuf buffer;

    public NativeBuffer(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    /// Memory for `bytes` bytes; what was in it before is lost if it had to grow.
    public ArrowBuf reserve(long bytes) {
        ArrowBuf current = buffer;
        if (current != null && current.capacity() >= bytes + Bits.SLACK) {
            return current;
        }
        close();
        ArrowBuf larger = allocator.buffer(bytes + Bits.SLACK);
        buffer = larger;
        return larger;
    }

    /// Memory for `bytes` bytes whose first `used` are kept.
    public ArrowBuf grow(long bytes, long used) {
        ArrowBuf current = buffer;
        if (current != null && current.capacity() >= bytes + Bits.SLACK) {
            return current;
        }
        ArrowBuf larger = allocator.buffer(Math.max(bytes, current == null ? 0 : 2 * current.capacity()) + Bits.SLACK);
        if (current != null) {
            larger.setBytes(0, current, 0, used);
            current.close();
        }
        buffer = larger;
        return larger;
    }

    /// Where the memory lies.
    ///
    /// @throws IllegalStateException if nothing was reserved
    public long address() {
        ArrowBuf current = buffer;
        if (current == null) {
            throw new IllegalStateException("nothing was reserved");
        }
        return current.memoryAddress();
    }

    /// Hands the memory over to the caller, who closes it; the next use takes new memory.
    ///
    /// @throws IllegalStateException if nothing was reserved
    public ArrowBuf take() {
        ArrowBuf taken = buffer;
        if (taken == null) {
            throw new IllegalStateException("nothing was reserved");
        }
        buffer = null;
        return taken;
    }

    @Override
    public void close() {
        if (buffer != null) {
            buffer.close();
            buffer = null;
        }
    }
}
