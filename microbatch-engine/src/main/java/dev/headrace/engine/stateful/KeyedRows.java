package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.connector.ChunkReader;
import dev.headrace.exec.KeyTable;
import dev.headrace.state.StateSchema;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/// The rows of an operator's input by key, kept in state in the order in which they came.
///
/// Each row is an entry of its own, under its key and a number; a head under the number -1 holds the key's next number.
/// So a batch writes what it changes, and reads the rows of the keys that it touches.
///
/// @param keySchema the key's columns
/// @param rowSchema the rows' columns
/// @param lifetime when rows are forgotten
record KeyedRows(OperatorState state, StructType keySchema, StructType rowSchema, Lifetime lifetime) {
    private static final long HEAD = -1;
    /// A key's rows are numbered anew when more than half of its numbers, and more than these, are free.
    private static final int FREE_NUMBERS = 16;

    /// When rows are forgotten.
    sealed interface Lifetime {
        /// Never.
        record Endless() implements Lifetime {}

        /// All rows of a key together.
        ///
        /// @param expiry over the key's columns
        record OfKey(Expiry expiry) implements Lifetime {}

        /// Each row by itself.
        ///
        /// @param expiry over the row's columns
        record OfRow(Expiry expiry) implements Lifetime {}
    }

    static StateSchema stateSchema(StructType keys, StructType rows, boolean expiring) {
        List<StructField> values = new ArrayList<>();
        rows.forEach(field -> values.add(field.withNullable(true)));
        values.add(new StructField("_next", DataTypes.LongType, true));
        return new StateSchema(
                keys.add(new StructField("_number", DataTypes.LongType, false)), new StructType(values), expiring);
    }

    /// The rows of some keys before a batch, in the order of the keys and of their coming.
    ///
    /// @param known whether a key has been seen before, by key
    /// @param next the next number, by key
    /// @param keys,numbers where each row stands
    record Before(Chunk rows, boolean[] known, long[] next, int[] keys, long[] numbers) implements AutoCloseable {
        @Override
        public void close() {
            rows.close();
        }
    }

    /// What a batch has done to the rows of some keys.
    ///
    /// @param kept the rows from before that are still there
    record After(Chunk removed, Chunk kept, Chunk added) implements AutoCloseable {
        /// The rows that are there now; the caller closes it.
        Chunk rows(BufferAllocator allocator) {
            return Columns.concat(
                    kept.schema(),
                    List.of(kept.slice(0, kept.rowCount()), added.slice(0, added.rowCount())),
                    allocator);
        }

        @Override
        public void close() {
            removed.close();
            kept.close();
            added.close();
        }
    }

    /// @param keys distinct keys, borrowed
    Before load(Chunk keys, BufferAllocator allocator) {
        int count = keys.rowCount();
        boolean[] known = new boolean[count];
        long[] next = new long[count];
        readHeads(keys, known, next, allocator);
        int total = Math.toIntExact(Arrays.stream(next).sum());
        int[] keyOf = new int[total];
        long[] numberOf = new long[total];
        int at = 0;
        for (int k = 0; k < count; k++) {
            for (long n = 0; n < next[k]; n++) {
                keyOf[at] = k;
                numberOf[at++] = n;
            }
        }
        return find(keys, known, next, keyOf, numberOf, allocator);
    }

    private void readHeads(Chunk keys, boolean[] known, long[] next, BufferAllocator allocator) {
        int[] all = new int[keys.rowCount()];
        Arrays.setAll(all, k -> k);
        long[] numbers = new long[all.length];
        Arrays.fill(numbers, HEAD);
        try (Chunk heads = entryKeys(keys, all, numbers, all.length, allocator);
                Chunk found = state.writer().lookup(heads)) {
            BitVector present = (BitVector) found.column(0);
            BigIntVector nexts = (BigIntVector) found.column(found.columnCount() - 1);
            for (int k = 0; k < all.length; k++) {
                known[k] = present.get(k) != 0;
                next[k] = known[k] ? nexts.get(k) : 0;
            }
        }
    }

    private Before find(
            Chunk keys, boolean[] known, long[] next, int[] keyOf, long[] numberOf, BufferAllocator allocator) {
        int[] rows = new int[keyOf.length];
        int count = 0;
        try (Chunk entries = entryKeys(keys, keyOf, numberOf, keyOf.length, allocator);
                Chunk found = state.writer().lookup(entries)) {
            BitVector present = (BitVector) found.column(0);
            for (int i = 0; i < rows.length; i++) {
                if (present.get(i) != 0) {
                    keyOf[count] = keyOf[i];
                    numberOf[count] = numberOf[i];
                    rows[count++] = i;
                }
            }
            return new Before(
                    gather(found.columns().subList(1, 1 + rowSchema.size()), rows, count, allocator),
                    known,
                    next,
                    keyOf,
                    numberOf);
        }
    }

