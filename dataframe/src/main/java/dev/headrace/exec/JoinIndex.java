package dev.headrace.exec;

import dev.headrace.chunk.Hash;
import dev.headrace.types.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// Finds the first build row with a key. Immutable once built, read by many threads.
interface JoinIndex extends AutoCloseable {
    /// In place of a row: none.
    int NONE = -1;

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
    /// @param next gets for each row the next one with the same key, or [#NONE]
    static JoinIndex build(
            List<FieldVector> columns, List<DataType> types, int rows, int[] next, BufferAllocator allocator) {
        if (!types.isEmpty() && types.stream().allMatch(PackedKeys::canPack)) {
            Optional<PackedKeys> packed = PackedKeys.of(columns, types, rows);
            if (packed.isPresent()) {
                long[] keys = new long[rows];
                packed.get().pack(columns, types, rows, keys);
                return packed.get().size() <= Math.max(1L << 16, Math.min(16L * rows, Math.max(1L << 24, 4L * rows)))
                        ? new Direct(packed.get(), types, keys, next)
                        : new Numbers(packed.get(), types, keys, next);
            }
        }
        return new Bytes(columns, types, rows, next, allocator);
    }

    /// Packed keys that are close to each other: an array with a place for each possible key.
    final class Direct implements JoinIndex {
        private final PackedKeys packing;
        private final List<DataType> types;
        private final int[] first;

        private Direct(PackedKeys packing, List<DataType> types, long[] keys, int[] next) {
            this.packing = packing;
            this.types = types;
            this.first = new int[Math.toIntExact(packing.size())];
            Arrays.fill(first, NONE);
            for (int row = keys.length - 1; row >= 0; row--) {
                if (keys[row] == PackedKeys.NONE) {
                    next[row] = NONE;
                } else {
                    int at = (int) keys[row];
                    next[row] = first[at];
                    first[at] = row;
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

    /// Packed keys in a hash table with linear probing. Keys of a small range are first looked for in a set of bits,
    /// which says at once of most keys that they are not there.
    final class Numbers implements JoinIndex {
        private static final long MOST_BITS = 1L << 26;

        private final PackedKeys packing;
        private final List<DataType> types;
        private final long[] table;
        private final int[] first;
        private final int mask;
        private final long[] present;

        private Numbers(PackedKeys packed, List<DataType> types, long[] keys, int[] next) {
            this.packing = packed;
            this.types = types;
            int capacity = Integer.highestOneBit(Math.max(16, keys.length)) * 2;
            if (capacity < keys.length + keys.length / 2) {
                capacity *= 2;
            }
            this.mask = capacity - 1;
            this.table = new long[capacity];
            this.first = new int[capacity];
            this.present = packed.size() <= MOST_BITS ? new long[(int) (packed.size() >> 6) + 1] : new long[0];
            Arrays.fill(table, PackedKeys.NONE);
            for (int row = keys.length - 1; row >= 0; row--) {
                next[row] = NONE;
                if (keys[row] != PackedKeys.NONE) {
                    int at = place(keys[row]);
                    next[row] = table[at] == PackedKeys.NONE ? NONE : first[at];
                    table[at] = keys[row];
                    first[at] = row;
                    if (present.length > 0) {
                        present[(int) (keys[row] >> 6)] |= 1L << keys[row];
                    }
                }
            }
        }

        private int place(long key) {
            int at = (int) Hash.of(key) & mask;
            while (table[at] != key && table[at] != PackedKeys.NONE) {
                at = at + 1 & mask;
            }
            return at;
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
                            int at = place(key);
                            out[i] = table[at] == key ? first[at] : NONE;
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
        private final KeyTable keys;
        private final int[] first;

        private Bytes(
                List<FieldVector> columns, List<DataType> types, int rows, int[] next, BufferAllocator allocator) {
            this.keys = new KeyTable(new dev.headrace.chunk.RowLayout(types), allocator);
            int[] slots = new int[rows];
            keys.assign(columns, rows, slots);
            this.first = new int[keys.slotCount()];
            Arrays.fill(first, NONE);
            for (int row = rows - 1; row >= 0; row--) {
                next[row] = NONE;
                if (!anyNull(columns, row)) {
                    next[row] = first[slots[row]];
                    first[slots[row]] = row;
                }
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
