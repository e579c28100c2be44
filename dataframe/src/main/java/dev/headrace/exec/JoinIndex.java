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
            long[] keys = new long[rows];
            packed.get().pack(columns, types, rows, keys);
            return packed.get().size() <= mostPlaces(rows)
                    ? new Direct(packed.get(), types, keys, next, run)
                    : new Numbers(packed.get(), types, keys, next, run);
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
        return Long.BYTES * rows
                + (size <= mostPlaces(rows) ? Integer.BYTES * size : Numbers.heapBytes(size, rows, threads));
    }

    /// What building an index takes of the heap at most, whatever the keys of the rows are.
    static long mostHeapBytes(List<DataType> types, long rows) {
        if (types.isEmpty()) {
            return 0;
        }
        return types.stream().allMatch(PackedKeys::canPack)
                ? Long.BYTES * rows + Math.max(Integer.BYTES * mostPlaces(rows), Numbers.mostHeapBytes(rows))
                : Bytes.HEAP_BYTES_PER_ROW * rows;
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
        private final PackedKeys packing;
        private final List<DataType> types;
        private final int[] first;

        private Direct(PackedKeys packing, List<DataType> types, long[] keys, int[] next, RunContext run) {
            this.packing = packing;
            this.types = types;
            this.first = new int[Math.toIntExact(packing.size())];
            int parts = parts(keys.length, run.tasks().parallelism());
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

        /// Places the rows whose key is in `[from, end)`.
        ///
        /// @param without whether also to mark the rows without a key
        private void place(long[] keys, int[] next, int from, int end, boolean without) {
            for (int behind = keys.length, begin; behind > 0; behind = begin) {
                begin = Cancellation.blockStart(behind);
                for (int row = behind - 1; row >= begin; row--) {
                    long key = keys[row];
                    if (key >= from && key < end) {
                        int at = (int) key;
                        next[row] = first[at];
                        first[at] = row;
                    } else if (without && key == PackedKeys.NONE) {
                        next[row] = NONE;
                    }
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

    /// Packed keys in hash tables with linear probing, a key's table chosen by the upper half of its hash. Keys of a
    /// small range are first looked for in a set of bits, which says at once of most keys that they are not there.
    final class Numbers implements JoinIndex {
        private static final long MOST_BITS = 1L << 26;

        private final PackedKeys packing;
        private final List<DataType> types;
        private final Table[] tables;
        private final long[] present;

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
            int parts = parts(rows, threads);
            return parts * Table.places(rows / parts) * (Long.BYTES + Integer.BYTES)
                    + (size <= MOST_BITS ? size / Byte.SIZE : 0);
        }

        /// Without the bits, of which there are few for many rows.
        private static long mostHeapBytes(long rows) {
            return 3 * rows * (Long.BYTES + Integer.BYTES);
        }

        private Numbers(PackedKeys packed, List<DataType> types, long[] keys, int[] next, RunContext run) {
            this.packing = packed;
            this.types = types;
            this.tables = new Table[parts(keys.length, run.tasks().parallelism())];
            this.present = packed.size() <= MOST_BITS ? new long[(int) (packed.size() >> 6) + 1] : new long[0];
            run.runTasks(tables.length + 1, part -> {
                if (part == tables.length) {
                    mark(keys, next);
                } else {
                    tables[part] = filled(part, keys, next);
                }
            });
        }

        private Table filled(int part, long[] keys, int[] next) {
            int count = 0;
            for (int from = 0, to; from < keys.length; from = to) {
                to = Cancellation.blockEnd(from, keys.length);
                for (int row = from; row < to; row++) {
                    count += keys[row] != PackedKeys.NONE && part(Hash.of(keys[row])) == part ? 1 : 0;
                }
            }
            Table table = Table.of(count);
            for (int behind = keys.length, begin; behind > 0; behind = begin) {
                begin = Cancellation.blockStart(behind);
                for (int row = behind - 1; row >= begin; row--) {
                    place(table, part, row, keys[row], next);
                }
            }
            return table;
        }

        /// Places a row whose key belongs to a part.
        private void place(Table table, int part, int row, long key, int[] next) {
            long hash = Hash.of(key);
            if (key != PackedKeys.NONE && part(hash) == part) {
                int at = table.place(hash, key);
                next[row] = table.keys[at] == PackedKeys.NONE ? NONE : table.first[at];
                table.keys[at] = key;
                table.first[at] = row;
            }
        }

        private int part(long hash) {
            return (int) ((hash >>> 32) * tables.length >>> 32);
        }

        private void mark(long[] keys, int[] next) {
            for (int from = 0, to; from < keys.length; from = to) {
                to = Cancellation.blockEnd(from, keys.length);
                for (int row = from; row < to; row++) {
                    if (keys[row] == PackedKeys.NONE) {
                        next[row] = NONE;
                    } else if (present.length > 0) {
                        present[(int) (keys[row] >> 6)] |= 1L << keys[row];
                    }
                }
            }
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
                            Table table = tables[part(hash)];
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
