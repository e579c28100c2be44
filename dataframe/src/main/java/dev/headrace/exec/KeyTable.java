package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.RowEncoder;
import dev.headrace.chunk.RowLayout;
import dev.headrace.chunk.SlotMemory;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/// A hash table from keys to slots: the numbers 0, 1, 2 … in the order in which keys were first seen.
///
/// Open addressing with linear probing; a place of the table has the upper half of a key's hash and the key's slot plus
/// one. Each slot has its key's hash, and its key as a [RowLayout] row in pages, which never move. All of it lies off
/// heap, where it is accounted, and where a table that grows makes no work for the garbage collector. Used by one
/// thread; owns its memory until [#close].
public final class KeyTable implements AutoCloseable {
    /// What [Finder#find] gives for a key that is not there.
    public static final int ABSENT = -1;

    private static final int PAGE_BYTES = 256 * 1024;
    private static final int FEWEST_PLACES = 64;

    /// Of fewer rows, all keys are written as rows.
    private static final int FEWEST_SHORT_ROWS = 256;

    /// Of so many rows at once slots are assigned, if there are many: each takes memory meanwhile, beside its slot.
    private static final int ASSIGNED_ROWS = 1 << 16;

    private final RowLayout layout;
    private final RowEncoder encoder;
    private final BufferAllocator allocator;
    private final List<ArrowBuf> pages = new ArrayList<>();
    private long pageEnd;
    private long pageCursor;
    private SlotMemory table;
    private int mask;
    private final SlotMemory hashes;
    private final SlotMemory keys;
    private int slots;
    private final Batch batch = new Batch();
    private final Optional<KeyWords> keyWords;
    private Optional<ShortKeys> shortKeys;

    public KeyTable(RowLayout layout, BufferAllocator allocator) {
        this(layout, 0, allocator);
    }

    /// @param expected about how many keys there will be
    KeyTable(RowLayout layout, int expected, BufferAllocator allocator) {
        this.layout = layout;
        this.allocator = allocator;
        this.encoder = new RowEncoder(layout, allocator);
        this.keyWords = KeyWords.of(layout.types());
        this.shortKeys = ShortKeys.of(layout.types());
        this.hashes = new SlotMemory(Long.BYTES, allocator);
        this.keys = new SlotMemory(Long.BYTES, allocator);
        try {
            this.hashes.resize(expected);
            this.keys.resize(expected);
            this.table = places(Math.max(FEWEST_PLACES, 2 * Integer.highestOneBit(Math.max(1, 2 * expected - 1))));
        } catch (Throwable failed) {
            hashes.close();
            keys.close();
            throw failed;
        }
    }

    /// A table of so many empty places; half of them may be taken.
    private SlotMemory places(int count) {
        SlotMemory places = new SlotMemory(Long.BYTES, allocator);
        places.resize(count);
        mask = count - 1;
        return places;
    }

    private long place(int at) {
        return Memory.getLong(table.address() + ((long) at << 3));
    }

    /// Where a slot's key lies.
    private long key(int slot) {
        return Memory.getLong(keys.address() + ((long) slot << 3));
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
        if (keyWords.isPresent()) {
            assignWords(keyWords.get(), columns, rows, out);
            return;
        }
        if (columns.size() == 1
                && rows > 0
                && columns.getFirst().getNullCount() == 0
                && SingleKey.isBytes(layout.types().getFirst())) {
            assignBytes((BaseVariableWidthVector) columns.getFirst(), rows, out);
            return;
        }
        ShortKeys found = rows < FEWEST_SHORT_ROWS ? null : shortKeys.orElse(null);
        if (found == null) {
            assignRows(columns, rows, out);
            return;
        }
        int unknown = found.find(columns, rows, out);
        if (unknown > 0) {
            assignUnknown(found, unknown, columns, out);
        }
        if (!found.isOfUse()) {
            shortKeys = Optional.empty();
        }
    }

    private void assignUnknown(ShortKeys found, int count, List<FieldVector> columns, int[] out) {
        int[] assigned = new int[count];
        List<FieldVector> some = new ArrayList<>();
        try {
            for (FieldVector column : columns) {
                some.add(Columns.gather(column, found.unknown(), 0, count, allocator));
            }
            assignRows(some, count, assigned);
        } finally {
            Closing.all(some);
        }
        for (int i = 0; i < count; i++) {
            int row = found.unknown()[i];
            out[row] = assigned[i];
            found.remember(row, assigned[i]);
        }
    }

    /// Looks at the first place of each key before it compares any, as [#assignWords].
    private void assignRows(List<FieldVector> columns, int rows, int[] out) {
        encoder.encode(columns, rows);
        batch.reserve(rows);
        for (int i = 0; i < rows; i++) {
            batch.hashes[i] = encoder.hash(i);
        }
        findCandidates(batch, rows);
        for (int i = 0; i < rows; i++) {
            int slot = slot(batch, i, encoder);
            out[i] = slot == ABSENT ? add(batch.hashes[i], encoder.address(i), encoder.length(i)) : slot;
        }
    }

