package dev.headrace.chunk;

import dev.headrace.cancellation.Cancellation;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// A value of fixed width per slot, off heap. New slots are zero. Used by one thread; owns its memory until [#close].
public final class SlotMemory implements AutoCloseable {
    private static final int FEWEST_BYTES = 1024;

    /// So much is written before it is asked again whether the query is to stop.
    private static final long STEP_BYTES = 16L << 20;

    private final BufferAllocator allocator;
    private final int width;
    private @Nullable ArrowBuf buffer;
    private long address;

    /// @param width the bytes of a slot
    public SlotMemory(int width, BufferAllocator allocator) {
        this.width = width;
        this.allocator = allocator;
    }

    /// The bytes of a slot.
    public int width() {
        return width;
    }

    /// Makes room for the slots below `slots`; the address may change.
    public void resize(int slots) {
        long needed = (long) slots * width;
        long capacity = buffer == null ? 0 : buffer.capacity();
        if (needed <= capacity) {
            return;
        }
        ArrowBuf larger = allocator.buffer(Math.max(FEWEST_BYTES, Math.max(needed, capacity * 2)));
        try {
            write(larger, capacity);
        } catch (Throwable failed) {
            larger.close();
            throw failed;
        }
        if (buffer != null) {
            buffer.close();
        }
        buffer = larger;
        address = larger.memoryAddress();
    }

    /// Copies the slots that there are, and makes the others zero.
    private void write(ArrowBuf larger, long kept) {
        long to = larger.memoryAddress();
        for (long from = 0; from < kept; from += STEP_BYTES) {
            Cancellation.checkThread();
            Memory.copy(null, address + from, null, to + from, Math.min(STEP_BYTES, kept - from));
        }
        for (long from = kept; from < larger.capacity(); from += STEP_BYTES) {
            Cancellation.checkThread();
            Memory.fill(to + from, Math.min(STEP_BYTES, larger.capacity() - from), (byte) 0);
        }
    }

    /// The address of slot 0, valid until [#resize].
    public long address() {
        return address;
    }

    /// The address of a slot, valid until [#resize].
    public long address(int slot) {
        return address + (long) slot * width;
    }

    @Override
    public void close() {
        if (buffer != null) {
            buffer.close();
            buffer = null;
            address = 0;
        }
    }
}
