package dev.headrace.state.memory;

import dev.headrace.chunk.Hash;
import dev.headrace.chunk.Memory;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The entries of a store as they are now: a hash table over records in off-heap memory, and the times at which entries
/// expire. Used by one thread.
///
/// ```text
/// record = int key length, int value length, long expiry, key bytes, value bytes
/// ```
final class LiveTable implements AutoCloseable {
    static final int ABSENT = -1;
    private static final int HEADER = 16;

    private final RecordHeap heap;
    private int[] table = new int[64];
    private long[] hashes = new long[32];
    private long[] records = new long[32];
    private int[] freeSlots = new int[0];
    private int freeCount;
    private int slots;
    private int size;
    private final TreeMap<Long, Slots> byExpiry = new TreeMap<>();

    /// A growing list of slots.
    private static final class Slots {
        private int[] values = new int[4];
        private int count;

        void add(int slot) {
            if (count == values.length) {
                values = Arrays.copyOf(values, count * 2);
            }
            values[count++] = slot;
        }
    }

    LiveTable(BufferAllocator allocator) {
        this.heap = new RecordHeap(allocator);
        Arrays.fill(table, ABSENT);
    }

    int size() {
        return size;
    }

    long memoryBytes() {
        return heap.bytes() + 4L * table.length + 16L * records.length;
    }

    /// One more than the largest slot in use.
    int slotEnd() {
        return slots;
    }

    boolean isUsed(int slot) {
        return records[slot] != 0;
    }

    long keyAddress(int slot) {
        return records[slot] + HEADER;
    }

    int keyLength(int slot) {
        return Memory.getInt(records[slot]);
    }

    long valueAddress(int slot) {
        return records[slot] + HEADER + keyLength(slot);
    }

    int valueLength(int slot) {
        return Memory.getInt(records[slot] + 4);
    }

    long expiry(int slot) {
        return Memory.getLong(records[slot] + 8);
    }

    long hash(int slot) {
        return hashes[slot];
    }

    /// The slot of a key, or [#ABSENT].
    int find(@Nullable Object base, long key, int length, long hash) {
        int mask = table.length - 1;
        for (int at = (int) hash & mask; ; at = at + 1 & mask) {
            int slot = table[at];
            if (slot == ABSENT) {
                return ABSENT;
            }
            if (hashes[slot] == hash
                    && keyLength(slot) == length
                    && Memory.equal(null, keyAddress(slot), base, key, length)) {
                return slot;
            }
        }
    }

    /// Sets the value of a key.
    ///
    /// @param slot what [#find] has given for it
    void put(
            int slot,
            @Nullable Object base,
            long key,
            int keyLength,
            long hash,
            @Nullable Object valueBase,
            long value,
            int valueLength,
            long expiry) {
        int target = slot;
        boolean expiryChanged = true;
        if (target == ABSENT) {
            target = newSlot(hash);
            records[target] = heap.allocate(RecordHeap.classOf(HEADER + keyLength + valueLength));
            Memory.putInt(records[target], keyLength);
            Memory.copy(base, key, null, records[target] + HEADER, keyLength);
            insert(hash, target);
            size++;
        } else {
            expiryChanged = expiry(target) != expiry;
            resize(target, valueLength);
        }
        long record = records[target];
        Memory.putInt(record + 4, valueLength);
        Memory.putLong(record + 8, expiry);
        Memory.copy(valueBase, value, null, record + HEADER + keyLength, valueLength);
        if (expiryChanged && expiry != StateTimes.NEVER) {
            byExpiry.computeIfAbsent(expiry, _ -> new Slots()).add(target);
        }
    }

    /// Moves the record to a block of another size if the new value needs one.
    private void resize(int slot, int valueLength) {
        int keyLength = keyLength(slot);
        int before = RecordHeap.classOf(HEADER + keyLength + valueLength(slot));
        int after = RecordHeap.classOf(HEADER + keyLength + valueLength);
        if (before != after) {
            long old = records[slot];
            records[slot] = heap.allocate(after);
            Memory.copy(null, old, null, records[slot], HEADER + keyLength);
            heap.free(old, before);
        }
    }

    private int newSlot(long hash) {
        if (freeCount > 0) {
            int slot = freeSlots[--freeCount];
            hashes[slot] = hash;
            return slot;
        }
        if (slots == records.length) {
            hashes = Arrays.copyOf(hashes, slots * 2);
            records = Arrays.copyOf(records, slots * 2);
        }
        if (slots * 2 >= table.length) {
            grow();
        }
        hashes[slots] = hash;
        return slots++;
    }

    private void grow() {
        table = new int[table.length * 2];
        Arrays.fill(table, ABSENT);
        for (int slot = 0; slot < slots; slot++) {
            if (records[slot] != 0) {
                insert(hashes[slot], slot);
            }
        }
    }

    private void insert(long hash, int slot) {
        int mask = table.length - 1;
        int at = (int) hash & mask;
        while (table[at] != ABSENT) {
            at = at + 1 & mask;
        }
        table[at] = slot;
    }

    void remove(int slot) {
        unlink(slot);
        heap.free(records[slot], RecordHeap.classOf(HEADER + keyLength(slot) + valueLength(slot)));
        records[slot] = 0;
        if (freeCount == freeSlots.length) {
            freeSlots = Arrays.copyOf(freeSlots, Math.max(8, freeCount * 2));
        }
        freeSlots[freeCount++] = slot;
        size--;
    }

    /// Takes a slot out of the hash table, closing the gap that it leaves in its run.
    private void unlink(int slot) {
        int mask = table.length - 1;
        int at = (int) hashes[slot] & mask;
        while (table[at] != slot) {
            at = at + 1 & mask;
        }
        int hole = at;
        for (int next = hole + 1 & mask; table[next] != ABSENT; next = next + 1 & mask) {
            int home = (int) hashes[table[next]] & mask;
            if ((next - home & mask) >= (next - hole & mask)) {
                table[hole] = table[next];
                hole = next;
            }
        }
        table[hole] = ABSENT;
    }

    /// The slots of the entries that expire at or before a time, the earliest first, each once. They stay in the table
    /// until they are removed, but are not given again.
    int[] takeExpired(long time) {
        int[] expired = new int[16];
        int count = 0;
        while (!byExpiry.isEmpty() && byExpiry.firstKey() <= time) {
            Map.Entry<Long, Slots> due = byExpiry.pollFirstEntry();
            Slots candidates = due.getValue();
            Arrays.sort(candidates.values, 0, candidates.count);
            int last = ABSENT;
            for (int i = 0; i < candidates.count; i++) {
                int slot = candidates.values[i];
                if (slot != last && records[slot] != 0 && expiry(slot) == due.getKey()) {
                    expired = count == expired.length ? Arrays.copyOf(expired, count * 2) : expired;
                    expired[count++] = slot;
                }
                last = slot;
            }
        }
        return Arrays.copyOf(expired, count);
    }

    /// When the next entry expires, or [StateTimes#NEVER].
    long nextExpiry() {
        for (Map.Entry<Long, Slots> candidate : byExpiry.entrySet()) {
            Slots slotsOfTime = candidate.getValue();
            for (int i = 0; i < slotsOfTime.count; i++) {
                int slot = slotsOfTime.values[i];
                if (records[slot] != 0 && expiry(slot) == candidate.getKey()) {
                    return candidate.getKey();
                }
            }
        }
        return StateTimes.NEVER;
    }

    static long hashOf(@Nullable Object base, long key, int length) {
        return Hash.of(base, key, length);
    }

    @Override
    public void close() {
        heap.close();
    }
}