    /// The slot of an encoded row's key, or [#ABSENT].
    private int slot(Batch of, int row, RowEncoder encoded) {
        long address = encoded.address(row);
        int length = encoded.length(row);
        long key = of.keys[row];
        return key != 0 && sameKey(key, address, length) ? of.slots[row] : probe(of.hashes[row], address, length);
    }

    /// As [#assign], of any number of rows: they may be those of a whole table.
    ///
    /// @return a slot per row
    int[] assignMany(List<FieldVector> columns, int rows) {
        int[] all = new int[rows];
        int[] some = new int[Math.min(rows, ASSIGNED_ROWS)];
        for (int from = 0; from < rows; from += some.length) {
            Cancellation.checkThread();
            int count = Math.min(some.length, rows - from);
            List<FieldVector> parts = new ArrayList<>();
            try {
                for (FieldVector column : columns) {
                    parts.add(Columns.share(column, from, count, allocator));
                }
                assign(parts, count, some);
            } finally {
                Closing.all(parts);
            }
            System.arraycopy(some, 0, all, from, count);
        }
        return all;
    }

    private void assignWords(KeyWords words, List<FieldVector> columns, int rows, int[] out) {
        find(words, columns, rows, batch);
        for (int i = 0; i < rows; i++) {
            if (batch.keys[i] != 0) {
                out[i] = batch.slots[i];
            } else {
                int slot = probe(words, i, batch.hashes[i]);
                out[i] = slot == ABSENT ? add(words, i, batch.hashes[i]) : slot;
            }
        }
    }

    /// Looks at the first place of each key before it compares any: the places and keys of many rows are then fetched
    /// from memory at the same time. What has no key in the batch after this is to be searched for row by row.
    private void find(KeyWords words, List<FieldVector> columns, int rows, Batch of) {
        words.read(columns, rows);
        of.reserve(rows);
        words.hash(rows, of.hashes);
        findCandidates(of, rows);
        words.keepEqual(of.keys, rows);
    }

    /// Rows whose keys are searched for together, by one thread.
    private static final class Batch {
        private long[] hashes = new long[0];

        /// The slot whose hash begins like the row's, at its first place, and where the key of that lies; or 0.
        private int[] slots = new int[0];

        private long[] keys = new long[0];

        void reserve(int rows) {
            if (hashes.length < rows) {
                hashes = new long[rows];
                slots = new int[rows];
                keys = new long[rows];
            }
        }
    }

    /// For each row the slot whose hash begins like the row's, at the first place; where its key lies, or 0.
    private void findCandidates(Batch of, int rows) {
        long places = table.address();
        for (int i = 0; i < rows; i++) {
            long hash = of.hashes[i];
            long place = Memory.getLong(places + ((hash & mask) << 3));
            of.slots[i] = (place ^ hash) >>> 32 == 0 ? (int) place - 1 : ABSENT;
        }
        long addresses = keys.address();
        for (int i = 0; i < rows; i++) {
            of.keys[i] = of.slots[i] == ABSENT ? 0 : Memory.getLong(addresses + ((long) of.slots[i] << 3));
        }
    }

    private int probe(KeyWords words, int row, long hash) {
        int at = (int) hash & mask;
        while (true) {
            long place = place(at);
            if (place == 0) {
                return ABSENT;
            }
            if ((place ^ hash) >>> 32 == 0 && words.isEqual(row, key((int) place - 1))) {
                return (int) place - 1;
            }
            at = at + 1 & mask;
        }
    }

    private int add(KeyWords words, int row, long hash) {
        words.write(row, newSlot(hash, words.bytes()));
        return slots - 1;
    }

    private void assignBytes(BaseVariableWidthVector column, int rows, int[] out) {
        long data = column.getDataBuffer().memoryAddress();
        long offsets = column.getOffsetBuffer().memoryAddress();
        batch.reserve(rows);
        for (int i = 0; i < rows; i++) {
            int from = Memory.getInt(offsets + 4L * i);
            int length = Memory.getInt(offsets + 4L * i + 4) - from;
            batch.hashes[i] = SingleKey.hashOfBytes(data + from, length);
        }
        findCandidates(batch, rows);
        for (int i = 0; i < rows; i++) {
            int from = Memory.getInt(offsets + 4L * i);
            int length = Memory.getInt(offsets + 4L * i + 4) - from;
            long key = batch.keys[i];
            if (key != 0 && isBytes(key, data + from, length)) {
                out[i] = batch.slots[i];
            } else {
                int slot = findBytes(batch.hashes[i], data + from, length);
                out[i] = slot == ABSENT ? addBytes(batch.hashes[i], data + from, length) : slot;
            }
        }
    }

    private static boolean isBytes(long key, long address, int length) {
        return Memory.getLong(key) == 0
                && Memory.getLong(key + 8) == SingleKey.bytesWord(length)
                && Memory.equal(null, key + SingleKey.NUMBER_BYTES, null, address, length);
    }

