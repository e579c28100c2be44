package dev.headrace.columns;

import dev.headrace.chunk.Memory;
import dev.headrace.errors.ResourceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Off-heap memory that grows: an Arrow buffer if there is an allocator, else memory that the garbage collector frees.
///
/// New memory beyond what was asked to be kept is zero only where [#zero] says so.
final class Block {
    private static final long MIN_BYTES = 64;
    private static final long MAX_BYTES = 1L << 31;

    private final Optional<BufferAllocator> allocator;
    private @Nullable ArrowBuf buffer;
    /// Keeps memory without an allocator alive.
    private @Nullable MemorySegment segment;

    private long address;
    private long capacity;

    Block(Optional<BufferAllocator> allocator) {
        this.allocator = allocator;
    }

    long address() {
        return address;
    }

    long capacity() {
        return capacity;
    }

    /// Makes room for `bytes`, keeping the first `kept` of the present ones.
    void ensure(long bytes, long kept) {
        if (bytes <= capacity) {
            return;
        }
        if (bytes > MAX_BYTES) {
            throw new ResourceException(
                    "COLUMN_TOO_LARGE",
                    "One column of one chunk needs " + bytes + " bytes; the most is " + MAX_BYTES
                            + ". Are single values that large? Read fewer rows at a time.");
        }
        long size = Math.max(MIN_BYTES, Long.highestOneBit(bytes - 1) << 1);
        @Nullable ArrowBuf old = buffer;
        long oldAddress = address;
        if (allocator.isPresent()) {
            ArrowBuf grown = allocator.get().buffer(size);
            buffer = grown;
            address = grown.memoryAddress();
            capacity = Math.min(grown.capacity(), MAX_BYTES);
        } else {
            MemorySegment grown = Arena.ofAuto().allocate(size, 8);
            address = grown.address();
            capacity = size;
            Memory.copy(null, oldAddress, null, address, kept);
            segment = grown;
            return;
        }
        Memory.copy(null, oldAddress, null, address, kept);
        if (old != null) {
            old.close();
        }
    }

    void zero(long from, long to) {
        Memory.fill(address + from, to - from, (byte) 0);
    }

    /// Hands the buffer over: the caller owns it, and this block is empty.
    ArrowBuf take() {
        ArrowBuf taken = buffer != null ? buffer : allocator.orElseThrow().getEmpty();
        buffer = null;
        address = 0;
        capacity = 0;
        return taken;
    }

    void close() {
        if (buffer != null) {
            buffer.close();
        }
        Reference.reachabilityFence(segment);
        buffer = null;
        segment = null;
        address = 0;
        capacity = 0;
    }
}