    private Chunk gather(List<FieldVector> columns, int[] rows, int count, BufferAllocator allocator) {
        List<FieldVector> gathered =
                Columns.make(columns.size(), i -> Columns.gather(columns.get(i), rows, 0, count, allocator));
        return new Chunk(rowSchema, gathered, count);
    }

    private Chunk entryKeys(Chunk keys, int[] keyOf, long[] numberOf, int count, BufferAllocator allocator) {
        int last = keys.columnCount();
        List<FieldVector> columns = Columns.make(
                last + 1,
                i -> i < last
                        ? Columns.gather(keys.column(i), keyOf, 0, count, allocator)
                        : Columns.longs("_number", numberOf, count, allocator));
        return new Chunk(state.schema().key(), columns, count);
    }

    /// Changes the rows of the keys.
    ///
    /// @param keys the keys that `before` was loaded for, borrowed
    /// @param rows what comes and goes, borrowed
    /// @param keyOf the key of each of them
    /// @param changes whether each comes or goes; one that goes and is not there has been forgotten, and is ignored
    After apply(Before before, Chunk keys, Chunk rows, int[] keyOf, int[] changes, BufferAllocator allocator) {
        boolean[] gone = new boolean[before.rows().rowCount()];
        int[] added = net(before, rows, changes, gone, allocator);
        return replace(before, keys, gone, rows, keyOf, added, allocator);
    }

    /// Replaces some rows of the keys by others.
    ///
    /// @param gone which of the rows from before go
    /// @param rows has the rows that come, borrowed
    /// @param keyOf the key of each of `rows`
    /// @param added which of `rows` come
    After replace(
            Before before,
            Chunk keys,
            boolean[] gone,
            Chunk rows,
            int[] keyOf,
            int[] added,
            BufferAllocator allocator) {
        write(before, keys, rows, keyOf, added, gone, allocator);
        int[] kept = indexes(gone, false);
        int[] removed = indexes(gone, true);
        state.countUpdated(added.length);
        state.countRemoved(removed.length);
        List<Chunk> after = new ArrayList<>();
        try {
            after.add(gather(before.rows().columns(), removed, removed.length, allocator));
            after.add(gather(before.rows().columns(), kept, kept.length, allocator));
            after.add(gather(rows.columns().subList(0, rowSchema.size()), added, added.length, allocator));
            return new After(after.get(0), after.get(1), after.get(2));
        } catch (Throwable failed) {
            Closing.all(after);
            throw failed;
        }
    }

    /// Nets what comes and goes in the batch.
    ///
    /// @param gone gets the rows from before that go
    /// @return the rows that come
    int[] net(Before before, Chunk rows, int[] changes, boolean[] gone, BufferAllocator allocator) {
        if (Arrays.stream(changes).noneMatch(change -> change == ChangeColumn.REMOVED)) {
            int[] all = new int[rows.rowCount()];
            Arrays.setAll(all, i -> i);
            return all;
        }
        List<FieldVector> columns = rows.columns().subList(0, rowSchema.size());
        try (KeyTable distinct = new KeyTable(RowLayout.of(rowSchema), allocator)) {
            int[] slots = new int[rows.rowCount()];
            distinct.assign(columns, slots.length, slots);
            int[] net = new int[distinct.slotCount()];
            for (int i = 0; i < slots.length; i++) {
                net[slots[i]] += changes[i];
            }
            int[] added = new int[slots.length];
            int count = 0;
            for (int i = slots.length - 1; i >= 0; i--) {
                if (changes[i] == ChangeColumn.ADDED && net[slots[i]] > 0) {
                    net[slots[i]]--;
                    added[added.length - ++count] = i;
                }
            }
            try (KeyTable.Finder finder = distinct.finder(allocator)) {
                int[] found = finder.find(before.rows().columns(), gone.length);
                for (int i = 0; i < gone.length; i++) {
                    if (found[i] != KeyTable.ABSENT && net[found[i]] < 0) {
                        net[found[i]]++;
                        gone[i] = true;
                    }
                }
            }
            return Arrays.copyOfRange(added, added.length - count, added.length);
        }
    }

    private static int[] indexes(boolean[] flags, boolean wanted) {
        int[] out = new int[flags.length];
        int count = 0;
        for (int i = 0; i < flags.length; i++) {
            if (flags[i] == wanted) {
                out[count++] = i;
            }
        }
        return Arrays.copyOf(out, count);
    }

    /// Whether there is but one key, and nothing has been kept of it yet: the result over no rows has not been given.
    boolean isNew() {
        return keySchema.isEmpty()
                && lifetime instanceof Lifetime.Endless
                && state.writer().size() == 0;
    }

