package dev.headrace.state.memory;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.RowEncoder;
import dev.headrace.connector.ChunkReader;
import dev.headrace.state.KeyGroups;
import dev.headrace.state.StateVersion;
import dev.headrace.state.StateWriter;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Changes the live table in place and remembers what was there before, for an abort; the keys it touched are what a
/// commit writes.
final class MemoryStateWriter implements StateWriter {
    /// Of entries of the same key group. It is stable, so that the first change of a key comes first.
    private static final Comparator<Before> FILE_ORDER =
            Comparator.comparingLong(Before::hash).thenComparing(Before::key, Arrays::compareUnsigned);

    private final MemoryStateStore store;
    private final StateVersion base;
    private final RowEncoder keys;
    private final RowEncoder values;
    private final List<Before> undo = new ArrayList<>();
    private StateVersion result;
    private boolean closed;

    /// An entry as it was before a change; without a value if it was absent.
    private record Before(byte[] key, long hash, byte @Nullable [] value, long expiry) {}

    MemoryStateWriter(MemoryStateStore store, StateVersion base) {
        this.store = store;
        this.base = base;
        this.result = base;
        this.keys = new RowEncoder(store.keyLayout(), store.allocator());
        this.values = new RowEncoder(store.valueLayout(), store.allocator());
    }

    private LiveTable live() {
        return store.live();
    }

    @Override
    public Chunk lookup(Chunk keyRows) {
        int rows = keyRows.rowCount();
        keys.encode(keyRows.columns(), rows);
        BufferAllocator allocator = store.allocator();
        BitVector present = (BitVector) ArrowTypes.newVector("present", DataTypes.BooleanType, allocator);
        long[] addresses = new long[rows];
        List<FieldVector> columns = new ArrayList<>();
        columns.add(present);
        try (ArrowBuf nullRow = nullRow()) {
            present.allocateNew(Math.max(1, rows));
            for (int i = 0; i < rows; i++) {
                long hash = keys.hash(i);
                int slot = live().find(null, keys.address(i), keys.length(i), hash);
                present.set(i, slot == LiveTable.ABSENT ? 0 : 1);
                addresses[i] = slot == LiveTable.ABSENT ? nullRow.memoryAddress() : live().valueAddress(slot);
            }
            present.setValueCount(rows);
            columns.addAll(store.valueLayout()
                    .decode(addresses, 0, rows, nullable(store.schema().value()), allocator));
        } catch (Throwable failed) {
            Closing.all(columns);
            throw failed;
        }
        StructType type = new StructType().add("present", DataTypes.BooleanType, false);
        for (StructField field : nullable(store.schema().value())) {
            type = type.add(field);
        }
        return new Chunk(type, columns, rows);
    }

    private static StructType nullable(StructType type) {
        return new StructType(
                type.fieldList().stream().map(field -> field.withNullable(true)).toList());
    }

    /// A row whose every value is null.
    private ArrowBuf nullRow() {
        int bytes = store.valueLayout().bytesOfNullRow();
        ArrowBuf row = store.allocator().buffer(Math.max(bytes, 8));
        store.valueLayout().writeNullRow(row.memoryAddress());
        return row;
    }

    @Override
    public void upsert(Chunk keyRows, Chunk valueRows) {
        upsertAll(keyRows, valueRows, null);
    }

    @Override
    public void upsert(Chunk keyRows, Chunk valueRows, long[] expiresAt) {
        if (!store.schema().expiring()) {
            throw new IllegalStateException("the entries of this store don't expire");
        }
        upsertAll(keyRows, valueRows, expiresAt);
    }

    private void upsertAll(Chunk keyRows, Chunk valueRows, long @Nullable [] expiresAt) {
        int rows = keyRows.rowCount();
        keys.encode(keyRows.columns(), rows);
        values.encode(valueRows.columns(), rows);
        for (int i = 0; i < rows; i++) {
            long hash = keys.hash(i);
            int slot = live().find(null, keys.address(i), keys.length(i), hash);
            remember(slot, keys.address(i), keys.length(i), hash);
            live().put(
                            slot,
                            null,
                            keys.address(i),
                            keys.length(i),
                            hash,
                            null,
                            values.address(i),
                            values.length(i),
                            expiresAt == null ? StateTimes.NEVER : expiresAt[i]);
        }
    }

    private void remember(int slot, long key, int keyLength, long hash) {
        byte @Nullable [] value =
                slot == LiveTable.ABSENT ? null : bytes(live().valueAddress(slot), live().valueLength(slot));
        long expiry = slot == LiveTable.ABSENT ? StateTimes.NEVER : live().expiry(slot);
        undo.add(new Before(bytes(key, keyLength), hash, value, expiry));
    }

    private static byte[] bytes(long address, int length) {
        byte[] bytes = new byte[length];
        Memory.copy(null, address, bytes, Memory.BYTES, length);
        return bytes;
    }

    @Override
    public void delete(Chunk keyRows) {
        keys.encode(keyRows.columns(), keyRows.rowCount());
        for (int i = 0; i < keyRows.rowCount(); i++) {
            int slot = live().find(null, keys.address(i), keys.length(i), keys.hash(i));
            if (slot != LiveTable.ABSENT) {
                remove(slot);
            }
        }
    }

    private void remove(int slot) {
        remember(slot, live().keyAddress(slot), live().keyLength(slot), live().hash(slot));
        live().remove(slot);
    }

