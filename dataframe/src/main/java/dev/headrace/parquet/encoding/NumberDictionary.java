package dev.headrace.parquet.encoding;

import dev.headrace.chunk.Hash;
import java.util.Arrays;

/// Numbers and their ids, in the order of their first appearance.
public final class NumberDictionary {
    private static final int FIRST_SLOTS = 1 << 10;

    private final int maxSize;
    private int[] slots = new int[FIRST_SLOTS];
    private long[] keys = new long[FIRST_SLOTS / 2];
    private int size;

    /// @param maxSize how many numbers it takes
    public NumberDictionary(int maxSize) {
        this.maxSize = maxSize;
    }

    /// Looks up numbers, taking in those that are new.
    ///
    /// @return how many were looked up: fewer than `count` if the dictionary is full
    public int ids(long[] values, int count, int[] into, int offset) {
        int mask = slots.length - 1;
        for (int i = 0; i < count; i++) {
            long value = values[i];
            int slot = (int) Hash.of(value) & mask;
            int id;
            while ((id = slots[slot] - 1) >= 0 && keys[id] != value) {
                slot = slot + 1 & mask;
            }
            if (id < 0) {
                if (size == maxSize) {
                    return i;
                }
                id = size++;
                keys[id] = value;
                slots[slot] = size;
                if (size == keys.length) {
                    grow();
                    mask = slots.length - 1;
                }
            }
            into[offset + i] = id;
        }
        return count;
    }

    private void grow() {
        keys = Arrays.copyOf(keys, 2 * keys.length);
        int[] larger = new int[2 * slots.length];
        int mask = larger.length - 1;
        for (int id = 0; id < size; id++) {
            int slot = (int) Hash.of(keys[id]) & mask;
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

    public long key(int id) {
        return keys[id];
    }

    public void clear() {
        Arrays.fill(slots, 0);
        size = 0;
    }
}