    private int findBytes(long hash, long address, int length) {
        int at = (int) hash & mask;
        while (true) {
            long place = place(at);
            if (place == 0) {
                return ABSENT;
            }
            if ((place ^ hash) >>> 32 == 0) {
                if (isBytes(key((int) place - 1), address, length)) {
                    return (int) place - 1;
                }
            }
            at = at + 1 & mask;
        }
    }

    private int addBytes(long hash, long address, int length) {
        int padded = length + 7 & ~7;
        long at = newSlot(hash, SingleKey.NUMBER_BYTES + padded);
        Memory.putLong(at, 0);
        Memory.putLong(at + 8, SingleKey.bytesWord(length));
        if (padded > 0) {
            Memory.putLong(at + 8 + padded, 0);
        }
        Memory.copyApart(address, at + SingleKey.NUMBER_BYTES, length);
        return slots - 1;
    }

    /// The hash of a slot's key.
    long hash(int slot) {
        return Memory.getLong(hashes.address(slot));
    }

    /// A reader of this table for one more thread, while no keys are added.
    public Finder finder(BufferAllocator memory) {
        return new Finder(memory);
    }

    /// Looks keys up without adding any. Used by one thread.
    public final class Finder implements AutoCloseable {
        private final RowEncoder rows;
        private final Optional<KeyWords> words = KeyWords.of(layout.types());
        private final Batch looked = new Batch();
        private int[] found = new int[0];

        private Finder(BufferAllocator memory) {
            this.rows = new RowEncoder(layout, memory);
        }

        /// The slot of each row's key, [#ABSENT] for keys that are not there. The array is reused by the next call.
        public int[] find(List<FieldVector> columns, int count) {
            if (found.length < count) {
                found = new int[count];
            }
            if (words.isPresent()) {
                findWords(words.get(), columns, count);
                return found;
            }
            rows.encode(columns, count);
            looked.reserve(count);
            for (int i = 0; i < count; i++) {
                looked.hashes[i] = rows.hash(i);
            }
            findCandidates(looked, count);
            for (int i = 0; i < count; i++) {
                found[i] = slot(looked, i, rows);
            }
            return found;
        }

        private void findWords(KeyWords keys, List<FieldVector> columns, int count) {
            KeyTable.this.find(keys, columns, count, looked);
            for (int i = 0; i < count; i++) {
                found[i] = looked.keys[i] != 0 ? looked.slots[i] : probe(keys, i, looked.hashes[i]);
            }
        }

        @Override
        public void close() {
            rows.close();
        }
    }

    private int probe(long hash, long address, int length) {
        int at = (int) hash & mask;
        while (true) {
            long place = place(at);
            if (place == 0) {
                return ABSENT;
            }
            if ((place ^ hash) >>> 32 == 0 && sameKey(key((int) place - 1), address, length)) {
                return (int) place - 1;
            }
            at = at + 1 & mask;
        }
    }

    /// Each stored key stands behind its length.
    private static boolean sameKey(long key, long address, int length) {
        return Memory.getInt(key - 8) == length && Memory.equal(null, key, null, address, length);
    }

    private int add(long hash, long address, int length) {
        Memory.copy(null, address, null, newSlot(hash, length), length);
        return slots - 1;
    }

    /// Makes a slot for a key of that many bytes, which the caller writes at the address given.
    private long newSlot(long hash, int length) {
        if (slots * 2 > mask) {
            grow();
        }
        hashes.resize(slots + 1);
        keys.resize(slots + 1);
        long at = reserve(length + 8);
        Memory.putLong(at, length);
        int slot = slots++;
        Memory.putLong(hashes.address(slot), hash);
        Memory.putLong(keys.address(slot), at + 8);
        insert(hash, slot);
        return at + 8;
    }

    private void insert(long hash, int slot) {
        int at = (int) hash & mask;
        while (place(at) != 0) {
            at = at + 1 & mask;
        }
        Memory.putLong(table.address(at), hash & 0xffffffff00000000L | slot + 1);
    }

    private void grow() {
        SlotMemory larger = places((mask + 1) * 2);
        table.close();
        table = larger;
        for (int from = 0, to; from < slots; from = to) {
            to = Cancellation.blockEnd(from, slots);
            for (int slot = from; slot < to; slot++) {
                insert(hash(slot), slot);
            }
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

    /// The keys of the slots `[from, from + count)` as columns, which the caller owns. A table whose keys have no
    /// columns also gives the rows of slots that are not there.
    public List<FieldVector> keys(int from, int count, StructType schema, BufferAllocator target) {
        long[] addresses = new long[count];
        for (int i = 0; i < Math.min(count, slots - from); i++) {
            addresses[i] = key(from + i);
        }
        return layout.decode(addresses, 0, count, schema, target);
    }

    @Override
    public void close() {
        encoder.close();
        table.close();
        hashes.close();
        keys.close();
        Closing.all(pages);
        pages.clear();
    }
}