    private void write(
            Before before,
            Chunk keys,
            Chunk rows,
            int[] keyOf,
            int[] added,
            boolean[] gone,
            BufferAllocator allocator) {
        int count = keys.rowCount();
        int[] live = new int[count];
        boolean[] touched = new boolean[count];
        Arrays.fill(touched, isNew());
        for (int i = 0; i < gone.length; i++) {
            live[before.keys()[i]] += gone[i] ? 0 : 1;
            touched[before.keys()[i]] |= gone[i];
        }
        for (int row : added) {
            touched[keyOf[row]] = true;
        }
        boolean[] renumbered = new boolean[count];
        long[] next = before.next().clone();
        for (int k = 0; k < count; k++) {
            renumbered[k] = touched[k] && next[k] - live[k] > Math.max(FREE_NUMBERS, live[k]);
            next[k] = renumbered[k] ? 0 : next[k];
        }
        boolean[] dropped = gone.clone();
        boolean[] moved = new boolean[gone.length];
        for (int i = 0; i < gone.length; i++) {
            moved[i] = !gone[i] && renumbered[before.keys()[i]];
            dropped[i] |= moved[i];
        }
        delete(before, keys, dropped, allocator);
        put(keys, before.rows(), before.keys(), indexes(moved, true), next, allocator);
        put(keys, rows, keyOf, added, next, allocator);
        for (int row : added) {
            live[keyOf[row]]++;
        }
        writeHeads(
                keys,
                rows,
                before.known(),
                live,
                touched,
                next,
                lastTimes(before, gone, rows, keyOf, added, count),
                allocator);
    }

    /// Stores rows under the next numbers of their keys.
    private void put(Chunk keys, Chunk rows, int[] keyOf, int[] which, long[] next, BufferAllocator allocator) {
        int[] entryKeyOf = new int[which.length];
        long[] numbers = new long[which.length];
        for (int i = 0; i < which.length; i++) {
            entryKeyOf[i] = keyOf[which[i]];
            numbers[i] = next[entryKeyOf[i]]++;
        }
        try (Chunk entries = entryKeys(keys, entryKeyOf, numbers, which.length, allocator);
                Chunk values = entryValues(rows, which, new long[0], allocator)) {
            switch (lifetime) {
                case Lifetime.Endless() -> upsert(entries, values);
                case Lifetime.OfKey(Expiry expiry) -> upsert(entries, values, expiry.times(entries));
                case Lifetime.OfRow(Expiry expiry) -> upsert(entries, values, expiry.times(values));
            }
        }
        state.countEntered(which.length);
    }

    /// When the last row of each key is forgotten, if each has its own time.
    private long[] lastTimes(Before before, boolean[] gone, Chunk rows, int[] keyOf, int[] added, int keyCount) {
        long[] last = new long[keyCount];
        Arrays.fill(last, Long.MIN_VALUE);
        if (lifetime instanceof Lifetime.OfRow(Expiry expiry)) {
            long[] old = expiry.times(before.rows());
            for (int i = 0; i < old.length; i++) {
                if (!gone[i]) {
                    last[before.keys()[i]] = Math.max(last[before.keys()[i]], old[i]);
                }
            }
            long[] fresh = expiry.times(rows);
            for (int row : added) {
                last[keyOf[row]] = Math.max(last[keyOf[row]], fresh[row]);
            }
        }
        return last;
    }

