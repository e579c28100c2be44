package dev.headrace.function.aggregate;

import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import dev.headrace.chunk.SlotMemory;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// A nullable run of bytes per slot, copied off heap. New slots are null.
///
/// A value that is no longer than the room its slot has overwrites it; a longer one gets new room at the end. When the
/// buffer is full, values move to one that has twice the room they need, so that what was left behind is given back.
final class SlotBytes implements AutoCloseable {
    private static final int WIDTH = 16;
    private static final int LENGTH = 8;
    private static final int ROOM = 12;
    private static final int ABSENT = -1;

    private final BufferAllocator allocator;
    /// Per slot: offset in the buffer (8 bytes), length + 1 or 0 for null (4 bytes), room (4 bytes).
    private final SlotMemory entries;
    private @Nullable ArrowBuf buffer;
    private long end;
    private int slots;

    SlotBytes(BufferAllocator allocator) {
        this.allocator = allocator;
        entries = new SlotMemory(WIDTH, allocator);
    }

    void resize(int newSlots) {
        entries.resize(newSlots);
        slots = Math.max(slots, newSlots);
    }

    boolean isNull(int slot) {
        return length(slot) == ABSENT;
    }

    int length(int slot) {
        return Memory.getInt(entries.address(slot) + LENGTH) - 1;
    }

    /// Where the value lies, until the next change.
    long address(int slot) {
        return buffer == null ? 0 : buffer.memoryAddress() + Memory.getLong(entries.address(slot));
    }

    void get(int slot, Slice into) {
        into.set(null, address(slot), length(slot));
    }

    void set(int slot, Slice value) {
        long entry = entries.address(slot);
        if (value.length() > Memory.getInt(entry + ROOM)) {
            Memory.putInt(entry + LENGTH, 0);
            reserve(value.length());
            Memory.putLong(entry, end);
            Memory.putInt(entry + ROOM, value.length());
            end += value.length();
        }
        Memory.putInt(entry + LENGTH, value.length() + 1);
        if (value.length() > 0) {
            value.copyTo(null, address(slot));
        }
    }

    private void reserve(int bytes) {
        long capacity = buffer == null ? 0 : buffer.capacity();
        if (end + bytes <= capacity) {
            return;
        }
        long used = 0;
        for (int slot = 0; slot < slots; slot++) {
            used += Math.max(length(slot), 0);
        }
        ArrowBuf larger = allocator.buffer(Math.max(1024, (used + bytes) * 2));
        end = 0;
        for (int slot = 0; slot < slots; slot++) {
            move(slot, larger);
        }
        if (buffer != null) {
            buffer.close();
        }
        buffer = larger;
    }

    private void move(int slot, ArrowBuf larger) {
        long entry = entries.address(slot);
        int length = Math.max(length(slot), 0);
        if (length > 0) {
            Memory.copy(null, address(slot), null, larger.memoryAddress() + end, length);
        }
        Memory.putLong(entry, end);
        Memory.putInt(entry + ROOM, length);
        end += length;
    }

    @Override
    public void close() {
        entries.close();
        if (buffer != null) {
            buffer.close();
            buffer = null;
        }
    }
}
