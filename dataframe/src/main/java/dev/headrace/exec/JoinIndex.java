package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Hash;
import dev.headrace.chunk.RowLayout;
import dev.headrace.types.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// Finds the first build row with a key. Built by several threads if there are many rows, each of which looks at all
/// keys and places its part of them; immutable from then on, read by many threads.
interface JoinIndex extends AutoCloseable {
    /// In place of a row: none.
    int NONE = -1;

    /// How many rows one thread places at least.
    int ROWS_PER_THREAD = 1 << 15;

    /// A reader for one thread.
    Lookup lookup(BufferAllocator allocator);

    @Override
    void close();

    /// Looks up keys.
    interface Lookup extends AutoCloseable {
        /// The first build row for each row's key, or [#NONE]. The array is reused by the next call.
        int[] find(List<FieldVector> keys, int rows);

        @Override
        void close();
    }

    /// Builds an index.
    ///
    /// @param packed how the keys can be packed
    /// @param next gets for each row the next one with the same key, or [#NONE]
    static JoinIndex build(
            List<FieldVector> columns,
            List<DataType> types,
            Optional<PackedKeys> packed,
            int rows,
            int[] next,
            RunContext run) {
        if (types.isEmpty()) {
            return new All(rows, next);
        }
        if (packed.isPresent()) {
            return packed.get().size() <= mostPlaces(rows)
                    ? new Direct(packed.get(), columns, types, next, run)
                    : new Numbers(packed.get(), columns, types, next, run);
        }
        return new Bytes(columns, types, rows, next, run.allocator());
    }

    /// How many places there may be for the possible keys of so many rows.
    private static long mostPlaces(long rows) {
        return Math.max(1L << 16, Math.min(16 * rows, Math.max(1L << 24, 4 * rows)));
    }

    /// What building an index takes of the heap.
    static long heapBytes(List<DataType> types, Optional<PackedKeys> packed, long rows, int threads) {
        if (types.isEmpty()) {
            return 0;
        }
        if (packed.isEmpty()) {
            return Bytes.HEAP_BYTES_PER_ROW * rows;
        }
        long size = packed.get().size();
        return size <= mostPlaces(rows) ? Direct.heapBytes(size, rows) : Numbers.heapBytes(size, rows, threads);
    }

    /// What building an index takes of the heap at most, whatever the keys of the rows are.
    static long mostHeapBytes(List<DataType> types, long rows) {
        if (types.isEmpty()) {
            return 0;
        }
        return types.stream().allMatch(PackedKeys::canPack)
                ? Math.max(Direct.heapBytes(mostPlaces(rows), rows), Numbers.mostHeapBytes(rows))
                : Bytes.HEAP_BYTES_PER_ROW * rows;
    }

    /// What an index no longer has once it is built, of the same bytes: the packed keys, those that are dealt out and
    /// their rows, or the slots of others.
    static long passingHeapBytes(List<DataType> types, Optional<PackedKeys> packed, long rows) {
        if (types.isEmpty()) {
            return 0;
        }
        if (packed.isEmpty()) {
            return Integer.BYTES * rows;
        }
        return (packed.get().size() <= mostPlaces(rows) ? Long.BYTES : Long.BYTES + Integer.BYTES) * rows;
    }

    private static int parts(long rows, int threads) {
        return (int) Math.clamp(rows / ROWS_PER_THREAD, 1L, threads);
    }

    /// No keys: each row of the other side has all rows as partners.
    final class All implements JoinIndex {
        private final int first;

        private All(int rows, int[] next) {
            this.first = rows == 0 ? NONE : 0;
            for (int from = 0, to; from < rows; from = to) {
                to = Cancellation.blockEnd(from, rows);
                for (int row = from; row < to; row++) {
                    next[row] = row + 1 == rows ? NONE : row + 1;
                }
            }
        }

