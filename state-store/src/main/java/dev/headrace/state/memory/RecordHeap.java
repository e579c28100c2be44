package dev.headrace.state.memory;

import dev.headrace.chunk.Closing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/// Off-heap blocks for records, with a free list per size class: what is freed is used again for blocks of the same
/// class, so the memory stays in proportion to the largest state so far. Used by one thread.
final class RecordHeap implements AutoCloseable {
    private static final int PAGE_BYTES = 256 * 1024;
    private static final int CLASSES = 128;

    private final BufferAllocator allocator;
    private final List<ArrowBuf> pages = new ArrayList<>();
    private final long[][] free = new long[CLASSES][];
    private final int[] freeCount = new int[CLASSES];
    private long cursor;
    private long end;
    private long bytes;

    RecordHeap(BufferAllocator allocator) {
        this.allocator = allocator;
        Arrays.fill(free, new long[0]);
    }

    /// The bytes taken from the allocator.
    long bytes() {
        return bytes;
    }

    /// The class of blocks that hold `size` bytes: four classes per power of two, so at most a fifth is unused.
    static int classOf(int size) {
        int units = Math.max(4, size + 15 >>> 4);
        int power = 31 - Integer.numberOfLeadingZeros(units - 1 | 1);
        int shift = Math.max(0, power - 2);
        int steps = units + (1 << shift) - 1 >>> shift;
        return shift * 4 + steps;
    }

    /// How many bytes a block of the class holds.
    static int capacity(int sizeClass) {
        if (sizeClass <= 8) {
            return sizeClass * 16;
        }
        int shift = (sizeClass - 5) / 4;
        int steps = sizeClass - shift * 4;
        return Math.multiplyExact(steps << shift, 16);
    }

    /// A block of the class; its contents are undefined.
    long allocate(int sizeClass) {
        if (freeCount[sizeClass] > 0) {
            return free[sizeClass][--freeCount[sizeClass]];
        }
        int size = capacity(sizeClass);
        if (cursor + size > end) {
            ArrowBuf page = allocator.buffer(Math.max(size, PAGE_BYTES));
            pages.add(page);
            bytes += page.capacity();
            cursor = page.memoryAddress();
            end = cursor + page.capacity();
        }
        long address = cursor;
        cursor += size;
        return address;
    }

    void free(long address, int sizeClass) {
        if (freeCount[sizeClass] == free[sizeClass].length) {
            free[sizeClass] = Arrays.copyOf(free[sizeClass], Math.max(8, freeCount[sizeClass] * 2));
        }
        free[sizeClass][freeCount[sizeClass]++] = address;
    }

    @Override
    public void close() {
        Closing.all(pages);
        pages.clear();
        Arrays.fill(freeCount, 0);
        bytes = 0;
        cursor = 0;
        end = 0;
    }
}
