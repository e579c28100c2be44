package dev.headrace.parquet.encoding;

import dev.headrace.chunk.Hash;
import dev.headrace.chunk.Memory;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;

/// Runs of bytes and their ids, in the order of their first appearance; the bytes lie as a dictionary page has them.
public final class BytesDictionary implements AutoCloseable {
    private static final int FIRST_SLOTS = 1 << 10;

    private final NativeOutput page;
    private final long maxBytes;
    private final int prefix;
    private int[] slots = new int[FIRST_SLOTS];
    private int[] hashes = new int[FIRST_SLOTS / 2];
    private int[] starts = new int[FIRST_SLOTS / 2];
    private int[] lengths = new int[FIRST_SLOTS / 2];
    private int size;

    /// @param maxBytes how large the dictionary page may get
    /// @param lengthPrefixed whether each value follows its length, as values that differ in it must
    public BytesDictionary(long maxBytes, boolean lengthPrefixed, BufferAllocator allocator) {
        this.maxBytes = maxBytes;
        this.prefix = lengthPrefixed ? 4 : 0;
        this.page = new NativeOutput(allocator);
    }

    /// Looks up values, taking in those that are new.
    ///
    /// @param addresses where the values lie
    /// @return how many were looked up: fewer than `count` if the dictionary is full
    public int ids(long[] addresses, int[] valueLengths, int count, int[] into, int offset) {
        long base = page.address();
        int mask = slots.length - 1;
        for (int i = 0; i < count; i++) {
            int length = valueLengths[i];
            int hash = (int) Hash.of(null, addresses[i], length);
            int slot = hash & mask;
            int id;
            while ((id = slots[slot] - 1) >= 0
                    && !(hashes[id] == hash
                            && lengths[id] == length
                            && Memory.equal(null, base + starts[id], null, addresses[i], length))) {
                slot = slot + 1 & mask;
            }
            if (id < 0) {
                if (page.size() + prefix + length > maxBytes) {
                    return i;
                }
                id = add(addresses[i], length, hash);
                slots[slot] = size;
                if (size == hashes.length) {
                    grow();
                    mask = slots.length - 1;
                }
                base = page.address();
            }
            into[offset + i] = id;
        }
        return count;
    }

    private int add(long address, int length, int hash) {
        if (prefix > 0) {
            page.putInt(length);
        }
        hashes[size] = hash;
        starts[size] = (int) page.size();
        lengths[size] = length;
        page.putBytes(address, length);
        return size++;
    }

    private void grow() {
        hashes = Arrays.copyOf(hashes, 2 * size);
        starts = Arrays.copyOf(starts, 2 * size);
        lengths = Arrays.copyOf(lengths, 2 * size);
        int[] larger = new int[2 * slots.length];
        int mask = larger.length - 1;
        for (int id = 0; id < size; id++) {
            int slot = hashes[id] & mask;
            while (larger[slot] != 0) {
                slot = slot + 1 & mask;
            }
            larger[slot] = id + 1;
        }
        slots = larger;
    }

    public int size() {
        return size;
    }

    /// Where a value lies; moves when values are added.
    public long address(int id) {
        return page.address() + starts[id];
    }

    public int length(int id) {
        return lengths[id];
    }

    /// The values as a dictionary page has them; they stay this object's.
    public NativeOutput page() {
        return page;
    }

    public void clear() {
        Arrays.fill(slots, 0);
        size = 0;
        page.clear();
    }

    @Override
    public void close() {
        page.close();
    }
}