        @Override
        public Lookup lookup(BufferAllocator allocator) {
            return new Lookup() {
                private int[] found = new int[0];

                @Override
                public int[] find(List<FieldVector> keys, int rows) {
                    if (found.length < rows) {
                        found = new int[rows];
                        Arrays.fill(found, first);
                    }
                    return found;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {}
    }

    /// Packed keys that are close to each other: an array with a place for each possible key.
    final class Direct implements JoinIndex {
        private static final int BLOCK_ROWS = 1 << 16;

        private final PackedKeys packing;
        private final List<DataType> types;
        private final int[] first;

        /// The keys, and the places.
        private static long heapBytes(long size, long rows) {
            return Long.BYTES * rows + Integer.BYTES * size;
        }

        private Direct(
                PackedKeys packing, List<FieldVector> columns, List<DataType> types, int[] next, RunContext run) {
            this.packing = packing;
            this.types = types;
            int parts = parts(next.length, run.tasks().parallelism());
            long[][] keys = packed(packing.packing(columns, types), next.length, parts, run);
            this.first = new int[Math.toIntExact(packing.size())];
            run.runTasks(parts, part -> {
                int from = (int) ((long) first.length * part / parts);
                int end = (int) ((long) first.length * (part + 1) / parts);
                for (int block = from, to; block < end; block = to) {
                    to = Cancellation.blockEnd(block, end);
                    Arrays.fill(first, block, to, NONE);
                }
                place(keys, next, from, end, part == 0);
            });
        }

        /// All keys, in blocks: one array of them all would be filled with zeros before anybody can ask whether to go
        /// on.
        private static long[][] packed(PackedKeys.Packing packing, int rows, int parts, RunContext run) {
            long[][] blocks = new long[Math.ceilDiv(rows, BLOCK_ROWS)][];
            run.runTasks(parts, part -> {
                for (int block = part; block < blocks.length; block += parts) {
                    Cancellation.checkThread();
                    int from = block * BLOCK_ROWS;
                    blocks[block] = new long[Math.min(BLOCK_ROWS, rows - from)];
                    packing.pack(from, from + blocks[block].length, blocks[block], 0);
                }
            });
            return blocks;
        }

        /// Places the rows whose key is in `[from, end)`.
        ///
        /// @param without whether also to mark the rows without a key
        private void place(long[][] keys, int[] next, int from, int end, boolean without) {
            for (int block = keys.length - 1; block >= 0; block--) {
                Cancellation.checkThread();
                place(keys[block], block * BLOCK_ROWS, next, from, end, without);
            }
        }

        private void place(long[] keys, int begin, int[] next, int from, int end, boolean without) {
            for (int i = keys.length - 1; i >= 0; i--) {
                long key = keys[i];
                if (key >= from && key < end) {
                    int at = (int) key;
                    next[begin + i] = first[at];
                    first[at] = begin + i;
                } else if (without && key == PackedKeys.NONE) {
                    next[begin + i] = NONE;
                }
            }
        }

        @Override
        public Lookup lookup(BufferAllocator allocator) {
            return new PackedLookup(packing, types) {
                @Override
                void find(long[] keys, int rows, int[] out) {
                    for (int i = 0; i < rows; i++) {
                        out[i] = keys[i] == PackedKeys.NONE ? NONE : first[(int) keys[i]];
                    }
                }
            };
        }

        @Override
        public void close() {}
    }

    /// Packed keys in hash tables with linear probing, a key's table chosen by the upper half of its hash. There are so
    /// many tables that each is in the processor's cache while it is filled: the keys are dealt out to them first
    /// (radix partitioning: Manegold, Boncz and Kersten, "Optimizing Main-Memory Join on Modern Hardware", TKDE 2002).
    /// Keys of a small range are first looked for in a set of bits, which says at once of most keys that they are not
    /// there.
    final class Numbers implements JoinIndex {
        private static final long MOST_BITS = 1L << 26;

        private static final int ROWS_PER_TABLE = 1 << 16;

        /// A thread that deals out keys writes to so many places at a time.
        private static final int MOST_TABLES = 1 << 10;

        /// So many are packed at once.
        private static final int PACKED_ROWS = 1 << 12;

        private final PackedKeys packing;
        private final List<DataType> types;
        private final Table[] tables;
        private final long[] present;

        /// The keys that are dealt to a table, and their rows, which ascend.
        private record Dealt(long[] keys, int[] rows) {
            Dealt(int count) {
                this(new long[count], new int[count]);
            }
        }

        /// The keys and their first rows; a power of two of places.
        private record Table(long[] keys, int[] first) {
            static Table of(int keys) {
                int places = Math.toIntExact(places(keys));
                Table table = new Table(new long[places], new int[places]);
                for (int from = 0, to; from < places; from = to) {
                    to = Cancellation.blockEnd(from, places);
                    Arrays.fill(table.keys, from, to, PackedKeys.NONE);
                }
                return table;
            }

            /// From one and a half times to three times as many.
            static long places(long keys) {
                long places = Long.highestOneBit(Math.max(16, keys)) * 2;
                return places < keys + keys / 2 ? 2 * places : places;
            }

            /// Where a key is, or would be.
            int place(long hash, long key) {
                int mask = keys.length - 1;
                int at = (int) hash & mask;
                while (keys[at] != key && keys[at] != PackedKeys.NONE) {
                    at = at + 1 & mask;
                }
                return at;
            }
        }

        private static long heapBytes(long size, long rows, int threads) {
            int tables = tables(rows);
            return (rows + tables * Table.places(rows / tables)) * (Long.BYTES + Integer.BYTES)
                    + (long) tables * parts(rows, threads) * Integer.BYTES
                    + (size <= MOST_BITS ? size / Byte.SIZE : 0);
        }

        /// Without the bits and the counts, which are few for many rows.
        private static long mostHeapBytes(long rows) {
            return 4 * rows * (Long.BYTES + Integer.BYTES);
        }

        private static int tables(long rows) {
            return (int) Math.clamp((rows + ROWS_PER_TABLE - 1) / ROWS_PER_TABLE, 1L, MOST_TABLES);
        }

        private Numbers(
                PackedKeys packed, List<FieldVector> columns, List<DataType> types, int[] next, RunContext run) {
            this.packing = packed;
            this.types = types;
            this.tables = new Table[tables(next.length)];
            this.present = packed.size() <= MOST_BITS ? new long[(int) (packed.size() >> 6) + 1] : new long[0];
            Dealt[] dealt = deal(packed.packing(columns, types), next, run);
            run.runTasks(tables.length + 1, task -> {
                if (task == 0) {
                    mark(dealt);
                } else {
                    tables[task - 1] = filled(dealt[task - 1], next);
                }
            });
        }

        /// Deals out the keys in two passes, each by all threads: the first counts them.
        ///
        /// @param next is set for the rows without a key
        private Dealt[] deal(PackedKeys.Packing packed, int[] next, RunContext run) {
            int rows = next.length;
            int parts = parts(rows, run.tasks().parallelism());
            int[][] counts = new int[parts][tables.length];
            run.runTasks(
                    parts,
                    part -> eachBlock(packed, part, parts, rows, (keys, from, count) -> {
                        for (int i = 0; i < count; i++) {
                            if (keys[i] == PackedKeys.NONE) {
                                next[from + i] = NONE;
                            } else {
                                counts[part][table(Hash.of(keys[i]))]++;
                            }
                        }
                    }));
            Dealt[] dealt = new Dealt[tables.length];
            for (int table = 0; table < tables.length; table++) {
                int count = 0;
                for (int[] ofPart : counts) {
                    int begin = count;
                    count += ofPart[table];
                    ofPart[table] = begin;
                }
                dealt[table] = new Dealt(count);
            }
            run.runTasks(
                    parts,
                    part -> eachBlock(packed, part, parts, rows, (keys, from, count) -> {
                        for (int i = 0; i < count; i++) {
                            if (keys[i] != PackedKeys.NONE) {
                                int table = table(Hash.of(keys[i]));
                                int at = counts[part][table]++;
                                dealt[table].keys[at] = keys[i];
                                dealt[table].rows[at] = from + i;
                            }
                        }
                    }));
            return dealt;
        }

        /// Some rows' keys; borrowed.
        private interface Block {
            void accept(long[] keys, int from, int count);
        }

        private static void eachBlock(PackedKeys.Packing packed, int part, int parts, int rows, Block block) {
            long[] keys = new long[PACKED_ROWS];
            int end = (int) ((long) rows * (part + 1) / parts);
            for (int from = (int) ((long) rows * part / parts); from < end; from += PACKED_ROWS) {
                Cancellation.checkThread();
                int count = Math.min(PACKED_ROWS, end - from);
                packed.pack(from, from + count, keys, 0);
                block.accept(keys, from, count);
            }
        }

        /// The last row of a key comes first, so that each is in front of those after it.
        private static Table filled(Dealt dealt, int[] next) {
            Table table = Table.of(dealt.keys.length);
            for (int behind = dealt.keys.length, begin; behind > 0; behind = begin) {
                begin = Cancellation.blockStart(behind);
                for (int i = behind - 1; i >= begin; i--) {
                    long key = dealt.keys[i];
                    int at = table.place(Hash.of(key), key);
                    next[dealt.rows[i]] = table.keys[at] == PackedKeys.NONE ? NONE : table.first[at];
                    table.keys[at] = key;
                    table.first[at] = dealt.rows[i];
                }
            }
            return table;
        }

        private void mark(Dealt[] dealt) {
            if (present.length == 0) {
                return;
            }
            for (Dealt ofTable : dealt) {
                Cancellation.checkThread();
                for (long key : ofTable.keys) {
                    present[(int) (key >> 6)] |= 1L << key;
                }
            }
        }

        private int table(long hash) {
            return (int) ((hash >>> 32) * tables.length >>> 32);
        }

        @Override
        public Lookup lookup(BufferAllocator allocator) {
            return new PackedLookup(packing, types) {
                @Override
                void find(long[] keys, int rows, int[] out) {
                    long[] bits = present;
                    boolean known = bits.length > 0;
                    for (int i = 0; i < rows; i++) {
                        long key = keys[i];
                        if (key == PackedKeys.NONE || known && (bits[(int) (key >> 6)] >>> key & 1) == 0) {
                            out[i] = NONE;
                        } else {
                            long hash = Hash.of(key);
                            Table table = tables[table(hash)];
                            int at = table.place(hash, key);
                            out[i] = table.keys[at] == key ? table.first[at] : NONE;
                        }
                    }
                }
            };
        }

        @Override
        public void close() {}
    }

    /// Looks up packed keys.
    abstract class PackedLookup implements Lookup {
        private final PackedKeys packing;
        private final List<DataType> types;
        private long[] keys = new long[0];
        private int[] found = new int[0];

        private PackedLookup(PackedKeys packing, List<DataType> types) {
            this.packing = packing;
            this.types = types;
        }

        abstract void find(long[] keys, int rows, int[] out);

        @Override
        public int[] find(List<FieldVector> columns, int rows) {
            if (keys.length < rows) {
                keys = new long[rows];
                found = new int[rows];
            }
            packing.pack(columns, types, rows, keys);
            find(keys, rows, found);
            return found;
        }

        @Override
        public void close() {}
    }

    /// Keys of any types, as bytes.
    final class Bytes implements JoinIndex {
        /// A row's slot, and the first row of the slot; the keys are elsewhere.
        private static final long HEAP_BYTES_PER_ROW = 2 * Integer.BYTES;

        private final KeyTable keys;
        private final int[] first;

        private Bytes(
                List<FieldVector> columns, List<DataType> types, int rows, int[] next, BufferAllocator allocator) {
            this.keys = new KeyTable(new RowLayout(types), allocator);
            try {
                int[] slots = keys.assignMany(columns, rows);
                this.first = new int[keys.slotCount()];
                for (int from = 0, to; from < first.length; from = to) {
                    to = Cancellation.blockEnd(from, first.length);
                    Arrays.fill(first, from, to, NONE);
                }
                for (int behind = rows, begin; behind > 0; behind = begin) {
                    begin = Cancellation.blockStart(behind);
                    for (int row = behind - 1; row >= begin; row--) {
                        next[row] = NONE;
                        if (!anyNull(columns, row)) {
                            next[row] = first[slots[row]];
                            first[slots[row]] = row;
                        }
                    }
                }
            } catch (Throwable failed) {
                keys.close();
                throw failed;
            }
        }

        private static boolean anyNull(List<FieldVector> columns, int row) {
            for (FieldVector column : columns) {
                if (column.isNull(row)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public Lookup lookup(BufferAllocator allocator) {
            KeyTable.Finder finder = keys.finder(allocator);
            return new Lookup() {
                private int[] found = new int[0];

                @Override
                public int[] find(List<FieldVector> columns, int rows) {
                    if (found.length < rows) {
                        found = new int[rows];
                    }
                    int[] slots = finder.find(columns, rows);
                    boolean nulls = columns.stream().anyMatch(column -> column.getNullCount() > 0);
                    for (int i = 0; i < rows; i++) {
                        found[i] = slots[i] == KeyTable.ABSENT || nulls && anyNull(columns, i) ? NONE : first[slots[i]];
                    }
                    return found;
                }

                @Override
                public void close() {
                    finder.close();
                }
            };
        }

        @Override
        public void close() {
            keys.close();
        }
    }
}
