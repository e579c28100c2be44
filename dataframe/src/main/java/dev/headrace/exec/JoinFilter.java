package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.types.DataType;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Which values of a key the held side of a join has: told when that side is complete, asked where the other side is
/// read. A set of bits over the range of the values; no filter at all if the range is too wide.
final class JoinFilter {
    private static final long MOST_BITS = 1L << 26;

    private final int buildKey;
    private volatile @Nullable Bits bits;

    /// @param buildKey the key's column on the held side
    JoinFilter(int buildKey) {
        this.buildKey = buildKey;
    }

    private record Bits(PackedKeys packing, long[] words) {}

    /// Nothing is known of the held side.
    void letAllPass() {
        bits = null;
    }

    /// Takes in the held side.
    void publish(Chunk rows) {
        bits = null;
        DataType type = rows.type(buildKey);
        if (!PackedKeys.canPack(type)) {
            return;
        }
        List<FieldVector> column = List.of(rows.column(buildKey));
        Optional<PackedKeys> packing = PackedKeys.of(column, List.of(type), rows.rowCount());
        if (packing.isEmpty() || packing.get().size() > MOST_BITS) {
            return;
        }
        long[] keys = new long[rows.rowCount()];
        packing.get().pack(column, List.of(type), rows.rowCount(), keys);
        long[] words = new long[(int) (packing.get().size() >> 6) + 1];
        for (int from = 0, to; from < keys.length; from = to) {
            to = Cancellation.blockEnd(from, keys.length);
            for (int i = from; i < to; i++) {
                if (keys[i] != PackedKeys.NONE) {
                    words[(int) (keys[i] >> 6)] |= 1L << keys[i];
                }
            }
        }
        bits = new Bits(packing.get(), words);
    }

    /// Leaves out rows whose key the held side does not have.
    ///
    /// @param column the key's column on this side
    Operator operator(int column, BufferAllocator allocator) {
        return new Filtering(column, allocator);
    }

    private final class Filtering implements Operator {
        /// After so many rows of which more than three quarters passed, the test is given up.
        private static final int TRIED_ROWS = 64 * 1024;

        private final int column;
        private final BufferAllocator allocator;
        private long[] keys = new long[0];
        private int[] kept = new int[0];
        private long seen;
        private long passed;

        Filtering(int column, BufferAllocator allocator) {
            this.column = column;
            this.allocator = allocator;
        }

        @Override
        public void process(Chunk input, Output out) {
            Bits set = bits;
            int rows = input.rowCount();
            if (set == null || seen > TRIED_ROWS && passed > seen / 4 * 3) {
                out.accept(input.slice(0, rows));
                return;
            }
            if (keys.length < rows) {
                keys = new long[rows];
                kept = new int[rows];
            }
            set.packing().pack(List.of(input.column(column)), List.of(input.type(column)), rows, keys);
            int count = 0;
            long[] words = set.words();
            for (int i = 0; i < rows; i++) {
                long key = keys[i];
                kept[count] = i;
                if (key != PackedKeys.NONE && (words[(int) (key >> 6)] >>> key & 1) != 0) {
                    count++;
                }
            }
            seen += rows;
            passed += count;
            if (count == rows) {
                out.accept(input.slice(0, rows));
            } else if (count > 0) {
                out.accept(Columns.gather(input, kept, 0, count, allocator));
            }
        }
    }
}