    @Override
    public List<Chunk> takeExpired(long time) {
        int[] slots = live().takeExpired(time);
        List<Chunk> chunks = new ArrayList<>();
        try {
            for (int from = 0; from < slots.length; from += Chunk.TARGET_ROWS) {
                chunks.add(entries(slots, from, Math.min(Chunk.TARGET_ROWS, slots.length - from)));
            }
            for (int slot : slots) {
                remove(slot);
            }
            return chunks;
        } catch (Throwable failed) {
            Closing.all(chunks);
            throw failed;
        }
    }

    @Override
    public long nextExpiry() {
        return live().nextExpiry();
    }

    private Chunk entries(int[] slots, int from, int count) {
        long[] keyAddresses = new long[count];
        long[] valueAddresses = new long[count];
        for (int i = 0; i < count; i++) {
            keyAddresses[i] = live().keyAddress(slots[from + i]);
            valueAddresses[i] = live().valueAddress(slots[from + i]);
        }
        StructType key = store.schema().key();
        StructType value = store.schema().value();
        List<FieldVector> columns =
                new ArrayList<>(store.keyLayout().decode(keyAddresses, 0, count, key, store.allocator()));
        try {
            columns.addAll(store.valueLayout().decode(valueAddresses, 0, count, value, store.allocator()));
        } catch (Throwable failed) {
            Closing.all(columns);
            throw failed;
        }
        List<StructField> fields = new ArrayList<>(key.fieldList());
        fields.addAll(value.fieldList());
        return new Chunk(new StructType(fields), columns, count);
    }

    @Override
    public ChunkReader scan() {
        return new ChunkReader() {
            private int slot;

            @Override
            public @Nullable Chunk next() {
                int[] slots = new int[Chunk.TARGET_ROWS];
                int count = 0;
                for (; slot < live().slotEnd() && count < slots.length; slot++) {
                    if (live().isUsed(slot)) {
                        slots[count++] = slot;
                    }
                }
                return count == 0 ? null : entries(slots, 0, count);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public long size() {
        return live().size();
    }

    @Override
    public StateVersion commit() {
        StateVersion version = base.next();
        Run run = store.files().runOf(base.value(), version.value());
        store.files().dropBehind(run);
        try (RunWriter writer = new RunWriter(run, store.files().groups())) {
            Before[] touched = inFileOrder(undo, store.files().groups());
            byte[] last = new byte[0];
            for (int i = 0; i < touched.length; i++) {
                if (i == 0 || !Arrays.equals(last, touched[i].key())) {
                    write(touched[i], writer);
                }
                last = touched[i].key();
            }
            writer.finish();
        } catch (IOException e) {
            throw StateFiles.failed(run.file(), "writing", e);
        }
        store.files().add(run);
        undo.clear();
        result = version;
        return version;
    }

    /// By key group, hash and key. Sorts numbers that begin with the hash and end with the entry's place, and looks at
    /// entries only where numbers begin alike.
    private static Before[] inFileOrder(List<Before> entries, KeyGroups groups) {
        int[] ends = new int[groups.count()];
        for (Before entry : entries) {
            ends[groups.groupOf(entry.hash())]++;
        }
        int end = 0;
        for (int group = 0; group < ends.length; group++) {
            end += ends[group];
            ends[group] = end;
        }
        Before[] grouped = new Before[entries.size()];
        int[] starts = ends.clone();
        for (int i = entries.size() - 1; i >= 0; i--) {
            grouped[--starts[groups.groupOf(entries.get(i).hash())]] = entries.get(i);
        }
        for (int group = 0; group < ends.length; group++) {
            sort(grouped, starts[group], ends[group]);
        }
        return grouped;
    }

    private static void sort(Before[] entries, int from, int end) {
        if (end - from < 2) {
            return;
        }
        long placeMask = Integer.highestOneBit(end - from - 1) * 2L - 1;
        long[] codes = new long[end - from];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = entries[from + i].hash() & ~placeMask | i;
        }
        Arrays.sort(codes);
        Before[] unsorted = Arrays.copyOfRange(entries, from, end);
        for (int i = 0; i < codes.length; i++) {
            entries[from + i] = unsorted[(int) (codes[i] & placeMask)];
        }
        int run = 0;
        for (int i = 1; i <= codes.length; i++) {
            if (i == codes.length || (codes[i] & ~placeMask) != (codes[run] & ~placeMask)) {
                if (i - run > 1) {
                    Arrays.sort(entries, from + run, from + i, FILE_ORDER);
                }
                run = i;
            }
        }
    }

    /// Writes the entry as it is now.
    private void write(Before entry, RunWriter writer) throws IOException {
        byte[] key = entry.key();
        int slot = live().find(key, Memory.BYTES, key.length, entry.hash());
        if (slot == LiveTable.ABSENT) {
            writer.add(entry.hash(), key, Memory.BYTES, key.length, null, 0, -1, StateTimes.NEVER);
        } else {
            writer.add(
                    entry.hash(),
                    key,
                    Memory.BYTES,
                    key.length,
                    null,
                    live().valueAddress(slot),
                    live().valueLength(slot),
                    live().expiry(slot));
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (int i = undo.size() - 1; i >= 0; i--) {
            restore(undo.get(i));
        }
        keys.close();
        values.close();
        store.written(result);
    }

    private void restore(Before entry) {
        byte[] key = entry.key();
        int slot = live().find(key, Memory.BYTES, key.length, entry.hash());
        byte @Nullable [] value = entry.value();
        if (value != null) {
            live().put(
                            slot,
                            key,
                            Memory.BYTES,
                            key.length,
                            entry.hash(),
                            value,
                            Memory.BYTES,
                            value.length,
                            entry.expiry());
        } else if (slot != LiveTable.ABSENT) {
            live().remove(slot);
        }
    }
}
