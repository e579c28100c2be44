package dev.headrace.chunk;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// A value of fixed width per slot, off heap. New slots are zero. Used by one thread; owns its memory until [#close].
public final class SlotMemory implements AutoCloseable {
    private static final int FEWEST_BYTES = 1024;

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
        if (buffer != null) {
            Memory.copy(null, address, null, larger.memoryAddress(), capacity);
            buffer.close();
        }
        Memory.fill(larger.memoryAddress() + capacity, larger.capacity() - capacity, (byte) 0);
        buffer = larger;
        address = larger.memoryAddress();
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