    private void delete(Before before, Chunk keys, boolean[] gone, BufferAllocator allocator) {
        int[] rows = indexes(gone, true);
        if (rows.length == 0) {
            return;
        }
        int[] keyOf = new int[rows.length];
        long[] numbers = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            keyOf[i] = before.keys()[rows[i]];
            numbers[i] = before.numbers()[rows[i]];
        }
        try (Chunk entries = entryKeys(keys, keyOf, numbers, rows.length, allocator)) {
            state.writer().delete(entries);
            state.countLeft(rows.length);
        }
    }

    /// A key without rows is forgotten, unless there is but one key: that an empty result has been given stays known.
    private void writeHeads(
            Chunk keys,
            Chunk rows,
            boolean[] known,
            int[] live,
            boolean[] touched,
            long[] next,
            long[] lastTimes,
            BufferAllocator allocator) {
        int[] kept = new int[live.length];
        int[] dropped = new int[live.length];
        int keptCount = 0;
        int droppedCount = 0;
        for (int k = 0; k < live.length; k++) {
            if (touched[k] && (live[k] > 0 || keySchema.isEmpty())) {
                kept[keptCount++] = k;
                state.countEntered(known[k] ? 0 : 1);
            } else if (touched[k]) {
                dropped[droppedCount++] = k;
                state.countLeft(known[k] ? 1 : 0);
            }
        }
        long[] numbers = new long[live.length];
        Arrays.fill(numbers, HEAD);
        long[] nexts = new long[keptCount];
        long[] times = new long[keptCount];
        for (int i = 0; i < keptCount; i++) {
            nexts[i] = next[kept[i]];
            times[i] = lastTimes[kept[i]];
        }
        int[] none = new int[keptCount];
        Arrays.fill(none, Columns.NULL_ROW);
        try (Chunk entries = entryKeys(keys, kept, numbers, keptCount, allocator);
                Chunk values = entryValues(rows, none, nexts, allocator);
                Chunk gone = entryKeys(keys, dropped, numbers, droppedCount, allocator)) {
            switch (lifetime) {
                case Lifetime.Endless() -> upsert(entries, values);
                case Lifetime.OfKey(Expiry expiry) -> upsert(entries, values, expiry.times(entries));
                case Lifetime.OfRow _ -> upsert(entries, values, times);
            }
            state.writer().delete(gone);
        }
    }

    /// @param nexts for heads; empty for rows
    private Chunk entryValues(Chunk rows, int[] which, long[] nexts, BufferAllocator allocator) {
        int last = rowSchema.size();
        List<FieldVector> columns = Columns.make(
                last + 1,
                i -> i < last
                        ? Columns.gather(rows.column(i), which, 0, which.length, allocator)
                        : nextNumbers(nexts, which.length, allocator));
        return new Chunk(state.schema().value(), columns, which.length);
    }

    private static BigIntVector nextNumbers(long[] nexts, int count, BufferAllocator allocator) {
        BigIntVector next = Columns.longs("_next", nexts, allocator);
        if (nexts.length == 0) {
            next.setValueCount(count);
        }
        return next;
    }

    private void upsert(Chunk entries, Chunk values) {
        if (entries.rowCount() > 0) {
            state.writer().upsert(entries, values);
        }
    }

    private void upsert(Chunk entries, Chunk values, long[] times) {
        if (entries.rowCount() > 0) {
            state.writer().upsert(entries, values, times);
        }
    }

    /// All rows of all keys; the caller closes the chunks.
    List<Chunk> all(BufferAllocator allocator) {
        List<Chunk> all = new ArrayList<>();
        try (ChunkReader entries = state.writer().scan()) {
            for (Chunk chunk = entries.next(); chunk != null; chunk = entries.next()) {
                try (Chunk open = chunk) {
                    all.add(rowsOf(open, allocator));
                }
            }
            return all;
        } catch (Throwable failed) {
            Closing.all(all);
            throw failed;
        }
    }

    /// Forgets the rows that are final, and gives them; the caller closes it.
    Chunk takeExpired(BufferAllocator allocator) {
        if (lifetime instanceof Lifetime.Endless) {
            return Chunk.empty(rowSchema, allocator);
        }
        List<Chunk> all = Chunk.mapEach(state.takeExpired(state.times().expiryMicros()), entries -> {
            Chunk rows = rowsOf(entries, allocator);
            state.countRemoved(rows.rowCount());
            return rows;
        });
        return all.isEmpty() ? Chunk.empty(rowSchema, allocator) : Columns.concat(rowSchema, all, allocator);
    }

    /// Forgets the rows that are final, and gives them behind their keys; the caller closes it.
    Chunk takeExpiredWithKeys(BufferAllocator allocator) {
        List<StructField> fields = new ArrayList<>(keySchema.fieldList());
        fields.addAll(rowSchema.fieldList());
        StructType schema = new StructType(fields);
        List<Chunk> all = Chunk.mapEach(state.takeExpired(state.times().expiryMicros()), entries -> {
            int[] rows = rowEntries(entries);
            state.countRemoved(rows.length);
            List<FieldVector> columns = Columns.make(
                    schema.size(),
                    i -> Columns.gather(
                            entries.column(i < keySchema.size() ? i : i + 1), rows, 0, rows.length, allocator));
            return new Chunk(schema, columns, rows.length);
        });
        return all.isEmpty() ? Chunk.empty(schema, allocator) : Columns.concat(schema, all, allocator);
    }

    private int[] rowEntries(Chunk entries) {
        BigIntVector numbers = (BigIntVector) entries.column(keySchema.size());
        return java.util.stream.IntStream.range(0, entries.rowCount())
                .filter(i -> numbers.get(i) != HEAD)
                .toArray();
    }

    private Chunk rowsOf(Chunk entries, BufferAllocator allocator) {
        int[] rows = rowEntries(entries);
        int first = keySchema.size() + 1;
        return gather(entries.columns().subList(first, first + rowSchema.size()), rows, rows.length, allocator);
    }
}
