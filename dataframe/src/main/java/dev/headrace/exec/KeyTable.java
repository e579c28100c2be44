package dev.headrace.exec;

import dev.headrace.chunk.Hash;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.RowEncoder;
import dev.headrace.chunk.RowLayout;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// A hash table from keys to slots: the numbers 0, 1, 2 … in the order in which keys were first seen.
///
/// Open addressing with linear probing over slot numbers; each slot has its key's hash, and its key as a [RowLayout]
/// row in off-heap pages, which never move. Used by one thread; owns the pages until [#close].
public final class KeyTable implements AutoCloseable {
    /// What [Finder#find] gives for a key that is not there.
    public static final int ABSENT = -1;

    private static final int PAGE_BYTES = 256 * 1024;

    private final RowLayout layout;
    private final RowEncoder encoder;
    private final BufferAllocator allocator;
    private final List<ArrowBuf> pages = new ArrayList<>();
    private long pageEnd;
    private long pageCursor;
    private int[] table = new int[64];
    private long[] hashes = new long[32];
    private long[] keys = new long[32];
    private int slots;

    public KeyTable(RowLayout layout, BufferAllocator allocator) {
        this.layout = layout;
        this.allocator = allocator;
        this.encoder = new RowEncoder(layout, allocator);
        Arrays.fill(table, ABSENT);
    }

    /// The number of distinct keys.
    public int slotCount() {
        return slots;
    }

    /// Finds the slot of each row's key, adding keys that are new.
    ///
    /// @param columns the key columns, borrowed
    /// @param out gets a slot per row
    public void assign(List<FieldVector> columns, int rows, int[] out) {
        encoder.encode(columns, rows);
        for (int i = 0; i < rows; i++) {
            long address = encoder.address(i);
            int length = encoder.length(i);
            long hash = Hash.of(null, address, length);
            int slot = probe(hash, address, length);
            out[i] = slot == ABSENT ? add(hash, address, length) : slot;
        }
    }

    /// A reader of this table for one more thread, while no keys are added.
    public Finder finder(BufferAllocator memory) {
        return new Finder(memory);
    }

    /// Looks keys up without adding any. Used by one thread.
    public final class Finder implements AutoCloseable {
        private final RowEncoder rows;
        private int[] found = new int[0];

        private Finder(BufferAllocator memory) {
            this.rows = new RowEncoder(layout, memory);
        }

        /// The slot of each row's key, [#ABSENT] for keys that are not there. The array is reused by the next call.
        public int[] find(List<FieldVector> columns, int count) {
            if (found.length < count) {
                found = new int[count];
            }
            rows.encode(columns, count);
            for (int i = 0; i < count; i++) {
                long address = rows.address(i);
                int length = rows.length(i);
                found[i] = probe(Hash.of(null, address, length), address, length);
            }
            return found;
        }

        @Override
        public void close() {
            rows.close();
        }
    }

    private int probe(long hash, long address, int length) {
        int mask = table.length - 1;
        int at = (int) hash & mask;
        while (true) {
            int slot = table[at];
            if (slot == ABSENT) {
                return ABSENT;
            }
            if (hashes[slot] == hash && sameKey(keys[slot], address, length)) {
                return slot;
            }
            at = at + 1 & mask;
        }
    }

    /// Each stored key stands behind its length.
    private static boolean sameKey(long key, long address, int length) {
        return Memory.getInt(key - 8) == length && Memory.equal(null, key, null, address, length);
    }

    private int add(long hash, long address, int length) {
        if (slots == keys.length) {
            hashes = Arrays.copyOf(hashes, slots * 2);
            keys = Arrays.copyOf(keys, slots * 2);
        }
        if (slots * 2 >= table.length) {
            grow();
        }
        long at = reserve(length + 8);
        Memory.putLong(at, length);
        Memory.copy(null, address, null, at + 8, length);
        int slot = slots++;
        hashes[slot] = hash;
        keys[slot] = at + 8;
        insert(hash, slot);
        return slot;
    }

    private void insert(long hash, int slot) {
        int mask = table.length - 1;
        int at = (int) hash & mask;
        while (table[at] != ABSENT) {
            at = at + 1 & mask;
        }
        table[at] = slot;
    }

    private void grow() {
        table = new int[table.length * 2];
        Arrays.fill(table, ABSENT);
        for (int slot = 0; slot < slots; slot++) {
            insert(hashes[slot], slot);
        }
    }

    private long reserve(int bytes) {
        if (pageCursor + bytes > pageEnd) {
            int pageBytes = Math.max(bytes, pages.isEmpty() ? 4096 : PAGE_BYTES);
            ArrowBuf page = allocator.buffer(pageBytes);
            pages.add(page);
            pageCursor = page.memoryAddress();
            pageEnd = pageCursor + page.capacity();
        }
        long at = pageCursor;
        pageCursor += bytes;
        return at;
    }

    /// The keys of the slots `[from, from + count)` as columns, which the caller owns.
    public List<FieldVector> keys(int from, int count, StructType schema, BufferAllocator target) {
        return layout.decode(keys, from, count, schema, target);
    }

    @Override
    public void close() {
        encoder.close();
        pages.forEach(ArrowBuf::close);
        pages.clear();
    }
}
